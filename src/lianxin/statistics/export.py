"""Figures as plain values, for exports and commands: the same report, nothing computed anew, few counted as few."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.kernel.figures import Counts, Rate
from lianxin.kernel.spreadsheets import Percentage
from lianxin.statistics.aggregation import Scope
from lianxin.statistics.definitions import COUNTS, EXCLUSIONS, MEASURES, PLACE, RATES, SMALL, VOLUME
from lianxin.statistics.report import AggregateRow, Report, rate_values
from lianxin.ui.formatting import month_of, period, short_day

SCHEMA_VERSION = 2
"""Of what `report_as_dict` gives. 2: no rate over fewer than five; units too small to be compared count together."""


def definition_of(rate: Rate) -> str:
    """A rate's definition as one paragraph: numerator, denominator, cohort."""
    return _("Count: %(counts)s. Total: %(over)s. Period: %(cohort)s.") % {
        "counts": rate.numerator.definition,
        "over": rate.denominator.definition,
        "cohort": rate.cohort,
    }


def unit_name(line: AggregateRow) -> str:
    """A unit's name in a breakdown; what the unit of the report led itself is called so."""
    return line.name if line.unit else _("%(unit)s itself") % {"unit": line.name}


def title_of(scope: Scope) -> str:
    """What a report is about, in words: the unit, the period, and to what it is narrowed."""
    return " · ".join([scope.unit.name, period(scope.period), *scope.narrowing.names])


def report_as_dict(report: Report) -> dict[str, Any]:
    """The whole report as JSON can hold it; a rate is a fraction of one, null over fewer than five.

    A unit with fewer than five has null for both numbers as well: `small_units` are these units together, rate by rate.
    """
    scope = report.scope
    return {
        "schema_version": SCHEMA_VERSION,
        "title": title_of(scope),
        "unit": scope.unit.code,
        "name": scope.unit.name,
        "from": scope.period.since.isoformat(),
        "to": scope.period.until.isoformat(),
        "figures": _figures(report.counts),
        "counts": _counts(report.counts),
        "before": {
            "from": scope.period.before.since.isoformat(),
            "to": scope.period.before.until.isoformat(),
            "figures": _figures(report.before),
            "counts": _counts(report.before),
        },
        "trend": [{"from": step.isoformat(), **_counts_as_dict(counts)} for step, counts in report.trend],
        "units": [_unit_as_dict(line) for line in report.units],
        "small_units": {
            rate.code: {
                "units": len(compared.others),
                "numerator": compared.pooled.numerator,
                "denominator": compared.pooled.denominator,
                "rate": compared.pooled.shown,
            }
            for rate in RATES.values()
            if (compared := report.compare_units(rate)).others
        },
        "kinds": [{"kind": line.key, **_row_as_dict(line)} for line in report.kinds],
        "categories": [{"category": line.key, **_row_as_dict(line)} for line in report.categories],
        "channels": [{"channel": line.key, **_row_as_dict(line)} for line in report.channels],
        "definitions": {code: definition_of(rate) for code, rate in RATES.items()}
        | {"raised": str(VOLUME), "excluded": str(EXCLUSIONS), "place": str(PLACE), "small": str(SMALL)},
    }


def _figures(counts: Counts) -> dict[str, dict[str, float | int | None]]:
    return {
        found.rate.code: {"numerator": found.numerator, "denominator": found.denominator, "rate": found.shown}
        for found in rate_values(counts)
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {name: counts[name] for name in MEASURES}


def _counts_as_dict(counts: Counts) -> dict[str, Any]:
    return {"figures": _figures(counts), "counts": _counts(counts)}


def _row_as_dict(row: AggregateRow) -> dict[str, Any]:
    return {"name": row.name, **_counts_as_dict(row.counts)}


def _unit_as_dict(line: AggregateRow) -> dict[str, Any]:
    nothing = dict.fromkeys(("numerator", "denominator", "rate"))
    small = {found.rate.code: nothing for found in rate_values(line.counts) if found.is_small}
    return {
        "unit": line.unit.code if line.unit else None,
        "name": line.name,
        "figures": _figures(line.counts) | small,
        "counts": {name: line.counts[name] for name in COUNTS},
    }


def headers() -> list[str]:
    """The columns of `rows_of`: three for each figure."""
    heads = [_("Breakdown by"), _("Name"), *(str(label) for label in COUNTS.values())]
    for rate in RATES.values():
        heads += [f"{rate.label}: {rate.numerator.label}", f"{rate.label}: {rate.denominator.label}", str(rate.label)]
    return heads


def rows_of(report: Report) -> Iterator[Sequence[object]]:
    """The report as a table: the whole, what it is compared with, every breakdown, the trend."""
    scope = report.scope
    yield _row(_("Overall"), f"{scope.unit.name} {period(scope.period)}", report.counts)
    yield _row(_("Previous period"), f"{scope.unit.name} {period(scope.period.before)}", report.before)
    for line in report.units:
        yield _row(_("Unit"), unit_name(line), line.counts, small=False)
    yield from _pooled(report)
    for heading, lines in (
        (_("Kind"), report.kinds),
        (_("Category"), report.categories),
        (_("Channel"), report.channels),
    ):
        for line in lines:
            yield _row(heading, line.name, line.counts)
    for step, counts in report.trend:
        if scope.grain == "month":
            yield _row(_("Month"), month_of(step), counts)
        else:
            yield _row(_("Week"), pgettext("week of a trend", "from %s") % short_day(step), counts)


def _pooled(report: Report) -> Iterator[list[object]]:
    """The units that are too small to be compared, together: of each rate other ones."""
    compared = [report.compare_units(rate) for rate in RATES.values()]
    if any(each.others for each in compared):
        cells: list[object] = [_("Unit"), _("Units with fewer than five, together"), *(None for _measure in COUNTS)]
        for each in compared:
            value = each.pooled
            cells += [value.numerator, value.denominator, None if value.shown is None else Percentage(value.shown)]
        yield cells


def definition_rows() -> Iterator[Sequence[object]]:
    """How each figure is counted: its name and its definition."""
    for rate in RATES.values():
        yield [str(rate.label), definition_of(rate)]
    for label, text in (
        (pgettext("figure", "Submitted"), VOLUME),
        (_("Excluded"), EXCLUSIONS),
        (_("Unit"), PLACE),
        (_("Small numbers"), SMALL),
    ):
        yield [label, str(text)]


def _row(heading: str, name: str, counts: Counts, *, small: bool = True) -> list[object]:
    """`small`: whether the two numbers stand there where they are too few for a rate."""
    cells: list[object] = [heading, name, *(counts[measure] for measure in COUNTS)]
    for found in rate_values(counts):
        numbers = [found.numerator, found.denominator] if small or not found.is_small else [None, None]
        cells += [*numbers, None if found.shown is None else Percentage(found.shown)]
    return cells
