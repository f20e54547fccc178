"""Figures as plain values, for exports and commands: the same report, nothing computed anew."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.kernel.figures import Counts, Rate
from lianxin.statistics.definitions import COUNTS, EXCLUSIONS, MEASURES, PLACE, RATES, SMALL, VOLUME
from lianxin.statistics.report import AggregateRow, Report, rate_values


def definition_of(rate: Rate) -> str:
    """A rate's definition as one paragraph: numerator, denominator, cohort."""
    return _("Count: %(counts)s. Total: %(over)s. Period: %(cohort)s.") % {
        "counts": rate.numerator.definition,
        "over": rate.denominator.definition,
        "cohort": rate.cohort,
    }


def report_as_dict(report: Report) -> dict[str, Any]:
    """The whole report as JSON can hold it; a rate is a fraction of one, null over nothing."""
    scope = report.scope
    return {
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
        "units": [{"unit": line.unit.code if line.unit else None, **_row_as_dict(line)} for line in report.units],
        "kinds": [{"kind": line.key, **_row_as_dict(line)} for line in report.kinds],
        "categories": [{"category": line.key, **_row_as_dict(line)} for line in report.categories],
        "channels": [{"channel": line.key, **_row_as_dict(line)} for line in report.channels],
        "definitions": {code: definition_of(rate) for code, rate in RATES.items()}
        | {"raised": str(VOLUME), "excluded": str(EXCLUSIONS), "place": str(PLACE)},
    }


def _figures(counts: Counts) -> dict[str, dict[str, float | int | None]]:
    return {
        found.rate.code: {"numerator": found.numerator, "denominator": found.denominator, "rate": found.value}
        for found in rate_values(counts)
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {name: counts[name] for name in MEASURES}


def _counts_as_dict(counts: Counts) -> dict[str, Any]:
    return {"figures": _figures(counts), "counts": _counts(counts)}


def _row_as_dict(row: AggregateRow) -> dict[str, Any]:
    return {"name": row.name, **_counts_as_dict(row.counts)}


def headers() -> list[str]:
    """The columns of `rows_of`: three for each figure."""
    heads = [_("Breakdown by"), _("Name"), *(str(label) for label in COUNTS.values())]
    part, whole = pgettext("figure", "Count"), pgettext("figure", "Total")
    for rate in RATES.values():
        heads += [f"{rate.label}: {part}", f"{rate.label}: {whole}", f"{rate.label} (%)"]
    return heads


def rows_of(report: Report) -> Iterator[Sequence[object]]:
    """The report as a table: the whole, the period before, every breakdown, the trend."""
    scope = report.scope
    yield _row(_("Overall"), f"{scope.unit.name} {scope.period}", report.counts)
    yield _row(_("Previous period"), f"{scope.unit.name} {scope.period.before}", report.before)
    for heading, lines in (
        (_("Unit"), report.units),
        (_("Kind"), report.kinds),
        (_("Category"), report.categories),
        (_("Channel"), report.channels),
    ):
        for line in lines:
            own = heading == _("Unit") and line.unit is None
            name = _("%(unit)s itself") % {"unit": line.name} if own else line.name
            yield _row(heading, name, line.counts)
    for step, counts in report.trend:
        yield _row(pgettext("period", "From"), step.isoformat(), counts)


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


def _row(heading: str, name: str, counts: Counts) -> list[object]:
    cells: list[object] = [heading, name, *(counts[measure] for measure in COUNTS)]
    for found in rate_values(counts):
        percent = None if found.value is None or found.is_small else round(found.value * 100, 1)
        cells += [found.numerator, found.denominator, percent]
    return cells
