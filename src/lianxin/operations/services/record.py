"""The record in a database, a dump or an archive, to be verified."""

import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from lianxin.kernel.cli_messages import Refusal, cause_of
from lianxin.kernel.postgres.binaries import clean_environment
from lianxin.ledger.dumps import TABLES, Table, tables_in
from lianxin.ledger.verification import Opening
from lianxin.operations.services.postgres import programs
from lianxin.operations.services.verify import Source

_CUSTOM, _PLAIN = b"PGDMP", b"--\n--"


def record_in(path: Path, passphrase: str | None = None) -> Opening:
    """Opens the tables of the record in an archive of ours, or in a dump by `pg_dump` (plain or custom format).

    Raises:
        Refusal: the file cannot be read, or is none of these.
    """

    @contextmanager
    def opened() -> Iterator[Iterator[Table]]:
        try:
            with path.open("rb") as file:
                start = file.read(len(_CUSTOM))
                file.seek(0)
                if start == _PLAIN:
                    yield tables_in(file)
                    return
                whole = iter(lambda: file.read(1 << 20), b"")
                with _script_of(whole if start == _CUSTOM else _dump_in(path, passphrase)) as script:
                    yield tables_in(script)
        except OSError as error:
            zh, en = cause_of(error)
            raise Refusal(f"读不了 {path}：{zh}。", f"Cannot read {path}: {en}.") from error

    return opened


def _dump_in(path: Path, passphrase: str | None) -> Iterator[bytes]:
    """The pieces of the dump in an archive; the files behind it are not read."""
    for member in Source(path, passphrase).members(lambda _total: lambda _done: None):
        if member.kind == "database":
            yield member.content
        elif member.kind == "upload":
            return


@contextmanager
def _script_of(pieces: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """The rows of the record in a dump in the custom format, as text; needs no server.

    Raises:
        Refusal: the dump cannot be read.
    """
    if not programs():
        raise Refusal("这台机器上没有 pg_restore。", "There is no pg_restore on this machine.")
    only = [f"--table=ledger_{name}" for name in TABLES]
    process = subprocess.Popen(  # noqa: S603 - PostgreSQL's program
        [programs()[-1].folder / "pg_restore", "--data-only", *only, "--file=-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    refused: list[Refusal] = []
    feeder = threading.Thread(target=_feed, args=[process.stdin, pieces, refused], daemon=True)
    feeder.start()
    try:
        if process.stdout is None or process.stderr is None:
            raise ValueError("no pipe was asked for")
        yield process.stdout
        process.stdout.read()
        feeder.join()
        if refused:
            raise refused[0]
        if process.wait() != 0:
            why = process.stderr.read().decode(errors="replace").strip().partition("\n")[0]
            raise Refusal(f"读不了这个数据库备份：{why}", f"This dump cannot be read: {why}")
    finally:
        process.kill()
        process.wait()
        feeder.join()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def _feed(into: IO[bytes], pieces: Iterable[bytes], refused: list[Refusal]) -> None:
    try:
        for piece in pieces:
            into.write(piece)
    except Refusal as refusal:
        refused.append(refusal)
    except (BrokenPipeError, ValueError):
        pass  # nobody reads on; what was wrong says the program itself
    finally:
        with suppress(OSError):
            into.close()
