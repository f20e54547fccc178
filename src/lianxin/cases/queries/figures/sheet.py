"""A sheet of figures: what was read, put together and named."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lianxin.cases.enums import MEASURES, CaseKind, Channel
from lianxin.cases.models import Category
from lianxin.cases.queries.figures.definitions import FIGURES, SMALLEST, Figure
from lianxin.cases.queries.figures.reading import NOTHING, Counts, Found, Scope, read
from lianxin.org.queries import Unit


@dataclass(frozen=True)
class Rate:
    """A figure with its two numbers."""

    figure: Figure
    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The rate, None over nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def is_small(self) -> bool:
        """Whether it is told as its two numbers."""
        return self.whole < SMALLEST


def rate_of(counts: Counts, code: str) -> Rate:
    """One figure out of counts."""
    figure = FIGURES[code]
    return Rate(figure, counts[figure.part], counts[figure.whole])


def rates(counts: Counts) -> list[Rate]:
    """All figures out of counts, in their order."""
    return [rate_of(counts, code) for code in FIGURES]


@dataclass(frozen=True)
class Line:
    """What was counted under one heading of a breakdown: a kind, a channel, a category's code, a `unit`."""

    key: str
    name: str
    counts: Counts
    before: Counts = field(default_factory=lambda: NOTHING)
    unit: Unit | None = None


@dataclass(frozen=True)
class Sheet:
    """The figures of a unit and all below it.

    `units` are those that stood right below it then, in tree order, and what it led itself (without a `unit`);
    together they make the whole. So do the kinds, the categories and the channels.
    """

    scope: Scope
    counts: Counts
    before: Counts
    trend: list[tuple[date, Counts]]
    units: list[Line]
    kinds: list[Line]
    categories: list[Line]
    channels: list[Line]


def figures_of(scope: Scope) -> Sheet:
    """All figures of a scope with their breakdowns; three queries, however much there is."""
    found = read(scope)
    now = _total(row for row in found if row.part == "trend" and row.current)
    before = _total(row for row in found if row.part == "trend" and not row.current)
    by_step = {row.step: row.counts for row in found if row.part == "trend" and row.current}
    return Sheet(
        scope=scope,
        counts=now,
        before=before,
        trend=[(step, by_step.get(step, NOTHING)) for step in scope.period.steps(scope.grain)],
        units=_units(scope, found, now, before),
        kinds=_lines(found, "kind", dict(CaseKind.choices)),
        categories=_categories(scope, found),
        channels=_lines(found, "channel", dict(Channel.choices)),
    )


def _total(rows: Iterable[Found]) -> Counts:
    total = dict(NOTHING)
    for row in rows:
        for name in MEASURES:
            total[name] += row.counts[name]
    return total


def _minus(counts: Counts, others: Iterable[Counts]) -> Counts:
    rest = dict(counts)
    for other in others:
        for name in MEASURES:
            rest[name] -= other[name]
    return rest


def _units(scope: Scope, found: list[Found], now: Counts, before: Counts) -> list[Line]:
    counted: dict[int, dict[bool, Counts]] = defaultdict(dict)
    for row in found:
        if row.part == "unit" and any(row.counts.values()):
            counted[int(row.key)][row.current] = row.counts
    units = sorted(Unit.objects.in_bulk(list(counted)).values(), key=lambda unit: unit.path)
    lines = [
        Line(
            str(unit.pk),
            unit.name,
            counted[unit.pk].get(True, NOTHING),
            counted[unit.pk].get(False, NOTHING),
            unit,
        )
        for unit in units
    ]
    own = Line(
        "", scope.unit.name, _minus(now, (line.counts for line in lines)), _minus(before, (x.before for x in lines))
    )
    return [*lines, own] if any(own.counts.values()) or any(own.before.values()) else lines


def _lines(found: list[Found], part: str, names: Mapping[Any, Any]) -> list[Line]:
    """One line for each key that counted something, in the order of the names."""
    counted = {row.key: row.counts for row in found if row.part == part and any(row.counts.values())}
    return [Line(key, str(names[key]), counted[key]) for key in names if key in counted]


def _categories(scope: Scope, found: list[Found]) -> list[Line]:
    """By category on top; narrowed to one, by those right below it. What has none yet comes last."""
    rows = {str(row.pk): row for row in Category.objects.order_by("path")}
    chosen = scope.narrowing.category
    depth = chosen.depth + 1 if chosen else 1
    heads = {row.path: row for row in rows.values()}
    heading: Callable[[Category], Category] = lambda row: heads[row.path[: depth * row.steplen]]  # noqa: E731
    counted: dict[str, list[Found]] = defaultdict(list)
    for row in found:
        if row.part == "category" and any(row.counts.values()):
            counted[heading(rows[row.key]).code if row.key in rows else ""].append(row)
    names = {**{row.code: row.name for row in rows.values()}, "": _("no category yet")}
    return [Line(key, names[key], _total(counted[key])) for key in names if key in counted]
