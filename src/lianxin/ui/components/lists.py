"""Lists of work: a real table, pages, tabs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict

from lianxin.ui.components.base import Component
from lianxin.ui.components.display import Text


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a work table. With `sort` its head is a link that orders by that key (?sort=key, ?sort=-key)."""

    label: Text
    sort: str = ""
    numeric: bool = False
    wide_only: bool = False


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
class WorkTable(Component):
    """A table to work through: sorting in the address bar, ↑ ↓ j k Enter x on the keyboard, a head that stays.

    Between the tags stand the `<tr>`s; the link that opens a row has the class `row-link`, and with `selectable` the
    first cell holds a `select`. On a phone a row becomes a card: give its `<td>`s `data-label`. With an `id` the reader
    may choose columns, which the browser remembers.
    """

    template: ClassVar[str] = "ui/components/work_table.html"
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


@dataclass(frozen=True, kw_only=True)
class Select(Component):
    """The tick box of one row of a selectable table."""

    template: ClassVar[str] = "ui/components/select.html"
    value: str | int
    label: Text
    name: str = "selected"


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
class Tabs(Component):
    """Different lists under one heading; each tab is a page of its own."""

    template: ClassVar[str] = "ui/components/tabs.html"
    label: Text
    tabs: Sequence[Tab]
