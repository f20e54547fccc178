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
_FACETS = "kind, category_id, channel"
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


def _keys(scope: Scope, day: str) -> str:
    """By what things are counted together: the step of the trend, whether in the period, and where it counts."""
    return f"date_trunc('{scope.grain}', {day})::date AS step, {day} >= %(since)s AS current"


def _loose(scope: Scope) -> str:
    """What is counted one by one, like things together with their `number`: `edges`, the days that no whole month
    covers; and `fresh`, what the kept sums lack, or have too much (then the number is below zero).
    """
    here = f"%(unit)s = ANY(unit_trail) AND day BETWEEN %(before)s AND %(until)s AND {scope.narrowed()}"
    overdue = late("k.due_at >= %(first)s AND k.due_at < %(last)s AND c.id <> ALL(%(hidden)s::uuid[])")
    alike = f"{_keys(scope, 'day')}, {_CHILD} AS child, {_FACETS}, measures"
    # Not narrowed, only kinds, categories and channels are read from the edges.
    edge = alike if scope.narrowing else f"NULL::date, true AS current, NULL::bigint, {_FACETS}, measures"
    _months, days = _cut(scope)
    # `@>`, as the database knows how common a unit is in the trails, and then does not sort a month of rows.
    return f"""
        {NOTED}, edges AS MATERIALIZED (
            SELECT {edge}, count(*)::int AS number FROM cases_counted
            WHERE unit_trail @> ARRAY[%(unit)s]::bigint[] AND ({days}) AND {scope.narrowed()}
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        ), fresh AS MATERIALIZED (
            SELECT {alike}, sum(sign)::int AS number FROM (
                SELECT {_THING}, -1 AS sign FROM cases_counted
                WHERE case_id = ANY((SELECT cases FROM noted)::uuid[] || %(hidden)s::uuid[]) AND {here}
                UNION ALL SELECT {_THING}, 1 FROM ({truth(_ANEW)}) AS anew WHERE {here}
                UNION ALL SELECT {_THING}, 1 FROM ({overdue}) AS late WHERE {here}
            ) AS things GROUP BY 1, 2, 3, 4, 5, 6, 7
        )"""


def read(scope: Scope) -> list[Found]:
    """All parts of a sheet: trend (with what was before), units right below, kinds, categories, channels."""
    own, below = _kept(scope, "unit_id"), _kept(scope, "above_id")
    facets = _together(f"current, {_FACETS}", _months(scope, "unit_id"), "edges", "fresh")
    # The kept sums of days cover them all, but know no kind, category or channel.
    loose = ("edges", "fresh") if scope.narrowing else ("fresh",)
    statement = f"""
        WITH {_loose(scope)}
        SELECT 'trend', '', step, current, {_TOTALS} FROM ({_together("step, current", own, *loose)}) AS own
        GROUP BY step, current
        UNION ALL
        SELECT 'unit', child::text, NULL, current, {_TOTALS}
        FROM ({_together("child, current", below, *loose)}) AS below
        WHERE child IS NOT NULL GROUP BY child, current
        UNION ALL
        SELECT CASE grouping(kind, category_id, channel) WHEN 3 THEN 'kind' WHEN 5 THEN 'category' ELSE 'channel' END,
            coalesce(kind, category_id::text, channel, ''), NULL, true, {_TOTALS}
        FROM ({facets}) AS facets WHERE current GROUP BY GROUPING SETS ((kind), (category_id), (channel))"""
    with connection.cursor() as cursor:
        cursor.execute(statement, scope.values())
        return [
            Found(part, key, step, current, dict(zip(MEASURES, counts, strict=True)))
            for part, key, step, current, *counts in cursor
        ]


def _together(columns: str, kept: str, *loose: str) -> str:
    """Kept sums and what is counted one by one."""
    single = (f"SELECT {columns}, {spelt_out('number')} FROM {table}" for table in loose)
    return " UNION ALL ".join([f"SELECT {columns}, {_NAMES} FROM ({kept}) AS kept", *single])


def _kept(scope: Scope, unit: str) -> str:
    """Kept sums of the unit itself (`unit_id`) or of those right below it (`above_id`)."""
    if scope.narrowing:
        return _months(scope, unit)
    return f"""
        SELECT {_keys(scope, "day")}, unit_id AS child, {_NAMES} FROM cases_daysums
        WHERE {unit} = %(unit)s AND day BETWEEN %(before)s AND %(until)s"""


def _months(scope: Scope, unit: str) -> str:
    months, _days = _cut(scope)
    return f"""
        SELECT {_keys(scope, "month")}, unit_id AS child, {_FACETS}, {_NAMES} FROM cases_monthsums
        WHERE {unit} = %(unit)s AND ({months}) AND {scope.narrowed()}"""


def _cut(scope: Scope) -> tuple[str, str]:
    """Conditions on the whole months of what is asked for, and on the days that they leave; narrowed, the trend of a
    period of days takes all of these one by one.
    """
    months, days = ["false"], ["false"]
    for period in (scope.period.before, scope.period) if scope.narrowing else (scope.period,):
        first, after, edges = split(period)
        if scope.narrowing and scope.grain == "day" and period is scope.period:
            first, after, edges = period.since, period.since, [period]
        months.append(f"month >= '{first}' AND month < '{after}'")
        days += [f"day BETWEEN '{edge.since}' AND '{edge.until}'" for edge in edges]
    return " OR ".join(months), " OR ".join(days)


def split(period: Period) -> tuple[date, date, list[Period]]:
    """The whole months of a period (from the first of one to before the first of another), and what is left of it."""
    month = period.since.replace(day=1)
    first = month if period.since.day == 1 else shifted(month, 1)
    after = (period.until + DAY).replace(day=1)
    if first >= after:
        return first, first, [period]
    edges = [Period(period.since, first - DAY), Period(after, period.until)]
    return first, after, [edge for edge in edges if edge.since <= edge.until]
