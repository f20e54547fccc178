"""The one statement that reads figures.

It adds the kept sums and what is noted as changed, counted anew: right at every moment, however long ago the sums
were kept up; and of one moment, so that the parts of a sheet add up.
"""
# ruff: noqa: S608 - put together from our own words; what users chose is passed beside

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection

from lianxin.cases import policies
from lianxin.cases.enums import MEASURES
from lianxin.cases.models import Category
from lianxin.cases.queries.figures.counting import late, spelt_out, truth
from lianxin.cases.queries.figures.periods import DAY, Period, shifted
from lianxin.kernel import clock
from lianxin.org.queries import Person, Unit

Counts = Mapping[str, int]
NOTHING: Counts = dict.fromkeys(MEASURES, 0)
_NAMES = ", ".join(MEASURES)
_TOTALS = ", ".join(f"sum({name})::int" for name in MEASURES)
_THING = "day, unit_trail, kind, category_id, channel, measures"
_CHILD = "unit_trail[array_position(unit_trail, %(unit)s) + 1]"
"""The unit right below, as the tree stood then; none for what the unit led itself."""


@dataclass(frozen=True)
class Narrowing:
    """To which kind, category (with all below it) and channel figures are narrowed; empty for all."""

    kind: str = ""
    category: Category | None = None
    channel: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind or self.category or self.channel)


@dataclass(frozen=True)
class Scope:
    """What is asked for: a unit with all below it, a period, narrowed or not.

    `viewer`: cases that name them do not exist for them, so they are left out; None for commands.
    """

    unit: Unit
    period: Period
    narrowing: Narrowing = Narrowing()
    viewer: Person | None = None

    @property
    def grain(self) -> str:
        """The steps of the trend; narrowed, whole months are the finest that are kept for more than one month."""
        return "month" if self.narrowing and self.period.grain == "week" else self.period.grain

    def values(self) -> dict[str, Any]:
        """What the statements below are given."""
        chosen, period = self.narrowing, self.period
        below = Category.objects.get_descendants(chosen.category) if chosen.category else Category.objects.none()
        return {
            "unit": self.unit.pk,
            "before": period.before.since,
            "since": period.since,
            "until": period.until,
            "now": clock.now(),
            "first": _midnight(period.before.since),
            "last": _midnight(period.until + DAY),
            "hidden": list(policies.named_in(self.viewer)) if self.viewer else [],
            "kind": chosen.kind,
            "channel": chosen.channel,
            "categories": [getattr(chosen.category, "pk", None), *below.values_list("pk", flat=True)],
        }

    def narrowed(self) -> str:
        """The narrowing as a condition."""
        chosen = self.narrowing
        conditions = [
            "kind = %(kind)s" if chosen.kind else "",
            "category_id = ANY(%(categories)s)" if chosen.category else "",
            "channel = %(channel)s" if chosen.channel else "",
        ]
        return " AND ".join(filter(None, conditions)) or "true"


@dataclass(frozen=True)
class Found:
    """One row of the answer: of which part, under which key, in which step, in the period or in the one before."""

    part: str
    key: str
    step: date | None
    current: bool
    counts: Counts


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.zone())


NOTED = "noted AS MATERIALIZED (SELECT ARRAY(SELECT DISTINCT case_id FROM cases_uncounted) AS cases)"
_ANEW = "c.id = ANY((SELECT cases FROM noted)::uuid[]) AND c.id <> ALL(%(hidden)s::uuid[])"


def _fresh(scope: Scope) -> str:
    """Things that the kept sums lack (sign 1) or have too much (sign -1)."""
    here = f"%(unit)s = ANY(unit_trail) AND day BETWEEN %(before)s AND %(until)s AND {scope.narrowed()}"
    overdue = late("k.due_at >= %(first)s AND k.due_at < %(last)s AND c.id <> ALL(%(hidden)s::uuid[])")
    return f"""
        {NOTED}, fresh AS MATERIALIZED (
            SELECT {_THING}, -1 AS sign FROM cases_counted
            WHERE case_id = ANY((SELECT cases FROM noted)::uuid[] || %(hidden)s::uuid[]) AND {here}
            UNION ALL SELECT {_THING}, 1 FROM ({truth(_ANEW)}) AS anew WHERE {here}
            UNION ALL SELECT {_THING}, 1 FROM ({overdue}) AS late WHERE {here}
        )"""


def read(scope: Scope) -> list[Found]:
    """All parts of a sheet: trend (with what was before), units right below, kinds, categories, channels."""
    step = f"date_trunc('{scope.grain}', day)::date"
    statement = f"""
        WITH {_fresh(scope)}
        SELECT 'trend', '', {step}, day >= %(since)s, {_TOTALS} FROM ({_own(scope)}) AS own GROUP BY 3, 4
        UNION ALL
        SELECT 'unit', key, NULL, day >= %(since)s, {_TOTALS} FROM ({_below(scope)}) AS below GROUP BY 2, 4
        UNION ALL
        SELECT CASE grouping(kind, category_id, channel) WHEN 3 THEN 'kind' WHEN 5 THEN 'category' ELSE 'channel' END,
            coalesce(kind, category_id::text, channel, ''), NULL, true, {_TOTALS}
        FROM ({_facets(scope)}) AS facets GROUP BY GROUPING SETS ((kind), (category_id), (channel))"""
    with connection.cursor() as cursor:
        cursor.execute(statement, scope.values())
        return [
            Found(part, key, step, current, dict(zip(MEASURES, counts, strict=True)))
            for part, key, step, current, *counts in cursor
        ]


def _own(scope: Scope) -> str:
    """Day by day (or month by month) what counts at the unit and below, in the period and the one before."""
    fresh = f"SELECT day, {spelt_out('sign')} FROM fresh"
    if not scope.narrowing:
        kept = f"""SELECT day, {_NAMES} FROM cases_daysums
            WHERE unit_id = %(unit)s AND day BETWEEN %(before)s AND %(until)s"""
    elif scope.grain == "month":
        kept = _months_and_days(scope, "day", "unit_id = %(unit)s", scope.period.before, scope.period)
    else:
        before = _months_and_days(scope, "day", "unit_id = %(unit)s", scope.period.before)
        kept = f"""{before} UNION ALL SELECT day, {spelt_out()} FROM cases_counted
            WHERE %(unit)s = ANY(unit_trail) AND day BETWEEN %(since)s AND %(until)s AND {scope.narrowed()}"""
    return f"{kept} UNION ALL {fresh}"


def _below(scope: Scope) -> str:
    """The same, for each unit right below."""
    fresh = f"SELECT day, {_CHILD}::text, {spelt_out('sign')} FROM fresh WHERE {_CHILD} IS NOT NULL"
    if scope.narrowing:
        both = (scope.period.before, scope.period)
        kept = _months_and_days(scope, "day, key", "above_id = %(unit)s", *both, key=("unit_id", _CHILD))
    else:
        kept = f"""SELECT day, unit_id::text AS key, {_NAMES} FROM cases_daysums
            WHERE above_id = %(unit)s AND day BETWEEN %(before)s AND %(until)s"""
    return f"{kept} UNION ALL {fresh}"


def _facets(scope: Scope) -> str:
    """What counts in the period, by kind, category and channel."""
    kept = _months_and_days(scope, "kind, category_id, channel", "unit_id = %(unit)s", scope.period)
    fresh = f"SELECT kind, category_id, channel, {spelt_out('sign')} FROM fresh WHERE day >= %(since)s"
    return f"{kept} UNION ALL {fresh}"


def _months_and_days(
    scope: Scope, columns: str, where: str, *periods: Period, key: tuple[str, str] = ("unit_id", "unit_id")
) -> str:
    """Whole months from their sums; the days of months that a period cuts, one by one."""
    months, days = ["false"], ["false"]
    for period in periods:
        first, after, edges = split(period)
        months.append(f"month >= '{first}' AND month < '{after}'")
        days += [f"day BETWEEN '{edge.since}' AND '{edge.until}'" for edge in edges]
    names = "{day}, {key}::text AS key, kind, category_id, channel"
    return f"""
        SELECT {columns}, {_NAMES} FROM (
            SELECT {names.format(day="month AS day", key=key[0])}, {_NAMES} FROM cases_monthsums
            WHERE {where} AND ({" OR ".join(months)}) AND {scope.narrowed()}
            UNION ALL
            SELECT {names.format(day="day", key=key[1])}, {spelt_out()} FROM cases_counted
            WHERE %(unit)s = ANY(unit_trail) AND ({" OR ".join(days)}) AND {scope.narrowed()}
        ) AS kept{" WHERE key IS NOT NULL" if key[1] == _CHILD else ""}"""


def split(period: Period) -> tuple[date, date, list[Period]]:
    """The whole months of a period (from the first of one to before the first of another), and what is left of it."""
    month = period.since.replace(day=1)
    first = month if period.since.day == 1 else shifted(month, 1)
    after = (period.until + DAY).replace(day=1)
    if first >= after:
        return first, first, [period]
    edges = [Period(period.since, first - DAY), Period(after, period.until)]
    return first, after, [edge for edge in edges if edge.since <= edge.until]
