"""Lists of work: a real table, pages, tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianxin.ui.components.base import NOTHING, Component, DrawnComponent, attribute
from lianxin.ui.components.display import Text, draw_icon
from lianxin.ui.markup import format_html, format_html_join


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a work table. With `sort` its head is a link that orders by that key (?sort=key, ?sort=-key)."""

    label: Text
    sort: str = ""
    numeric: bool = False
    wide_only: bool = False

    @property
    def looks(self) -> str:
        """The classes of its head and cells."""
        return " ".join(["numeric"] * self.numeric + ["wide-only"] * self.wide_only)


SELECT_ALL = (
    '<th scope="col" class="cell-select"><label class="row-check">'
    '<input type="checkbox" class="form-check-input" data-select-all>'
    '<span class="visually-hidden">{}</span></label></th>'
)
SORT_ICONS = {"ascending": "arrow-up", "descending": "arrow-down", "none": "arrows-sort"}


class Head(NamedTuple):
    column: Column
    url: str
    direction: Literal["ascending", "descending", "none"]


def with_query(query: QueryDict, **changes: str | int) -> str:
    """The present address's query with `changes`; an empty value takes a key away."""
    changed = query.copy()
    for key, value in changes.items():
        if value == "":
            changed.pop(key, None)
        else:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"


@dataclass(frozen=True, kw_only=True)
class WorkTable(DrawnComponent):
    """A table to work through: sorting in the address bar, ↑ ↓ j k Enter x on the keyboard, a head that stays.

    Between the tags stand the `<tr>`s; the link that opens a row has the class `row-link`, and with `selectable` the
    first cell holds a `select`. On a phone a row becomes a card: give its `<td>`s `data-label`. With an `id` the reader
    may choose columns, which the browser remembers.
    """

    takes_content: ClassVar[bool] = True
    label: Text
    columns: Sequence[Column]
    request: HttpRequest
    selectable: bool = False
    id: str = ""

    @property
    def heads(self) -> list[Head]:
        present = self.request.GET.get("sort", "")
        heads = []
        for column in self.columns:
            following = f"-{column.sort}" if present == column.sort else column.sort
            direction: Literal["ascending", "descending", "none"] = "none"
            if column.sort and present.lstrip("-") == column.sort:
                direction = "descending" if present.startswith("-") else "ascending"
            url = with_query(self.request.GET, sort=following, page="", after="") if column.sort else ""
            heads.append(Head(column, url, direction))
        return heads

    def draw(self) -> SafeString:
        return format_html(
            '{}<div class="table-scroll"><table class="work-table" data-work-table{}>'
            '<caption class="visually-hidden">{}</caption><thead><tr>{}{}</tr></thead><tbody>{}</tbody></table>'
            "</div>\n",
            self._columns_menu() if self.id else "",
            attribute("id", self.id),
            self.label,
            format_html(SELECT_ALL, _("Select all")) if self.selectable else "",
            format_html_join("", "{}", ((self._head(head),) for head in self.heads)),
            self.content,
        )

    def _columns_menu(self) -> SafeString:
        return format_html(
            '<details class="menu table-columns" data-columns-for="{}" hidden><summary class="btn btn-quiet">{}'
            '<span>{}</span></summary><ul class="menu-items"></ul></details>',
            self.id,
            draw_icon("adjustments"),
            _("Columns"),
        )

    @staticmethod
    def _head(head: Head) -> SafeString:
        column = head.column
        name = column.label
        if head.url:
            picture = draw_icon(SORT_ICONS[head.direction], "s")
            name = format_html('<a href="{}">{}{}</a>', head.url, name, picture)
        sorting = attribute("aria-sort", head.direction if head.direction != "none" else "")
        return format_html('<th scope="col"{}{}>{}</th>', attribute("class", column.looks), sorting, name)


@dataclass(frozen=True, kw_only=True)
class TableRows(DrawnComponent):
    """The rows of a work table, for lists that are drawn without a template: of each its cells, one for each column.
    Where the table is selectable, `ticks` stand before them.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[SafeString]]
    ticks: "Sequence[Select]" = ()

    def draw(self) -> SafeString:
        opened = [
            format_html("<td{}{}>", attribute("data-label", column.label), attribute("class", column.looks))
            for column in self.columns
        ]
        form = "<tr>{}" + "\n".join(f"{cell}{{}}</td>" for cell in opened) + "</tr>\n"
        ticks = [format_html('<td class="cell-select">{}</td>', tick.draw()) for tick in self.ticks]
        before = ticks or [NOTHING] * len(self.rows)
        return format_html_join("", form, ((tick, *cells) for tick, cells in zip(before, self.rows, strict=True)))


@dataclass(frozen=True, kw_only=True)
class Select(DrawnComponent):
    """The tick box of one row of a selectable table."""

    value: str | int
    label: Text
    name: str = "selected"

    def draw(self) -> SafeString:
        return format_html(
            '<label class="row-check"><input type="checkbox" class="form-check-input" name="{}" value="{}" data-select>'
            '<span class="visually-hidden">{}</span></label>\n',
            self.name,
            self.value,
            self.label,
        )


@dataclass(frozen=True, kw_only=True)
class Pagination(Component):
    """Numbered pages of a Django `Page`; the rest of the address's query stays."""

    template: ClassVar[str] = "ui/components/pagination.html"
    page: Page[Any]
    request: HttpRequest
    label: Text = ""

    @property
    def numbers(self) -> list[tuple[int | None, str]]:
        """Page number and address; None stands for a gap."""
        elided = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1)
        return [
            (number, with_query(self.request.GET, page=number)) if isinstance(number, int) else (None, "")
            for number in elided
        ]

    @property
    def previous_url(self) -> str:
        return with_query(self.request.GET, page=self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        return with_query(self.request.GET, page=self.page.number + 1) if self.page.has_next() else ""


@dataclass(frozen=True, kw_only=True)
class More(Component):
    """The next part of a list. With `target` (the selector of a list that both pages have) it is added in place."""

    template: ClassVar[str] = "ui/components/more.html"
    url: str
    label: Text = ""
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Tab:
    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Tabs(DrawnComponent):
    """Different lists under one heading; each tab is a page of its own."""

    label: Text
    tabs: Sequence[Tab]

    def draw(self) -> SafeString:
        if not self.tabs:
            return NOTHING
        tabs = format_html_join("", "{}", ((self._tab(tab),) for tab in self.tabs))
        return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>\n', self.label, tabs)

    @staticmethod
    def _tab(tab: Tab) -> SafeString:
        return format_html(
            '<li><a href="{}"{}>{}{}</a></li>',
            tab.url,
            attribute("aria-current", "page" if tab.current else ""),
            tab.label,
            NOTHING if tab.count is None else format_html('<span class="tab-count">{}</span>', tab.count),
        )
