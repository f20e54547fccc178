"""Pages of lists that may be a million rows long."""

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST = 3000
"""How many rows of a list can be turned to. Nobody turns a hundred pages: whoever looks for an older row narrows."""


class CappedPaginator(Paginator):  # type: ignore[type-arg] # it has none where it runs
    """Pages of the first `MOST` rows. To count them the database looks at no more rows of the list than these."""

    def __init__(self, rows: Any, per_page: int, *, found: int | None = None) -> None:
        """`rows`: a query set; where it is known how many are `found`, whatever gives a page for a slice of it."""
        super().__init__(rows, per_page)
        self._rows = rows
        self._known = found

    @cached_property
    def _found(self) -> int:
        """How many rows there are, or one more than `MOST`."""
        return self._rows.order_by()[: MOST + 1].count() if self._known is None else self._known

    @cached_property
    def count(self) -> int:
        """How many rows can be turned to."""
        return min(self._found, MOST)

    @property
    def is_cut(self) -> bool:
        """Whether there are more."""
        return self._found > MOST
