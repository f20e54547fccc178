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

from lianxin.cases.queries import awaits_requester, my_cases
from lianxin.cases.queries.figures import (
    COUNTS,
    FIGURES,
    Figure,
    Line,
    Period,
    Rate,
    Scope,
    Sheet,
    conduct_total,
    definition_of,
    figures_of,
    figures_unit_for,
    named_period,
    open_matters,
    rate_of,
)
from lianxin.kernel import clock
from lianxin.org.queries import Person, Unit
from lianxin.ui.formatting import number, ratio

OWN_CASES = 5


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
    rate: Rate
    change: str
    cases_url: str

    @property
    def said(self) -> str:
        """The rate in words; of fewer than five its two numbers stand beside it already."""
        return "–" if self.rate.is_small else ratio(self.rate.part, self.rate.whole)


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

    sheet: Sheet
    figure: Figure
    above: list[tuple[str, str]]
    tiles: list[Tile]
    beside: list[tuple[str, str]]
    units: Table
    tables: list[Table]
    trend: list[tuple[str, Rate, int]]
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
            "part": {"name": pgettext("figure", "Counted"), "data": [rate.part for rate in shown]},
            "whole": {"name": pgettext("figure", "Out of"), "data": [rate.whole for rate in shown]},
        }


def change_of(now: Rate, before: Rate) -> str:
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
        return f"{reverse(f'dashboards:{name}')}?{urlencode({**kept, **changes})}"

    def cases(self, figure: Figure, **changes: str) -> str:
        """The cases that a figure is about first: those that its question asks for."""
        asked = {"measure": figure.whole, "lacking": figure.part} if figure.good else {"measure": figure.part}
        return self("figure_cases", figure=figure.code, **asked, **changes)


def figures_page(
    sheet: Sheet, *, query: QueryDict, code: str, above: Iterable[Unit], reachable: Collection[str]
) -> FiguresPage:
    """Put a sheet on a page that asks the question of one figure. `reachable`: codes of units the viewer may go to."""
    to, figure, grain = _Addresses(query), FIGURES[code], sheet.scope.grain

    row, unit = partial(_row, to, figure), partial(_unit_row, to, figure, reachable)
    tables = [
        Table(_("By kind"), _("Kind"), [row(line, kind=line.key) for line in sheet.kinds]),
        Table(_("By category"), _("Category"), [row(x, category=x.key) if x.key else row(x) for x in sheet.categories]),
        Table(_("By channel"), _("Channel"), [row(line, channel=line.key) for line in sheet.channels]),
    ]
    return FiguresPage(
        sheet=sheet,
        figure=figure,
        above=[(each.name, to("figures", unit=each.code)) for each in above],
        tiles=[_tile(sheet, each, to("figures", figure=each), current=each == code) for each in FIGURES],
        beside=[(str(label), number(sheet.counts[name])) for name, label in COUNTS.items()],
        units=Table(
            _("By unit"), _("Unit"), sorted(map(unit, sheet.units), key=lambda x: _worst_first(x.rate)), compared=True
        ),
        tables=[table for table in tables if len(table.rows) > 1],
        trend=[(_step(step, grain), rate_of(counts, code), counts["raised"]) for step, counts in sheet.trend],
        definitions=[(str(each.label), definition_of(each)) for each in FIGURES.values()],
        cases_url=to.cases(figure),
        export_url=to("figures_export"),
        conduct=_conduct(sheet),
    )


def _row(to: _Addresses, figure: Figure, line: Line, **narrower: str) -> Row:
    """A line of a breakdown; `narrower` is what its address adds, nothing where it leads nowhere."""
    now, before = rate_of(line.counts, figure.code), rate_of(line.before, figure.code)
    itself = "alone" in narrower
    return Row(
        name=_("%(unit)s itself") % {"unit": line.name} if itself else line.name,
        url=to("figures", **narrower) if narrower and not itself else "",
        raised=line.counts["raised"],
        rate=now,
        change=change_of(now, before),
        cases_url=to.cases(figure, **narrower) if narrower and now.whole else "",
    )


def _unit_row(to: _Addresses, figure: Figure, reachable: Collection[str], line: Line) -> Row:
    if line.unit is None:
        return _row(to, figure, line, alone="1")
    return _row(to, figure, line, **({"unit": line.unit.code} if line.unit.code in reachable else {}))


def _tile(sheet: Sheet, code: str, url: str, *, current: bool) -> Tile:
    now, before = rate_of(sheet.counts, code), rate_of(sheet.before, code)
    shown = ratio(now.part, now.whole)
    parts = f"{number(now.part)} / {number(now.whole)}"
    return Tile(str(now.figure.label), shown, parts if parts != shown else "", change_of(now, before), url, current)


def _worst_first(rate: Rate) -> tuple[bool, bool, float]:
    value = rate.value or 0.0
    return not rate.whole, rate.is_small, value if rate.figure.good else -value


def _step(step: date, grain: str) -> str:
    """A step of the trend in few characters: 2026-11, 11-23."""
    return f"{step:%Y-%m}" if grain == "month" else f"{step:%m-%d}"


def _conduct(sheet: Sheet) -> tuple[int, int | None] | None:
    """The one number of sealed cases: beside the figures of the whole enterprise, a whole year that is over."""
    year = sheet.scope.period.since.year
    if sheet.scope.unit.depth > 1 or sheet.scope.narrowing or year >= clock.today().year:
        return None
    return year, conduct_total(year)


@dataclass(frozen=True)
class Overview:
    """The first page of who answers for a unit without a desk: how it is served, and what is open, as counts."""

    unit: Unit
    period: Period
    tiles: list[Tile]
    open_matters: list[tuple[str, str]]
    figures_url: str
    own_awaiting: bool


def overview(*, viewer: Person) -> Overview:
    """The rates of the viewer's unit this month, and how many matters of its people are open."""
    unit, _above = figures_unit_for(viewer=viewer)
    sheet = figures_of(Scope(unit, named_period("month"), viewer=viewer))
    to, matters = _Addresses(QueryDict()), open_matters(viewer=viewer)
    labels = {
        "open": _("Open matters"),
        "overdue": _("Overdue"),
        "answer": _("Waiting for an answer"),
        "rating": _("Waiting for a rating"),
    }
    return Overview(
        unit=unit,
        period=sheet.scope.period,
        tiles=[_tile(sheet, code, to("figures", figure=code), current=False) for code in FIGURES],
        open_matters=[(label, number(matters[name])) for name, label in labels.items()],
        figures_url=to("figures"),
        own_awaiting=any(awaits_requester(case) for case in my_cases(viewer=viewer)[:OWN_CASES]),
    )
