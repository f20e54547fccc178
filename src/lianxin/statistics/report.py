"""A report: what was counted, put together and named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseKind, Channel
from lianxin.cases.models import Category
from lianxin.kernel.figures import Counts, Rate, RateValue
from lianxin.org.models import Unit
from lianxin.statistics.access import opens_all
from lianxin.statistics.aggregation import ZERO, Aggregation, Scope, aggregate
from lianxin.statistics.definitions import RATES


def rate_values(counts: Counts) -> list[RateValue]:
    """All rates out of counts, in their order."""
    return [rate.of(counts) for rate in RATES.values()]


@dataclass(frozen=True)
class AggregateRow:
    """What was counted under one heading of a breakdown: a kind, a channel, a category's code, a `unit`."""

    key: str
    name: str
    counts: Counts
    before: Counts
    unit: Unit | None = None


@dataclass(frozen=True)
class UnitsCompared:
    """The units of a report by one rate: those of at least five, the worst first, and the `others` pooled to one."""

    rows: list[AggregateRow]
    others: list[AggregateRow]
    pooled: RateValue


@dataclass(frozen=True)
class Report:
    """The figures of a unit and all below it.

    `units` are those that stood right below it then, in tree order, and what it led itself (without a `unit`);
    together they make the whole. So do the kinds, the categories and the channels.
    """

    scope: Scope
    counts: Counts
    before: Counts
    trend: list[tuple[date, Counts]]
    units: list[AggregateRow]
    kinds: list[AggregateRow]
    categories: list[AggregateRow]
    channels: list[AggregateRow]

    def compare_units(self, rate: Rate) -> UnitsCompared:
        """The units that can be compared by a rate, and those of fewer than five, which only count together."""
        valued = [(line, rate.of(line.counts)) for line in self.units]
        worst_first = sorted(
            ((line, value.shown) for line, value in valued if value.shown is not None),
            key=lambda pair: pair[1] if rate.higher_is_better else -pair[1],
        )
        small = [(line, value) for line, value in valued if value.is_small]
        pooled = RateValue(
            rate, sum(value.numerator for _line, value in small), sum(value.denominator for _line, value in small)
        )
        return UnitsCompared([line for line, _share in worst_first], [line for line, _value in small], pooled)


def openable_report(report: Report) -> Report:
    """The same report of those cases alone that its viewer may open: which numbers lead to rows."""
    scope = report.scope
    if scope.viewer is None or opens_all(scope.viewer, scope.unit):
        return report
    return report_for(replace(scope, openable=True))


def report_for(scope: Scope) -> Report:
    """All figures of a scope with their breakdowns."""
    found = aggregate(scope)
    return Report(
        scope=scope,
        counts={**ZERO, **found.now},
        before={**ZERO, **found.before},
        trend=[(step, {**ZERO, **found.steps[step]}) for step in scope.period.steps(scope.grain)],
        units=_unit_rows(scope, found),
        kinds=_rows(found.kinds, dict(CaseKind.choices)),
        categories=_rows(*_top_categories(scope, found)),
        channels=_rows(found.channels, dict(Channel.choices)),
    )


def _rows(counted: Mapping[Any, Counts], names: Mapping[Any, Any]) -> list[AggregateRow]:
    """One row for each key that counted something, in the order of the names."""
    return [AggregateRow(key, str(names[key]), {**ZERO, **counted[key]}, ZERO) for key in names if key in counted]


def _unit_rows(scope: Scope, found: Aggregation) -> list[AggregateRow]:
    """The units that stood right below, in tree order, then what the unit led itself."""
    keys = {key for key in (*found.units, *found.units_before) if key is not None}
    units = sorted(Unit.objects.in_bulk(keys).values(), key=lambda unit: unit.path)
    rows = [_unit_row(found, unit.pk, str(unit.pk), unit.name, unit) for unit in units]
    if None in found.units or None in found.units_before:
        rows.append(_unit_row(found, None, "", scope.unit.name))
    return rows


def _unit_row(found: Aggregation, pk: int | None, key: str, name: str, unit: Unit | None = None) -> AggregateRow:
    return AggregateRow(key, name, {**ZERO, **found.units[pk]}, {**ZERO, **found.units_before[pk]}, unit)


def _top_categories(scope: Scope, found: Aggregation) -> tuple[dict[str, Counts], dict[str, str]]:
    """Counts and names by category on top; narrowed to one, by those right below it. What has none yet comes last."""
    rows = {row.pk: row for row in Category.objects.order_by("path")}
    chosen = scope.narrowing.category
    depth = chosen.depth + 1 if chosen else 1
    by_path = {row.path: row for row in rows.values()}
    heading: Callable[[Category], Category] = lambda row: by_path[row.path[: depth * row.steplen]]  # noqa: E731
    counted: dict[str, dict[str, int]] = {}
    for pk, counts in found.categories.items():
        total = counted.setdefault(heading(rows[pk]).code if pk in rows else "", dict(ZERO))
        for name, number in counts.items():
            total[name] += number
    names = {**{row.code: row.name for row in rows.values()}, "": _("uncategorised")}
    return dict(counted), names
