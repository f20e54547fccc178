"""The `lianxin` command: `lianxin serve`, or any management command with its database at hand."""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import NoReturn

from lianxin.config import supervisor
from lianxin.config.database import database_address, joined, migration_lock, refuse_half_restored
from lianxin.config.processes import loading
from lianxin.kernel.keys import refuse_other_keys
from lianxin.kernel.postgres import PostgresUnavailable
from lianxin.kernel.secrets import NONE_NEW
from lianxin.kernel.terminal import Refusal, say

OWNER_COMMANDS = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations", "backup", "restore"}
"""What works as the role that owns the tables; everything else as the application's, which can create nothing."""

OFFLINE_COMMANDS = {
    "help", "version", "check", "collectstatic", "findstatic", "messages", "describe_process", "diffsettings",
    "startapp", "startproject", "group", "evaluate_categories",
}  # fmt: skip
"""What needs no database."""

MENDING_COMMANDS = {"restore", "doctor", "accept_keys"}
"""What works on a system that a killed restore has left, or whose keys are not those of the database."""

INTERRUPTED = 130
TERMINATED = 128 + signal.SIGTERM


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; what was foreseeable is told without a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        data_dir = take_data_dir(words)
        os.environ["LIANXIN_DATA_DIR"] = str(data_dir)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
        if words[:1] == ["serve"]:
            return supervisor.serve_command(words[1:], data_dir)
        return manage(words or ["help"], data_dir)
    except Refusal as error:
        say(str(error), str(error), error=True)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def take_data_dir(words: list[str]) -> Path:
    """Take `--data-dir DIR` out of the words, wherever it stands; else `LIANXIN_DATA_DIR`; else `./data`."""
    chosen = os.environ.get("LIANXIN_DATA_DIR") or "data"
    for index, word in enumerate(words):
        if word == "--":
            break
        if word.startswith("--data-dir="):
            chosen = word.partition("=")[2]
            del words[index]
            break
        if word == "--data-dir" and index + 1 < len(words):
            chosen = words[index + 1]
            del words[index : index + 2]
            break
    return Path(chosen).expanduser().resolve()


def manage(words: Sequence[str], data_dir: Path) -> int:
    """Run a management command; in its name, `-` may stand for `_`."""
    import django  # noqa: PLC0415 - half a second that `serve` saves
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    name = words[0] if words[0].startswith("-") else words[0].replace("-", "_")
    offline = name.startswith("-") or name in OFFLINE_COMMANDS or "--help" in words or "-h" in words
    if words in (["help"], ["--help"], ["-h"]):
        say("lianxin serve [--help]：启动整个系统", "lianxin serve [--help]: start the whole system")
    if name in OWNER_COMMANDS:
        os.environ.setdefault("LIANXIN_DB_ROLE", "owner")
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with (
            nullcontext() if offline else _database(name, data_dir),
            migration_lock(os.environ) if name == "migrate" and not offline else nullcontext(),
        ):
            if not offline and name not in MENDING_COMMANDS:
                refuse_half_restored(os.environ)
                refuse_other_keys(database_address(os.environ), data_dir)
            if name == "doctor":
                os.environ[NONE_NEW] = "1"
            with loading():
                django.setup()
            execute_from_command_line(["lianxin", name, *words[1:]])
    finally:
        # All is in order now; while Python itself ends, nobody would catch what `_terminate` raises.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return 0


@contextmanager
def _database(command: str, data_dir: Path) -> Iterator[None]:
    """Have the database at hand; who asks what is wrong is answered without it as well."""
    with ExitStack() as stack:
        try:
            stack.enter_context(joined(os.environ, data_dir))
        except PostgresUnavailable as error:
            if command != "doctor":
                raise
            say(str(error), str(error), error=True)
        yield


def knows(command: str) -> bool:
    """Whether one of the installed apps brings that management command."""
    import django  # noqa: PLC0415
    from django.core.management import get_commands  # noqa: PLC0415

    with loading():
        django.setup()
    return command in get_commands()


def _terminate(*_: object) -> NoReturn:
    """Leave in order, so that the last one to go stops the embedded database."""
    sys.exit(TERMINATED)


if __name__ == "__main__":
    sys.exit(main())
