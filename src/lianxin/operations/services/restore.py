"""Putting a backup into an empty system: whole, or not at all.

A restore that is killed leaves its mark in the database; until it is repeated nothing serves that system.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from lianxin.kernel import secrets, spool
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.files.storage import put_back, stored_keys
from lianxin.ledger.enums import Beginning
from lianxin.ledger.services import begin_anew
from lianxin.notifications.services import hold_channels
from lianxin.operations.queries.backups import MARK, is_half_restored
from lianxin.operations.services.archive import damaged
from lianxin.operations.services.backup import LEFT_OUT, Advance, count, key_check, own_connection
from lianxin.operations.services.postgres import Loading
from lianxin.operations.services.verify import Checked, Source, check

_GIVEN_AS = {"LIANXIN_SEAL_KEY": "LIANXIN_SEAL_KEY", "SECRET_KEY": "LIANXIN_SECRET_KEY"}
"""Under which name the environment or the data directory gives each key."""

_FINGERPRINTS = "kernel_keyfingerprint"
"""Of keys that have been compared already; `migrate` notes those that are used from now on."""

_WITNESSES = ("accounts_user", "ledger_event", "org_unit", "org_person", "cases_case")
"""Tables that are empty only in a system that nobody has begun to use."""

_WIPE = """
DO $$ DECLARE found record; BEGIN
    FOR found IN
        SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind, c.relname AS name
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i', 'a'))
    LOOP EXECUTE format('DROP %s IF EXISTS public.%I CASCADE', found.kind, found.name); END LOOP;
    FOR found IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', found.name); END LOOP;
    FOR found IN
        SELECT t.oid::regtype AS name FROM pg_type t WHERE t.typnamespace = 'public'::regnamespace
        AND (t.typtype IN ('e', 'd') OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', found.name); END LOOP;
END $$
"""


def restore(
    path: Path, *, passphrase: str | None = None, keys_are_lost: bool = False, begin: Callable[[int], Advance]
) -> Checked:
    """Restore an archive into this empty system, and bring it up to this version of the program.

    Everything is checked before anything is touched. Runs as the role that owns the tables, in a system that is not
    being served. Nobody stays signed in, no one-time code works any more, and nothing goes out to anybody until an
    administrator switches mail on.

    Args:
        path: the archive.
        passphrase: opens it, if it is encrypted.
        keys_are_lost: restore although nobody has the key of confidential names and receipts any more.
        begin: called for each of the two readings with the number of bytes to come; gives what to call meanwhile.

    Raises:
        Refusal: the archive is not whole, not ours or newer; the system is in use or not empty; a key is missing.
    """
    checked = check(path, passphrase=passphrase, begin=begin)
    with _alone():
        _require_empty()
        _require_keys(checked, keys_are_lost=keys_are_lost)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {MARK}")
        try:
            _empty_uploads()  # of a restore that was killed
            with own_connection() as database:
                _load(Source(path, passphrase), checked, database, begin)
                _put_keys(checked)
        except BaseException:
            _empty_uploads()
            _unmark()
            raise
        call_command("migrate", verbosity=0, interactive=False)  # grants what the application may do, notes the keys
        if keys_are_lost:
            spool.forget_foreign()
        begin_anew(Beginning.RESTORED)
        hold_channels()  # whether this is the system itself or a rehearsal only its administrator knows
        _unmark()
    return checked


@contextmanager
def _alone() -> Iterator[None]:
    """See that nothing serves this system, here or elsewhere, and that nothing begins to."""
    with (Path(settings.DATA_DIR) / "serve.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                "这个系统正在运行，请先停下 lianxin serve。", "This system is running; stop `lianxin serve` first."
            ) from None
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND usename IS NOT NULL"  # the server's own processes have no name
            )
            if others := cursor.fetchone()[0]:
                raise Refusal(
                    f"还有 {others} 个程序连着这个数据库，请先停下它们。",
                    f"{others} other programs are connected to this database; stop them first.",
                )
        yield


def _require_empty() -> None:
    if is_half_restored():
        return
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in set(_WITNESSES).intersection(tables):
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608 - one of our own
            if cursor.fetchone()[0]:
                raise _not_empty()
    foreign = tables and "django_migrations" not in tables
    if foreign or next(stored_keys(), None):
        raise _not_empty()


def _not_empty() -> Refusal:
    return Refusal(
        "这个系统里已经有数据，恢复只能进空的系统，什么也没有改。请换一个新的数据目录（LIANXIN_DATA_DIR）或空的数据库。",
        "This system holds data already; a backup only goes into an empty one, and nothing was changed. Choose a new "
        "data directory (LIANXIN_DATA_DIR) or an empty database.",
    )


def _require_keys(checked: Checked, *, keys_are_lost: bool) -> None:
    """See that the system will have the key that the backup was made with."""
    if checked.keys:
        for name, given_as in _GIVEN_AS.items():
            if secrets.given(given_as) not in (None, checked.keys.get(name)):
                raise Refusal(
                    f"环境变量给出的 {given_as} 和备份里的不同。请去掉它，或换成原来的。",
                    f"The environment gives another {given_as} than the backup has. Remove it, or give the old one.",
                )
    elif checked.manifest["key_check"] != key_check() and not keys_are_lost:
        raise Refusal(
            f"备份里没有密钥，而这里的密钥不是原来那一把。请先把原系统的 secrets/ 放到 {settings.DATA_DIR}。"
            "确实丢了，就加 --keys-lost：保密姓名从此打不开，回执和登录码全部作废。",
            "The backup holds no keys, and the one here is not the one it was made with. Put the old system's secrets/ "
            f"into {settings.DATA_DIR} first. If it is really lost, add --keys-lost: confidential names can never be "
            "opened again, and no receipt or sign-in code works any more.",
        )


def _load(source: Source, checked: Checked, database: psycopg.Connection, begin: Callable[[int], Advance]) -> None:
    """Database and files, in one transaction and in the order of the archive."""
    database.execute(_WIPE)
    loading = Loading(database)
    try:
        finished = False
        for member in source.members(begin):
            if member.kind == "database":
                loading.write(member.content)
            elif member.kind in {"upload", "complete"} and not finished:
                loading.finish()
                finished = True
            if member.kind == "upload":
                put_back(member.key, member.content, member.moment)
    finally:
        loading.end()
    for table, rows in checked.manifest["rows"].items():
        if count(database, table) != rows:
            raise damaged(table)
    database.execute("SET LOCAL search_path = public")
    for table in (*LEFT_OUT, _FINGERPRINTS):  # archives of before hold them
        if database.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone() == (True,):
            database.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    os.sync()


def _put_keys(checked: Checked) -> None:
    for name, value in checked.keys.items():
        setattr(settings, name, value)
        if secrets.given(_GIVEN_AS[name]) is None:
            secrets.keep(_GIVEN_AS[name], Path(settings.DATA_DIR), value)


def _empty_uploads() -> None:
    for folder in Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]"):
        shutil.rmtree(folder)


def _unmark() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {MARK}")
