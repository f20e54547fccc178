"""A page of figures: a question, the tiles, the picture, the tables behind it, each with the address that opens it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.kernel import timezone
from lianxin.kernel.figures import Rate, RateValue
from lianxin.org.models import Unit
from lianxin.statistics.conduct import conduct_total
from lianxin.statistics.definitions import COUNTS, RATES
from lianxin.statistics.export import definition_of
from lianxin.statistics.report import AggregateRow, Report
from lianxin.ui.formatting import month_of, number, ratio, short_day


@dataclass(frozen=True)
class Tile:
    """A rate with its two numbers and how it changed; opens the page that asks its question."""

    label: str
    number: str
    parts: str
    change: str
    url: str
    current: bool


@dataclass(frozen=True)
class Row:
    """A line of a table: where it leads, its two numbers and its rate, how that changed, and the cases behind it."""

    name: str
    url: str
    raised: int
    rate: RateValue
    change: str
    cases_url: str

    @property
    def said(self) -> str:
        """The rate in words; of fewer than five its two numbers stand beside it already."""
        return "–" if self.rate.is_small else ratio(self.rate.numerator, self.rate.denominator)


@dataclass(frozen=True)
class Table:
    """A breakdown."""

    title: str
    head: str
    rows: Sequence[Row]
    compared: bool = False
    """Whether the rows know how they changed."""


@dataclass(frozen=True)
class FiguresPage:
    """Everything on the page."""

    report: Report
    figure: Rate
    above: list[tuple[str, str]]
    tiles: list[Tile]
    beside: list[tuple[str, str]]
    units: Table
    tables: list[Table]
    trend: list[tuple[str, RateValue, int]]
    definitions: list[tuple[str, str]]
    cases_url: str
    export_url: str
    conduct: tuple[int, int | None] | None

    @property
    def chart(self) -> dict[str, Any]:
        """What the picture is drawn from; a rate over fewer than five is a gap."""
        shown = [rate for _step, rate, _raised in self.trend]
        return {
            "labels": [step for step, _rate, _raised in self.trend],
            "rate": {
                "name": str(self.figure.label),
                "data": [None if r.value is None or r.is_small else round(100 * r.value, 1) for r in shown],
            },
            "part": {"name": pgettext("figure", "Count"), "data": [rate.numerator for rate in shown]},
            "whole": {"name": pgettext("figure", "Total"), "data": [rate.denominator for rate in shown]},
        }


def change_of(now: RateValue, before: RateValue) -> str:
    """By how many percentage points a rate changed; nothing where one of the two is over fewer than five."""
    if now.value is None or before.value is None or now.is_small or before.is_small:
        return ""
    points = round(round(100 * now.value, 1) - round(100 * before.value, 1), 1)
    return _("%(points)s points") % {"points": f"{points:+.1f}"} if points else _("unchanged")


@dataclass(frozen=True)
class _Addresses:
    """Addresses that keep what is in the present one."""

    query: QueryDict

    def __call__(self, name: str, **changes: str) -> str:
        kept = {key: value for key, value in self.query.items() if value and key not in ("page", *changes)}
        return f"{reverse(f'statistics:{name}')}?{urlencode({**kept, **changes})}"

    def cases(self, figure: Rate, **changes: str) -> str:
        """The cases that a figure is about first: those that its question asks for."""
        asked = {"measure": figure.numerator.name}
        if figure.higher_is_better:
            asked = {"measure": figure.denominator.name, "lacking": figure.numerator.name}
        return self("figure_cases", figure=figure.code, **asked, **changes)


def figures_page(
    report: Report, *, query: QueryDict, code: str, above: Iterable[Unit], reachable: Collection[str]
) -> FiguresPage:
    """Put a report on a page that asks the question of one figure. `reachable`: codes of units the viewer may go to."""
    to, figure, grain = _Addresses(query), RATES[code], report.scope.grain

    row, unit = partial(_row, to, figure), partial(_unit_row, to, figure, reachable)
    tables = [
        Table(_("By kind"), _("Kind"), [row(line, kind=line.key) for line in report.kinds]),
        Table(
            _("By category"), _("Category"), [row(x, category=x.key) if x.key else row(x) for x in report.categories]
        ),
        Table(_("By channel"), _("Channel"), [row(line, channel=line.key) for line in report.channels]),
    ]
    return FiguresPage(
        report=report,
        figure=figure,
        above=[(each.name, to("figures", unit=each.code)) for each in above],
        tiles=[tile_of(report, each, to("figures", figure=each), current=each == code) for each in RATES],
        beside=[(str(label), number(report.counts[name])) for name, label in COUNTS.items()],
        units=Table(
            _("By unit"), _("Unit"), sorted(map(unit, report.units), key=lambda x: _worst_first(x.rate)), compared=True
        ),
        tables=[table for table in tables if len(table.rows) > 1],
        trend=[(_step(step, grain), figure.of(counts), counts["raised"]) for step, counts in report.trend],
        definitions=[(str(each.label), definition_of(each)) for each in RATES.values()],
        cases_url=to.cases(figure),
        export_url=to("figures_export"),
        conduct=_conduct(report),
    )


def _row(to: _Addresses, figure: Rate, line: AggregateRow, **narrower: str) -> Row:
    """A line of a breakdown; `narrower` is what its address adds, nothing where it leads nowhere."""
    now, before = figure.of(line.counts), figure.of(line.before)
    itself = "alone" in narrower
    return Row(
        name=_("%(unit)s itself") % {"unit": line.name} if itself else line.name,
        url=to("figures", **narrower) if narrower and not itself else "",
        raised=line.counts["raised"],
        rate=now,
        change=change_of(now, before),
        cases_url=to.cases(figure, **narrower) if narrower and now.denominator else "",
    )


def _unit_row(to: _Addresses, figure: Rate, reachable: Collection[str], line: AggregateRow) -> Row:
    if line.unit is None:
        return _row(to, figure, line, alone="1")
    return _row(to, figure, line, **({"unit": line.unit.code} if line.unit.code in reachable else {}))


def tile_of(report: Report, code: str, url: str, *, current: bool) -> Tile:
    now, before = RATES[code].of(report.counts), RATES[code].of(report.before)
    shown = ratio(now.numerator, now.denominator)
    parts = f"{number(now.numerator)} / {number(now.denominator)}"
    return Tile(str(now.rate.label), shown, parts if parts != shown else "", change_of(now, before), url, current)


def _worst_first(rate: RateValue) -> tuple[bool, bool, float]:
    value = rate.value or 0.0
    return not rate.denominator, rate.is_small, value if rate.rate.higher_is_better else -value


def _step(step: date, grain: str) -> str:
    """A step of the trend in few characters: 2026年11月, 11月23日."""
    return month_of(step) if grain == "month" else short_day(step)


def _conduct(report: Report) -> tuple[int, int | None] | None:
    """The one number of sealed cases: beside the figures of the whole enterprise, a whole year that is over."""
    year = report.scope.period.since.year
    if report.scope.unit.depth > 1 or report.scope.narrowing or year >= timezone.today().year:
        return None
    return year, conduct_total(year)
