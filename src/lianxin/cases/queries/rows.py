"""Cases as the rows of a list show them: with their units, category and handler, without who raised them."""

from collections.abc import Iterable
from uuid import UUID

from lianxin.cases.models import Case


def in_rows(keys: Iterable[UUID]) -> list[Case]:
    """The cases of these keys, in their order. One query."""
    keys = list(keys)
    found = Case.objects.for_list().in_bulk(keys)
    return [found[pk] for pk in keys if pk in found]
