"""Columns of lists: on the page, in the address bar (`?sort=`) and in the workbook that it is exported as."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, TypeAlias

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

Text: TypeAlias = str | Promise
Direction: TypeAlias = Literal["ascending", "descending", "none"]

ANY = pgettext_lazy("filter", "All")
"""The choice of a filter that filters nothing."""
SORT_WORDS: dict[Direction, Text] = {
    "ascending": pgettext_lazy("sorted", "ascending"),
    "descending": pgettext_lazy("sorted", "descending"),
    "none": "",
}
SORT_ICONS: dict[Direction, str] = {"ascending": "arrow-up", "descending": "arrow-down", "none": "arrows-sort"}


class Order(NamedTuple):
    """How a table is sorted by a column now, and the value of `sort` that a click on its head leads to."""

    direction: Direction
    following: str

    @property
    def icon(self) -> str:
        return SORT_ICONS[self.direction]

    @property
    def words(self) -> Text:
        """For who does not see the icon; nothing where the table is not sorted by the column."""
        return SORT_WORDS[self.direction]


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a work table. With `sort` its head is a link that orders by that key (?sort=key, ?sort=-key).

    `value` names what of a row stands there, as in a template: attributes, methods without arguments and keys, with
    dots between.
    """

    label: Text
    value: str = ""
    sort: str = ""
    numeric: bool = False
    wide_only: bool = False

    @property
    def looks(self) -> str:
        """The classes of its head and cells."""
        return " ".join(["numeric"] * self.numeric + ["wide-only"] * self.wide_only)

    def order(self, present: str) -> Order:
        """How the column is sorted where the address says `sort=present`; empty: not at all."""
        if present and present.lstrip("-") == self.sort:
            return Order("descending", self.sort) if present.startswith("-") else Order("ascending", f"-{self.sort}")
        return Order("none", self.sort)

    def of(self, row: Any) -> Any:
        """What of a row stands in this column: a number, a day, a moment or a text; None for nothing."""
        found = row
        for part in self.value.split("."):
            found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
            found = found() if callable(found) else found
        return found if found is None or isinstance(found, bool | int | float | date | datetime) else str(found)
