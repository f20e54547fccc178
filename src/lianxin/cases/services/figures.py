"""The sums behind the figures: kept up with what changed, made anew, compared with the truth.

Every change of a case notes it in the same transaction (triggers, migration 0005) as `Uncounted`; figures count those
cases anew each time they are read. Here they are counted for good, so that there are never many.
"""
# ruff: noqa: S608 - put together from our own words

from collections.abc import Callable

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from lianxin.cases.enums import MEASURES
from lianxin.cases.queries.figures.counting import COLUMNS, sums, truth

_LOCK = 0x1A76
"""The advisory lock of PostgreSQL under which the sums change: one after the other."""
BATCH = 5000
MOST_SHOWN = 20
_SUMS = ", ".join(MEASURES)
_ADDED = ", ".join(f"{name} = kept.{name} + EXCLUDED.{name}" for name in MEASURES)
_SPREAD = "CROSS JOIN LATERAL unnest(unit_trail) WITH ORDINALITY AS spread(at_unit, place)"
"""A thing counts for its unit and for each above it; `above` is the unit right above, as the tree stood then."""
_ABOVE = "unit_trail[place - 1]"
_GRAINS = {
    "cases_daysums": ("day", "", "day"),
    "cases_monthsums": ("month", ", kind, category_id, channel", "date_trunc('month', day)::date"),
}
"""Table → the column of its time, what else it tells apart, and how its time follows from the day."""


def count_changed() -> int:
    """Count the cases that changed since they were counted, for good; return how many.

    Safe to run twice and in several places at once. What changes meanwhile is noted anew and counted the next time.
    """
    done = 0
    while batch := _count_batch():
        done += batch
    return done


def _count_batch() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "DELETE FROM cases_uncounted WHERE id IN (SELECT id FROM cases_uncounted LIMIT %s) RETURNING case_id",
            [BATCH],
        )
        cases = sorted({case_id for (case_id,) in cursor})
        if not cases:
            return 0
        # The truth is read after the notes are taken: a change in between has left a note that stays.
        added = ", ".join(f"{table} AS ({_adding(table, 'change', sign='sign')})" for table in _GRAINS)
        cursor.execute(
            f"WITH old AS (DELETE FROM cases_counted WHERE case_id = ANY(%(cases)s) RETURNING {COLUMNS}), "
            f"new AS (INSERT INTO cases_counted ({COLUMNS}) {truth('c.id = ANY(%(cases)s)')} RETURNING {COLUMNS}), "
            "change AS (SELECT *, -1 AS sign FROM old UNION ALL SELECT *, 1 FROM new), "
            f"{added} SELECT",
            {"cases": cases},
        )
    return len(cases)


def _adding(table: str, source: str, *, sign: str) -> str:
    time, apart, value = _GRAINS[table]
    return (
        f"INSERT INTO {table} AS kept (unit_id, above_id, {time}{apart}, {_SUMS}) "
        f"SELECT at_unit, {_ABOVE}, {value}{apart}, {sums(sign)} FROM {source} {_SPREAD} "
        f"GROUP BY at_unit, {_ABOVE}, {value}{apart} "
        f"ON CONFLICT (unit_id, {time}, above_id{apart}) DO UPDATE SET {_ADDED}"
    )


def rebuild_figures(*, progress: Callable[[str], None] = lambda _table: None) -> int:
    """Make all that figures are read from anew out of cases, clocks and ratings; return how many things count.

    One transaction, in sets; readers of figures wait for it, everybody else goes on. `progress` is told what comes.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("DELETE FROM cases_uncounted")
        cursor.execute("SELECT cases_empty_sums()")
        progress("cases_counted")
        cursor.execute(f"INSERT INTO cases_counted ({COLUMNS}) SELECT {COLUMNS} FROM ({truth()}) AS t ORDER BY day")
        things = cursor.rowcount
        for table in _GRAINS:
            progress(table)
            cursor.execute(_adding(table, "cases_counted", sign="1"))
    return things


def check_figures() -> list[str]:
    """Compare what figures are read from with the truth; return the differences in words, none if all is well.

    Cases noted as changed are left out: whoever reads counts them anew.
    """
    changed = "SELECT case_id FROM cases_uncounted"
    kept = f"SELECT {COLUMNS} FROM cases_counted WHERE case_id NOT IN ({changed})"
    pairs = {"cases_counted": (f"SELECT {COLUMNS} FROM ({truth(f'c.id NOT IN ({changed})')}) AS t", kept)}
    for table, (time, apart, value) in _GRAINS.items():
        summed = (
            f"SELECT at_unit AS unit_id, {_ABOVE} AS above_id, {value} AS {time}{apart}, {sums()} "
            f"FROM cases_counted {_SPREAD} GROUP BY at_unit, {_ABOVE}, {value}{apart}"
        )
        some = " OR ".join(f"{name} <> 0" for name in MEASURES)
        pairs[table] = (summed, f"SELECT unit_id, above_id, {time}{apart}, {_SUMS} FROM {table} WHERE {some}")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        return [line for table, (right, found) in pairs.items() for line in _differences(cursor, table, right, found)]


def _differences(cursor: CursorWrapper, table: str, right: str, found: str) -> list[str]:
    lines = []
    for word, more, less in (("missing", right, found), ("too much", found, right)):
        cursor.execute(f"SELECT t::text FROM (({more}) EXCEPT ALL ({less})) AS t LIMIT {MOST_SHOWN}")
        lines += [f"{table}: {word}: {row}" for (row,) in cursor]
    return lines
