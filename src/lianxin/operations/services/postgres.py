"""PostgreSQL's own programs for dumping and reading dumps, and what we ask the database beside them."""

import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, NamedTuple

import psycopg
from psycopg.conninfo import make_conninfo

from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.postgres import PostgresUnavailable
from lianxin.kernel.postgres.binaries import clean_environment, find_binaries

_DEBIAN = Path("/usr/lib/postgresql")
_COPY = re.compile(rb"COPY .* FROM stdin;\n")
_KNOWN_TO_ALL = {
    *("host", "hostaddr", "port", "user", "dbname", "connect_timeout", "target_session_attrs"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "gssencmode", "krbsrvname", "channel_binding"),
}
_BLOCK = 256 * 1024  # bytes of rows handed over at a time
_CLIENT_ONLY = (b"\\restrict ", b"\\unrestrict ")
"""What `psql` would obey and the server would not understand."""
_TIMEOUT_SINCE = 170000  # a dump made by newer programs sets `transaction_timeout`, which older servers do not know


class Programs(NamedTuple):
    major: int
    folder: Path


@cache
def programs() -> tuple[Programs, ...]:
    """The installed versions of `pg_dump` and `pg_restore`, the oldest first; our own wheel's before others."""
    folders = sorted(_DEBIAN.glob("*/bin"))
    if found := shutil.which("pg_dump"):
        folders.append(Path(found).parent)
    with suppress(PostgresUnavailable):
        folders.insert(0, find_binaries())
    known: dict[int, Path] = {}
    for folder in folders:
        if (folder / "pg_dump").exists() and (folder / "pg_restore").exists():
            told = subprocess.run(  # noqa: S603 - PostgreSQL's program
                [folder / "pg_dump", "--version"], capture_output=True, text=True, check=False, env=clean_environment()
            ).stdout
            if version := re.search(r"\(PostgreSQL\) (\d+)", told):
                known.setdefault(int(version[1]), folder)
    return tuple(sorted(Programs(major, folder) for major, folder in known.items()))


def for_dumping(server_major: int, *, encrypted: bool) -> Path:
    """The folder with a `pg_dump` that understands the server: the oldest that is not older than it.

    Args:
        server_major: the server's major version.
        encrypted: the connection must use TLS, which the programs of our wheel cannot.

    Raises:
        Refusal: there is none.
    """
    own = None
    with suppress(PostgresUnavailable):
        own = find_binaries()
    for major, folder in programs():
        if major >= server_major and not (encrypted and folder == own):
            return folder
    have = ", ".join(str(major) for major, _ in programs()) or "–"
    raise Refusal(
        f"数据库是 PostgreSQL {server_major}，这台机器上的 pg_dump 是 {have}，导不出来"
        f"{'（内置的 pg_dump 不会 TLS）' if encrypted else ''}。请安装 postgresql-client-{server_major}。",
        f"The database is PostgreSQL {server_major}, and the pg_dump of this machine ({have}) cannot dump it"
        f"{' (our own one does not speak TLS)' if encrypted else ''}. Install postgresql-client-{server_major}.",
    )


@contextmanager
def dumping(
    database: psycopg.Connection, snapshot: str, begins: Callable[[str], object], *, without_rows: Collection[str] = ()
) -> Iterator[IO[bytes]]:
    """Dump schema `public` as that snapshot sees it; yields the dump to read, in the custom format.

    Args:
        database: a connection to it.
        snapshot: the name of an exported snapshot that is kept open meanwhile.
        without_rows: tables of which only the shape is dumped.
        begins: called from another thread with the name of each table whose rows come next.

    Raises:
        Refusal: there is no fitting program, or it did not succeed.
    """
    info = database.info
    encrypted = info.get_parameters().get("sslmode", "") in {"require", "verify-ca", "verify-full"}
    folder = for_dumping(info.server_version // 10000, encrypted=encrypted)
    words = ["--format=custom", "--compress=1", "--schema=public", "--no-owner", "--no-acl", "--verbose"]
    words += [f"--exclude-table-data=public.{table}" for table in without_rows]
    # The password is in the environment alone: a command line can be read by everybody on the machine.
    process = subprocess.Popen(  # noqa: S603 - PostgreSQL's program
        [folder / "pg_dump", *words, f"--snapshot={snapshot}", f"--dbname={_address(info)}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**clean_environment(), "HOME": str(Path.home()), "PGPASSWORD": info.password},
    )
    trouble: list[str] = []
    listener = threading.Thread(target=_listen, args=[process.stderr, begins, trouble], daemon=True)
    listener.start()
    try:
        yield _pipe(process.stdout)
        listener.join()
        if process.wait() != 0:
            why = " ".join(trouble[-3:])
            raise Refusal(f"pg_dump 没有成功：{why}", f"pg_dump did not succeed: {why}")
    finally:
        _end(process)


def _address(info: psycopg.ConnectionInfo) -> str:
    """Where the database is, in words that older programs know as well."""
    return make_conninfo(**{name: value for name, value in info.get_parameters().items() if name in _KNOWN_TO_ALL})


def _listen(lines: IO[bytes], begins: Callable[[str], object], trouble: list[str]) -> None:
    for line in lines:
        told = line.decode(errors="replace").strip().removeprefix("pg_dump: ")
        if found := re.fullmatch(r'dumping contents of table "public\.(\w+)"', told):
            begins(found[1])
        elif "error" in told.lower():
            trouble.append(told)


class Loading:
    """Plays a dump into a database, inside the transaction of its connection: `write` its pieces, then `finish`.

    The dump is turned into statements by `pg_restore`, which needs no connection for that; we send them ourselves, so
    that all is one transaction together with what comes before and after, and so that TLS works.

    Raises:
        Refusal: from `write` and `finish`, when the dump cannot be read or the database refuses it.
    """

    def __init__(self, database: psycopg.Connection) -> None:
        if not programs():
            raise Refusal("这台机器上没有 pg_restore。", "There is no pg_restore on this machine.")
        self._database = database
        self._process = subprocess.Popen(  # noqa: S603 - PostgreSQL's program
            [programs()[-1].folder / "pg_restore", "--no-owner", "--no-acl", "--schema=public", "--file=-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=clean_environment(),
        )
        self._error: psycopg.Error | None = None
        self._player = threading.Thread(target=self._play, daemon=True)
        self._player.start()

    def write(self, piece: bytes) -> None:
        try:
            _pipe(self._process.stdin).write(piece)
        except BrokenPipeError:
            self.finish()

    def finish(self) -> None:
        with suppress(BrokenPipeError):
            _pipe(self._process.stdin).close()
        self._player.join()
        told = _pipe(self._process.stderr).read().decode(errors="replace").strip()
        if self._error:
            raise _unloadable(str(self._error).partition("\n")[0])
        if self._process.wait() != 0:
            raise _unloadable(told.splitlines()[-1] if told else "pg_restore")

    def end(self) -> None:
        """Leave nothing running, whatever happened."""
        _end(self._process)
        self._player.join()

    def _play(self) -> None:
        try:
            self._send(_pipe(self._process.stdout))
        except psycopg.Error as error:
            self._error = error
            self._process.kill()  # so that whoever writes to it notices

    def _send(self, script: IO[bytes]) -> None:
        newer = self._database.info.server_version >= _TIMEOUT_SINCE
        waiting: list[bytes] = []
        for line in script:
            if _COPY.fullmatch(line):
                self._execute(waiting)
                _copy(self._database, line, script)
            elif not line.startswith(_CLIENT_ONLY) and (newer or b"SET transaction_timeout" not in line):
                waiting.append(line)
        self._execute(waiting)

    def _execute(self, lines: list[bytes]) -> None:
        self._database.execute(b"".join(lines), prepare=False)
        lines.clear()


def _copy(database: psycopg.Connection, statement: bytes, script: IO[bytes]) -> None:
    with database.cursor().copy(statement.rstrip(b";\n")) as rows:
        block: list[bytes] = []
        size = 0
        for line in script:
            if line == b"\\.\n":  # a row that holds a backslash has it doubled
                break
            block.append(line)
            size += len(line)
            if size > _BLOCK:
                rows.write(b"".join(block))
                block, size = [], 0
        rows.write(b"".join(block))


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A stream that was asked for as a pipe."""
    if stream is None:
        raise ValueError("no pipe was asked for")
    return stream


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        with suppress(OSError):
            if stream:
                stream.close()


def _unloadable(why: str) -> Refusal:
    return Refusal(f"备份中的数据库装不进去：{why}", f"The database in the backup cannot be loaded: {why}")
