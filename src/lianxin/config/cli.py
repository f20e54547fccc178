"""The `lianxin` command: `lianxin serve`, or any management command with its database at hand."""

import errno
import os
import pwd
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NoReturn

import psycopg

from lianxin.config import supervisor
from lianxin.config.database import (
    database_address,
    joined,
    migration_lock,
    refuse_half_restored,
    refuse_no_system,
    refuse_no_tables,
)
from lianxin.config.operator_commands import print_operator_commands
from lianxin.kernel.cli_messages import Refusal, cause_of, in_terminal_language, say
from lianxin.kernel.keys import refuse_other_keys
from lianxin.kernel.postgres import PostgresUnavailable
from lianxin.kernel.secrets import NONE_NEW

OWNER_COMMANDS = {
    "migrate",
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
    "backup",
    "restore",
    "erase_event",
}
"""What works as the role that owns the tables; everything else as the application's, which can create nothing."""

OFFLINE_COMMANDS = {
    "help", "version", "check", "collectstatic", "findstatic", "messages", "describe_process", "diffsettings",
    "startapp", "startproject", "group", "evaluate_categories",
}  # fmt: skip
"""What needs no database."""

OF_A_FILE = {"restore": {"--check"}, "verify_record": {"--file", "--proof"}}
"""With these words a command looks at a file alone."""

PREPARING_COMMANDS = OWNER_COMMANDS - {"backup", "erase_event"}
"""What may meet a database without tables, and makes them or looks at what is missing."""

MENDING_COMMANDS = {"restore", "doctor", "accept_keys"}
"""What works on a system that a killed restore has left, or whose keys are not those of the database."""

SKIP_CHECKS = "--skip-checks"
"""With it `serve` starts its parts, having looked at everything itself."""

_OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE}
"""A full, read-only or broken disk, and no more files to be opened."""

INTERRUPTED = 130
TERMINATED = 128 + signal.SIGTERM


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; what was foreseeable is told without a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        live_at_home()
        data_dir = take_data_dir(words)
        os.environ["LIANXIN_DATA_DIR"] = str(data_dir)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianxin.config.settings")
        if words[:1] == ["serve"]:
            return supervisor.serve_command(words[1:], data_dir)
        return manage(words or ["help"], data_dir)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        told = explained(error)
        if told is None:
            raise
        say(told, told, error=True)
        return 1


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
    offline = offline or bool(OF_A_FILE.get(name, set()) & {word.partition("=")[0] for word in words})
    prepares = offline or name in PREPARING_COMMANDS
    if words in (["help"], ["--help"], ["-h"]):
        print_operator_commands()
    if name in OWNER_COMMANDS:
        os.environ.setdefault("LIANXIN_DB_ROLE", "owner")
    if not prepares:
        refuse_no_system(os.environ, data_dir)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        with (
            nullcontext() if offline else _database(name, data_dir),
            migration_lock(os.environ) if name == "migrate" and not offline else nullcontext(),
        ):
            if not offline and name not in MENDING_COMMANDS:
                refuse_half_restored(os.environ)
                refuse_other_keys(database_address(os.environ), data_dir)
            if not prepares and name not in MENDING_COMMANDS - {"accept_keys"}:
                refuse_no_tables(os.environ)
            if name == "doctor" or offline:
                os.environ[NONE_NEW] = "1"
            django.setup()
            if not prepares and name not in MENDING_COMMANDS and SKIP_CHECKS not in words:
                _refuse_old_tables()
            execute_from_command_line(["lianxin", name, *words[1:]])
    finally:
        # All is in order now; while Python itself ends, nobody would catch what `_terminate` raises.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return 0


def live_at_home() -> None:
    """Let HOME be our own account's folder where it is another's, as after `setpriv` or `runuser` by root.

    libpq looks there for certificates, and calls a healthy database unreachable when it may not.
    """
    home = os.environ.get("HOME")
    if home and not os.access(home, os.R_OK | os.X_OK):
        with suppress(KeyError):
            os.environ["HOME"] = pwd.getpwuid(os.geteuid()).pw_dir


def _refuse_old_tables() -> None:
    """See that the database is as new as the program. `serve` sees to that itself, and starts its parts without.

    Raises:
        Refusal: it is not.
    """
    from lianxin.kernel.pending_migrations import missing_migrations  # noqa: PLC0415 - needs Django

    if missing := missing_migrations():
        raise Refusal(
            f"数据库还有 {len(missing)} 个升级步骤没有执行。请先执行 lianxin migrate，或重启 lianxin serve。",
            f"{len(missing)} migrations have not been applied to the database. Run `lianxin migrate` first, or restart "
            "`lianxin serve`.",
        )


def explained(error: Exception) -> str | None:
    """What somebody at a terminal is told of a foreseeable error, in their language; None of a fault of ours."""
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - half a second that `serve` saves

    said = " ".join(str(error).split())
    causes = (error, error.__cause__)  # Django's errors have those of the driver as their cause
    if isinstance(error, Refusal | ImproperlyConfigured):
        return str(error)
    if any(isinstance(each, psycopg.OperationalError) for each in causes):
        return in_terminal_language(
            f"连不上数据库：{said}。请检查 DATABASE_URL、网络和数据库服务；lianxin doctor 会说明哪里有问题。",
            f"Cannot reach the database: {said}. Check DATABASE_URL, network and service; `lianxin doctor` says what "
            "is wrong.",
        )
    if any(isinstance(each, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn) for each in causes):
        return in_terminal_language(
            "数据库的结构和程序不一致。请执行 lianxin migrate，或重启 lianxin serve。",
            "The tables of the database do not fit this program. Run `lianxin migrate`, or restart `lianxin serve`.",
        )
    if any(isinstance(each, psycopg.errors.InsufficientPrivilege) for each in causes):
        return in_terminal_language(
            f"数据库用户没有这个权限：{said}。请检查 DATABASE_URL 和 DATABASE_OWNER_URL 里的用户，"
            "再执行 lianxin migrate。",
            f"The database refuses this to its user: {said}. Check the users in DATABASE_URL and DATABASE_OWNER_URL, "
            "then run `lianxin migrate`.",
        )
    if isinstance(error, PermissionError):
        return in_terminal_language(
            f"没有权限：{error.filename}。请用数据目录所属的用户执行，例如 runuser -u lianxin -- lianxin …",
            f"No permission for {error.filename}. Run this as the user to whom the data directory belongs, for example "
            "runuser -u lianxin -- lianxin …",
        )
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        return f"{error.filename or ''} {in_terminal_language(*cause_of(error))}".strip()
    return None


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

    django.setup()
    return command in get_commands()


def _terminate(*_: object) -> NoReturn:
    """Leave in order, so that the last one to go stops the embedded database."""
    sys.exit(TERMINATED)


if __name__ == "__main__":
    sys.exit(main())
