"""The enterprise to measure: loaded by set-based SQL into a database of its own, once, and kept.

It is kept in `LIANXIN_BENCH_DIR` (default: `data/bench` of the project). New migrations are applied to what is kept;
when the SQL beside this file changes, it is loaded anew.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from bench.site import ROOT, lianxin
from lianxin.kernel.postgres import embedded_server

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)
"""The moment at which the enterprise stands still: a Wednesday, half past ten in the morning there."""
SCRIPTS = ("organisation.sql", "plan.sql", "rows.sql")
TABLES = (
    "org_unit",
    "org_person",
    "org_employment",
    "org_rolegrant",
    "accounts_user",
    "cases_case",
    "cases_clock",
    "cases_message",
    "cases_rating",
    "cases_opening",
    "cases_about",
    "cases_cohandling",
    "cases_extension",
    "ledger_event",
    "notifications_notice",
)
_PEOPLE = 20_000
_LOADING = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "768MB",
    "max_parallel_workers_per_gather": "0",  # random numbers in a fixed order
    "autovacuum": "off",
}
"""What is lost in a power cut is loaded again."""


@dataclass(frozen=True)
class Size:
    """How many cases, raised since when, by how many of the 29 companies."""

    cases: int
    since: datetime
    companies: int

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return Path(os.environ.get("LIANXIN_BENCH_DIR") or ROOT / "data" / "bench").resolve() / str(self.cases)

    def stamp(self) -> str:
        """What it was loaded by."""
        here = Path(__file__).parent
        said = "".join((here / name).read_text(encoding="utf-8") for name in SCRIPTS)
        return hashlib.sha256(f"{self.since} {self.companies} {NOW} {said}".encode()).hexdigest()


THOUSAND = Size(1_000, NOW - timedelta(days=30), 1)
"""The first month, when one company began."""
MILLION = Size(1_000_000, NOW - timedelta(days=5 * 365), 29)


@contextmanager
def kept(size: Size) -> Iterator[None]:
    """Have that enterprise at hand, loading it if need be; the environment points at it while it lasts."""
    folder = size.folder
    mark = folder / "loaded"
    is_new = not mark.exists() or mark.read_text(encoding="ascii") != size.stamp()
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    os.environ.update(
        LIANXIN_DATA_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="lianxin.config.settings",
        PYTHONPATH=str(ROOT),
        LIANXIN_DB_POOL="0",
    )
    if is_new:
        with _served(folder, _LOADING):
            lianxin("migrate", "--verbosity", "0")
            # In a process of its own: Django keeps to the database and the secret with which it was set up.
            subprocess.run([sys.executable, "-m", "bench.million.stock", str(size.cases)], check=True)
            lianxin("rebuild_figures")
    with _served(folder, {}):
        lianxin("migrate", "--verbosity", "0")
        _make_searchable()
        lianxin("collectstatic", "--noinput", "--verbosity", "0")
        if is_new:
            mark.write_text(size.stamp(), encoding="ascii")
        yield


@contextmanager
def _served(folder: Path, settings: dict[str, str]) -> Iterator[None]:
    with embedded_server(folder, settings) as server:
        os.environ.update(DATABASE_URL=server.dsn("app"), DATABASE_OWNER_URL=server.dsn("owner"))
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]


def _load(size: Size) -> None:
    """Fill the tables without their indexes and keys, which are made afterwards and so prove every row."""
    begun = time.monotonic()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("SET max_parallel_workers_per_gather = 0")
        for name, value in (("cases", size.cases), ("companies", size.companies), ("since", size.since), ("now", NOW)):
            owner.execute("SELECT set_config(%s, %s, false)", [f"bench.{name}", str(value)])
        _give_what_only_the_program_knows(owner, size)
        kept_back = _take_off(owner)
        for table in TABLES:
            owner.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        for name in SCRIPTS:
            owner.execute((Path(__file__).parent / name).read_text(encoding="utf-8").encode())
            _say(f"{name}, {time.monotonic() - begun:.0f} s")
        for statement in kept_back:
            owner.execute(statement.encode())
        for table in TABLES:
            owner.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
            _continue_numbering(owner, table)
        owner.execute("VACUUM ANALYZE")
    _say(f"{size.cases:,} cases loaded in {time.monotonic() - begun:.0f} s")


def _make_searchable() -> None:
    """Fill what cases are found by, if it is not; its index is taken off meanwhile."""
    begun = time.monotonic()
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        if owner.execute("SELECT 1 FROM cases_searchrow LIMIT 1").fetchone():
            return
        (index,) = owner.execute("SELECT pg_get_indexdef('search_words'::regclass)").fetchone() or ("",)
        owner.execute("DROP INDEX search_words")
        lianxin("rebuild_search")
        owner.execute("SET maintenance_work_mem = '768MB'")
        owner.execute(index.encode())
        owner.execute("VACUUM ANALYZE cases_searchrow")
    _say(f"made searchable in {time.monotonic() - begun:.0f} s")


def _say(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _give_what_only_the_program_knows(owner: psycopg.Connection, size: Size) -> None:
    """The tags of those who raise cases confidentially, and the working days."""
    import django  # noqa: PLC0415

    django.setup()
    from lianxin.kernel.crypto import keyed_hash  # noqa: PLC0415
    from lianxin.kernel.working_time import current_calendar  # noqa: PLC0415

    owner.execute("CREATE UNLOGGED TABLE bench_tag (person int, tag bytea)")
    owner.execute("CREATE UNLOGGED TABLE bench_day (day date, working boolean)")
    with owner.cursor() as cursor, cursor.copy("COPY bench_tag FROM STDIN") as copy:
        for person in range(1, _PEOPLE + 1):
            copy.write_row((person, keyed_hash("notice", str(person))))
    calendar = current_calendar()
    first = size.since.date() - timedelta(days=2)
    with owner.cursor() as cursor, cursor.copy("COPY bench_day FROM STDIN") as copy:
        for day in (first + timedelta(days=n) for n in range((date(2027, 12, 31) - first).days)):
            copy.write_row((day, calendar.is_working_day(day)))


def _take_off(owner: psycopg.Connection) -> list[str]:
    """Drop keys and indexes of the tables; return the statements that make them again, in order."""
    tables = list(TABLES)
    keys = owner.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint"
        " WHERE contype IN ('f', 'p', 'u') AND conrelid = ANY(%(tables)s::regclass[])"
        " OR contype = 'f' AND confrelid = ANY(%(tables)s::regclass[]) ORDER BY contype",
        {"tables": tables},
    ).fetchall()
    indexes = owner.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))",
        [tables],
    ).fetchall()
    for table, name, _said, _kind in keys:
        owner.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.SQL(table), sql.Identifier(name)))
    for name, _said in indexes:
        owner.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    again = [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {said}' for table, name, said, _kind in keys]
    foreign = [kind == "f" for _table, _name, _said, kind in keys]
    unique = [statement for statement, is_foreign in zip(again, foreign, strict=True) if not is_foreign]
    references = [statement for statement, is_foreign in zip(again, foreign, strict=True) if is_foreign]
    return [*unique, *(said for _name, said in indexes), *references]


def _continue_numbering(owner: psycopg.Connection, table: str) -> None:
    row = (
        owner.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table]).fetchone()
        if _has_number(owner, table)
        else None
    )
    if row and row[0]:
        following = sql.SQL("SELECT setval({}, max(id)) FROM {}").format(sql.Literal(row[0]), sql.Identifier(table))
        owner.execute(following)


def _has_number(owner: psycopg.Connection, table: str) -> bool:
    said = "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = 'id'"
    row = owner.execute(said, [table]).fetchone()
    return row is not None and row[0] == "bigint"


if __name__ == "__main__":
    _load({size.cases: size for size in (THOUSAND, MILLION)}[int(sys.argv[1])])
