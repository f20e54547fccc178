"""A page of figures: a question, its answer, the tiles, the units compared, the trend, the tables behind them.

A number that can be clicked leads to rows that the viewer may open; where there are none, it is no link.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.kernel import timezone
from lianxin.kernel.figures import Counts, Rate, RateValue
from lianxin.org.models import Unit
from lianxin.statistics.conduct import conduct_total
from lianxin.statistics.definitions import COUNTS, RATES
from lianxin.statistics.export import definition_of, unit_name
from lianxin.statistics.forms import UNCATEGORISED
from lianxin.statistics.report import AggregateRow, Report
from lianxin.ui.formatting import month_of, number, ratio, short_day

LARGE = ("response", "resolution", "satisfaction")
"""The rates that stand large on every page of figures; the others are folded."""


class NamedLink(NamedTuple):
    """A name, and where it leads; empty: nowhere."""

    name: str
    url: str


@dataclass(frozen=True)
class Tile:
    """A rate with its two numbers and how it changed; `url` is the page that asks its question."""

    code: str
    label: str
    number: str
    parts: str
    change: str
    url: str
    current: bool
    cases_url: str = ""


@dataclass(frozen=True)
class Bar:
    """A rate drawn as a bar with the range in which the true one lies; all in percent of the full width."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, rate: RateValue) -> "Bar | None":
        """None for a rate over fewer than five."""
        if rate.shown is None or rate.interval is None:
            return None
        low, high = rate.interval
        return cls(*(round(100 * share, 1) for share in (rate.shown, low, high)))

    @property
    def range(self) -> str:
        """35.9% – 99.2%."""
        return f"{self.low:.1f}% – {self.high:.1f}%"


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

    @property
    def bar(self) -> Bar | None:
        return Bar.of(self.rate)


@dataclass(frozen=True)
class Table:
    """A breakdown."""

    title: str
    head: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class UnitsTable:
    """The units compared, the worst first; `others` are too small and together make the row `pooled`."""

    rows: Sequence[Row]
    pooled: Row | None
    others: Sequence[NamedLink]
    answer: str

    @property
    def has_bars(self) -> bool:
        """Whether any rate is over at least five, so that it is drawn."""
        return any(row.bar for row in [*self.rows, self.pooled] if row)


@dataclass(frozen=True)
class FiguresPage:
    """Everything on the page."""

    report: Report
    figure: Rate
    above: list[NamedLink]
    tiles: list[Tile]
    beside: list[tuple[str, str, str]]
    units: UnitsTable
    tables: list[Table]
    trend: list[tuple[str, RateValue, int]]
    definitions: list[tuple[str, str]]
    export_url: str
    conduct: tuple[int, int | None] | None
    closed_rows: bool
    """Whether cases count here that the viewer may not open."""

    @property
    def large(self) -> list[Tile]:
        return [tile for tile in self.tiles if tile.code in LARGE]

    @property
    def folded(self) -> list[Tile]:
        return [tile for tile in self.tiles if tile.code not in LARGE]

    @property
    def is_folded(self) -> bool:
        """Whether the page's own figure is one of the folded."""
        return self.figure.code not in LARGE

    @property
    def chart(self) -> dict[str, Any]:
        """What the picture is drawn from, each series by the name of what it counts; a rate over few is a gap."""
        shown = [rate for _step, rate, _raised in self.trend]
        shares = [rate.shown for rate in shown]
        return {
            "labels": [step for step, _rate, _raised in self.trend],
            "rate": {
                "name": str(self.figure.label),
                "data": [None if share is None else round(100 * share, 1) for share in shares],
            },
            "part": {"name": str(self.figure.numerator.label), "data": [rate.numerator for rate in shown]},
            "whole": {"name": str(self.figure.denominator.label), "data": [rate.denominator for rate in shown]},
        }


def change_of(now: RateValue, before: RateValue) -> str:
    """By how many percentage points a rate changed; nothing where one of the two is over fewer than five."""
    if now.shown is None or before.shown is None:
        return ""
    points = round(round(100 * now.shown, 1) - round(100 * before.shown, 1), 1)
    return _("%(points)s points") % {"points": f"{points:+.1f}"} if points else _("unchanged")


@dataclass(frozen=True)
class _Addresses:
    """Addresses that keep what is in the present one."""

    query: QueryDict

    def __call__(self, name: str, **changes: str) -> str:
        kept = {key: value for key, value in self.query.items() if value and key not in ("page", *changes)}
        return f"{reverse(f'statistics:{name}')}?{urlencode({**kept, **changes})}"

    def cases(self, figure: Rate, openable: Counts, **changes: str) -> str:
        """The cases behind a rate that may be opened: those that its question asks for, else all; empty for none."""
        met, of = openable[figure.numerator.name], openable[figure.denominator.name]
        if not of:
            return ""
        asked = {"measure": figure.denominator.name}
        if figure.higher_is_better and met < of:
            asked["lacking"] = figure.numerator.name
        elif not figure.higher_is_better and met:
            asked["measure"] = figure.numerator.name
        return self("figure_cases", figure=figure.code, **asked, **changes)


@dataclass(frozen=True)
class _Lines:
    """Makes the rows of tables about one figure; it knows what of each breakdown may be opened."""

    to: _Addresses
    figure: Rate
    reachable: Collection[str]

    def row(self, line: AggregateRow, openable: Counts | None, **narrower: str) -> Row:
        """A line; `narrower` is what its address adds, nothing where it leads nowhere."""
        now, before = self.figure.of(line.counts), self.figure.of(line.before)
        return Row(
            name=unit_name(line) if "alone" in narrower else line.name,
            url=self.to("figures", **narrower) if narrower and "alone" not in narrower else "",
            raised=line.counts["raised"],
            rate=now,
            change=change_of(now, before),
            cases_url=self.to.cases(self.figure, openable, **narrower) if narrower and openable else "",
        )

    def table(
        self, title: str, head: str, param: str, lines: list[AggregateRow], openable: list[AggregateRow]
    ) -> Table:
        """A breakdown by a facet of cases, whose name in the address is `param`."""
        opens = {line.key: line.counts for line in openable}
        keys = {line.key: line.key or UNCATEGORISED for line in lines}
        return Table(title, head, [self.row(line, opens.get(line.key), **{param: keys[line.key]}) for line in lines])

    def units(self, report: Report, openable: Report) -> UnitsTable:
        """The units compared, and what that answers."""
        compared = report.compare_units(self.figure)
        opens = {line.key: line.counts for line in openable.units}
        rows = [self.row(line, opens.get(line.key), **self._place(line)) for line in compared.rows]
        others = [NamedLink(unit_name(line), self._url(line)) for line in compared.others]
        pooled = Row(
            name=ngettext(
                "%(count)d unit with fewer than five", "%(count)d units with fewer than five each", len(others)
            )
            % {"count": len(others)},
            url="",
            raised=sum(line.counts["raised"] for line in compared.others),
            rate=compared.pooled,
            change="",
            cases_url="",
        )
        answer = self.answer(self.figure.of(report.counts), rows)
        return UnitsTable(rows, pooled if others else None, others, answer)

    def _place(self, line: AggregateRow) -> dict[str, str]:
        if line.unit is None:
            return {"alone": "1"}
        return {"unit": line.unit.code} if line.unit.code in self.reachable else {}

    def _url(self, line: AggregateRow) -> str:
        place = self._place(line)
        return self.to("figures", **place) if "unit" in place else ""

    def answer(self, whole: RateValue, rows: Sequence[Row]) -> str:
        """Which units stand apart from the whole by more than chance."""
        if whole.shown is None or len(rows) < 2:  # noqa: PLR2004 - one alone is compared with nothing
            return ""
        share, better = 100 * whole.shown, self.figure.higher_is_better
        apart = [row.name for row in rows if row.bar and (row.bar.high < share if better else row.bar.low > share)]
        said = {"overall": ratio(whole.numerator, whole.denominator), "units": pgettext("list", "; ").join(apart)}
        if not apart:
            return _("No unit differs clearly from the overall %(overall)s: the differences may be chance.") % said
        if better:
            return _("Clearly below the overall %(overall)s: %(units)s.") % said
        return _("Clearly above the overall %(overall)s: %(units)s.") % said


def figures_page(
    report: Report,
    openable: Report,
    *,
    query: QueryDict,
    code: str,
    above: Iterable[Unit],
    reachable: Collection[str],
) -> FiguresPage:
    """Put a report on a page that asks the question of one figure.

    `openable`: the report of what the viewer may open. `reachable`: codes of units the viewer may go to.
    """
    to, figure, scope = _Addresses(query), RATES[code], report.scope
    lines = _Lines(to, figure, reachable)
    tables = [
        lines.table(_("By kind"), _("Kind"), "kind", report.kinds, openable.kinds),
        lines.table(_("By category"), _("Category"), "category", report.categories, openable.categories),
        lines.table(_("By channel"), _("Channel"), "channel", report.channels, openable.channels),
    ]
    return FiguresPage(
        report=report,
        figure=figure,
        above=[NamedLink(each.name, to("figures", unit=each.code)) for each in above],
        tiles=[
            tile_of(
                report,
                each,
                to("figures", figure=each),
                current=each == code,
                cases_url=to.cases(RATES[each], openable.counts),
            )
            for each in RATES
        ],
        beside=[
            (str(label), number(report.counts[name]), _beside_url(to, code, name, openable.counts))
            for name, label in COUNTS.items()
        ],
        units=lines.units(report, openable),
        tables=[table for table in tables if len(table.rows) > 1],
        trend=[
            (_step(max(step, scope.period.since), scope.grain), figure.of(counts), counts["raised"])
            for step, counts in report.trend
        ],
        definitions=[(str(each.label), definition_of(each)) for each in RATES.values()],
        export_url=to("figures_export"),
        conduct=_conduct(report),
        closed_rows=openable.counts != report.counts,
    )


def _beside_url(to: _Addresses, code: str, name: str, openable: Counts) -> str:
    return to("figure_cases", figure=code, measure=name) if openable[name] else ""


def tile_of(report: Report, code: str, url: str, *, current: bool, cases_url: str = "") -> Tile:
    now, before = RATES[code].of(report.counts), RATES[code].of(report.before)
    shown = ratio(now.numerator, now.denominator)
    parts = f"{number(now.numerator)} / {number(now.denominator)}" if not now.is_small else ""
    return Tile(code, str(now.rate.label), shown, parts, change_of(now, before), url, current, cases_url)


def _step(step: date, grain: str) -> str:
    """A step of the trend in few characters: 2026年11月; 11月23日 for the week from then on."""
    return month_of(step) if grain == "month" else pgettext("week of a trend", "from %s") % short_day(step)


def _conduct(report: Report) -> tuple[int, int | None] | None:
    """The one number of sealed cases: beside the figures of the whole enterprise, a whole year that is over."""
    year = report.scope.period.since.year
    if report.scope.unit.depth > 1 or report.scope.narrowing or year >= timezone.today().year:
        return None
    return year, conduct_total(year)
