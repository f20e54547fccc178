"""Taking a backup of a system that goes on working."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from lianxin.kernel import timezone
from lianxin.kernel.cli_messages import Refusal, cause_of
from lianxin.kernel.crypto import keyed_hash
from lianxin.kernel.files.storage import open_stored, stored_keys, stored_status
from lianxin.operations.queries.backups import LAST_BACKUP, MissingFile, files_known
from lianxin.operations.services import archive
from lianxin.operations.services.encryption import encrypted_into
from lianxin.operations.services.postgres import dumping

KEYS = ("LIANXIN_SEAL_KEY", "SECRET_KEY")
"""The settings without which nobody opens a restored system's names, receipts, sign-in codes and sessions."""

LEFT_OUT = (
    *("django_session", "accounts_signin", "accounts_activationcode", "accounts_setupcode", "kernel_throttle"),
    *("accounts_coderequest", "notifications_readmark", "notifications_letter"),
)
"""Tables whose rows are in no backup: sessions, one-time codes and limits of that time are none of a later one."""

Advance = Callable[[int], object]
"""Called with the number of bytes that were done since."""

_TABLES = """
SELECT c.relname, pg_table_size(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""


@dataclass(frozen=True)
class Backup:
    """What was written."""

    rows: int
    files: int
    bytes: int
    missing: tuple[MissingFile, ...] = ()
    """Files of which the database knows, and that are gone from the store."""


def back_up(
    target: Path, *, passphrase: str | None = None, with_keys: bool = True, begin: Callable[[int], Advance]
) -> Backup:
    """Write database, files and keys as of this moment into one archive, which appears only when it is complete.

    Whatever was acknowledged before is in it; `LEFT_OUT` is not. Runs as the role that owns the tables.

    Args:
        target: a new file.
        passphrase: encrypts the archive.
        with_keys: False where the keys are kept elsewhere, and put back by hand before restoring.
        begin: called once with the number of bytes to come, roughly; gives what to call as they are done.

    Raises:
        Refusal: the file exists, cannot be written (a full disk), or the database cannot be dumped.
    """
    if target.exists():
        raise Refusal(f"{target} 已存在，不会覆盖。", f"{target} exists and is not overwritten.")
    try:
        with (
            _appearing(target) as file,
            encrypted_into(file, passphrase) if passphrase else nullcontext(file) as out,
        ):
            done = _write_all(archive.Writer(out), begin, with_keys=with_keys)
    except OSError as error:
        zh, en = cause_of(error)
        raise Refusal(
            f"写不了 {target}：{zh}。没有留下不完整的备份。",
            f"Cannot write {target}: {en}. Nothing incomplete was left.",
        ) from error
    size = target.stat().st_size
    _remember(target, size)
    return Backup(rows=done.rows, files=done.files, bytes=size, missing=tuple(done.missing))


@contextmanager
def _appearing(target: Path) -> Iterator[BinaryIO]:
    """A file under another name that gets its own once all of it is on the disk."""
    partial = target.with_name(f"{target.name}.partial")
    with os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(f"另一个备份正在写 {target}。", f"Another backup is writing {target}.") from None
        try:
            file.truncate()  # of one that was killed
            os.fchmod(file.fileno(), 0o600)
            yield file
            file.flush()
            os.fsync(file.fileno())
            partial.rename(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


class _Written(NamedTuple):
    rows: int
    files: int
    missing: list[MissingFile]


def _write_all(writer: archive.Writer, begin: Callable[[int], Advance], *, with_keys: bool) -> _Written:
    with own_connection() as database:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        database.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        (snapshot,) = database.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        sizes = {str(name): int(size) for name, size in database.execute(_TABLES)}
        # Listed after the snapshot: a file is stored before its row, so no row of the snapshot lacks its file.
        advance = begin(sum(sizes.values()) + sum(stored_status(key).st_size for key in _present_keys()))
        manifest = _manifest(database, list(sizes))
        writer.add("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        if with_keys:
            writer.add("keys.json", json.dumps({name: getattr(settings, name) for name in KEYS}).encode())
        known = files_known(database)
        begins = lambda table: advance(sizes.get(table, 0))  # noqa: E731 - short
        with dumping(database, snapshot, begins, without_rows=LEFT_OUT) as dump:
            for number, piece in enumerate(iter(lambda: dump.read(archive.PIECE), b"")):
                writer.add(f"database/{number:06d}", piece)
    files = 0
    for key in stored_keys():
        # What vanishes meanwhile belonged to nobody: rows are never deleted, only leftovers are.
        with suppress(FileNotFoundError), open_stored(key) as file:
            content = file.read()
            writer.add(f"uploads/{key}", content, os.fstat(file.fileno()).st_mtime)
            advance(len(content))
            files += 1
            known.pop(key, None)
    writer.finish()
    missing = [MissingFile(key, number) for key, number in sorted(known.items(), key=lambda item: item[::-1])]
    return _Written(sum(manifest["rows"].values()), files, missing)


def _present_keys() -> Iterator[str]:
    for key in stored_keys():
        with suppress(FileNotFoundError):
            stored_status(key)
            yield key


def own_connection() -> psycopg.Connection:
    """Another connection to Django's database, of which it knows nothing; with a transaction begun."""
    connection.ensure_connection()
    info = connection.connection.info
    return psycopg.connect(info.dsn, password=info.password)


def _manifest(database: psycopg.Connection, tables: list[str]) -> dict[str, Any]:
    migrations: dict[str, list[str]] = {}
    for app, name in database.execute("SELECT app, name FROM django_migrations ORDER BY app, name"):
        migrations.setdefault(app, []).append(name)
    return {
        "program": "lianxin",
        "format": archive.FORMAT,
        "version": version("lianxin"),
        "created": timezone.now().isoformat(timespec="seconds"),
        "postgresql": database.info.server_version // 10000,
        "key_check": key_check(),
        "migrations": migrations,
        "rows": {table: 0 if table in LEFT_OUT else count(database, table) for table in tables},
    }


def key_check() -> str:
    """Tells whether a system has the key that a backup was made with, and nothing about the key."""
    return keyed_hash("backup", "which key").hex()


def count(database: psycopg.Connection, table: str) -> int:
    row = database.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def _remember(target: Path, size: int) -> None:
    """Note the time for `lianxin doctor` and the metrics."""
    told = json.dumps({"at": timezone.now().isoformat(timespec="seconds"), "file": str(target), "bytes": size})
    with suppress(OSError):
        (Path(settings.DATA_DIR) / LAST_BACKUP).write_text(told, encoding="utf-8")
