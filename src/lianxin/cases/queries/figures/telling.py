"""Figures as plain values, for exports and commands: the same sheet, nothing computed anew."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.cases.enums import MEASURES
from lianxin.cases.queries.figures.definitions import COUNTS, EXCLUSIONS, FIGURES, PLACE, SMALL, VOLUME, Figure
from lianxin.cases.queries.figures.reading import Counts
from lianxin.cases.queries.figures.sheet import Line, Sheet, rates


def definition_of(figure: Figure) -> str:
    """A figure's definition as one paragraph: numerator, denominator, cohort."""
    return _("Counted: %(counts)s. Out of: %(over)s. Of which time: %(cohort)s.") % {
        "counts": figure.counts,
        "over": figure.over,
        "cohort": figure.cohort,
    }


def told(sheet: Sheet) -> dict[str, Any]:
    """The whole sheet as JSON can hold it; a rate is a fraction of one, null over nothing."""
    scope = sheet.scope
    return {
        "unit": scope.unit.code,
        "name": scope.unit.name,
        "from": scope.period.since.isoformat(),
        "to": scope.period.until.isoformat(),
        "figures": _figures(sheet.counts),
        "counts": _counts(sheet.counts),
        "before": {
            "from": scope.period.before.since.isoformat(),
            "to": scope.period.before.until.isoformat(),
            "figures": _figures(sheet.before),
            "counts": _counts(sheet.before),
        },
        "trend": [{"from": step.isoformat(), **_told_counts(counts)} for step, counts in sheet.trend],
        "units": [{"unit": line.unit.code if line.unit else None, **_told_line(line)} for line in sheet.units],
        "kinds": [{"kind": line.key, **_told_line(line)} for line in sheet.kinds],
        "categories": [{"category": line.key, **_told_line(line)} for line in sheet.categories],
        "channels": [{"channel": line.key, **_told_line(line)} for line in sheet.channels],
        "definitions": {code: definition_of(figure) for code, figure in FIGURES.items()}
        | {"raised": str(VOLUME), "excluded": str(EXCLUSIONS), "place": str(PLACE)},
    }


def _figures(counts: Counts) -> dict[str, dict[str, float | int | None]]:
    return {
        rate.figure.code: {"numerator": rate.part, "denominator": rate.whole, "rate": rate.value}
        for rate in rates(counts)
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {name: counts[name] for name in MEASURES}


def _told_counts(counts: Counts) -> dict[str, Any]:
    return {"figures": _figures(counts), "counts": _counts(counts)}


def _told_line(line: Line) -> dict[str, Any]:
    return {"name": line.name, **_told_counts(line.counts)}


def headers() -> list[str]:
    """The columns of `rows_of`: three for each figure."""
    heads = [_("Broken down by"), _("Name"), *(str(label) for label in COUNTS.values())]
    part, whole = pgettext("figure", "Counted"), pgettext("figure", "Out of")
    for figure in FIGURES.values():
        heads += [f"{figure.label}: {part}", f"{figure.label}: {whole}", f"{figure.label} (%)"]
    return heads


def rows_of(sheet: Sheet) -> Iterator[Sequence[object]]:
    """The sheet as a table: the whole, the period before, every breakdown, the trend."""
    scope = sheet.scope
    yield _row(_("Whole"), f"{scope.unit.name} {scope.period}", sheet.counts)
    yield _row(_("Period before"), f"{scope.unit.name} {scope.period.before}", sheet.before)
    for heading, lines in (
        (_("Unit"), sheet.units),
        (_("Kind"), sheet.kinds),
        (_("Category"), sheet.categories),
        (_("Channel"), sheet.channels),
    ):
        for line in lines:
            own = heading == _("Unit") and line.unit is None
            name = _("%(unit)s itself") % {"unit": line.name} if own else line.name
            yield _row(heading, name, line.counts)
    for step, counts in sheet.trend:
        yield _row(pgettext("period", "From"), step.isoformat(), counts)


def definition_rows() -> Iterator[Sequence[object]]:
    """How each figure is counted: its name and its definition."""
    for figure in FIGURES.values():
        yield [str(figure.label), definition_of(figure)]
    for label, text in (
        (pgettext("figure", "Raised"), VOLUME),
        (_("Left out"), EXCLUSIONS),
        (_("Unit"), PLACE),
        (_("Few"), SMALL),
    ):
        yield [label, str(text)]


def _row(heading: str, name: str, counts: Counts) -> list[object]:
    cells: list[object] = [heading, name, *(counts[measure] for measure in COUNTS)]
    for rate in rates(counts):
        percent = None if rate.value is None or rate.is_small else round(rate.value * 100, 1)
        cells += [rate.part, rate.whole, percent]
    return cells
