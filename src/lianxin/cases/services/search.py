"""Making anew what cases are found by: after taking over a database from before there was a search, or when how texts
are cut has changed. Otherwise it is kept up with each case and message (`workflow.finding`).
"""

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from lianxin.cases.models import Case, Message, SearchRow
from lianxin.cases.workflow.finding import search_row

BATCH = 1000
_KEPT_UP = [
    field.name
    for field in SearchRow._meta.concrete_fields  # noqa: SLF001 - documented, for others than Django too
    if not field.primary_key
]


def _unseen(_all: int) -> Callable[[int], object]:
    return lambda _done: None


def rebuild_search(*, begin: Callable[[int], Callable[[int], object]] = _unseen) -> int:
    """Make the search rows of all cases anew; return how many. People go on searching and working meanwhile.

    Each batch is a transaction, in which its cases are held fast: what is said meanwhile waits, and is added. Safe to
    break off and to run again. `begin` is told how many there are, and what it returns how many more are done.
    """
    advance = begin(Case.objects.count())
    done, last = 0, UUID(int=0)
    while True:
        with transaction.atomic():
            cases = list(Case.objects.select_for_update(no_key=True).filter(pk__gt=last).order_by("pk")[:BATCH])
            if not cases:
                return done
            _rebuild(cases)
        done, last = done + len(cases), cases[-1].pk
        advance(len(cases))


def _rebuild(cases: list[Case]) -> None:
    said: dict[UUID, list[tuple[str, bool]]] = defaultdict(list)
    messages = Message.objects.filter(case__in=cases).order_by("case", "version")
    for case_id, text, internal in messages.values_list("case", "text", "internal").iterator():
        said[case_id].append((text, internal))
    SearchRow.objects.bulk_create(
        [search_row(case, said[case.pk]) for case in cases],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=_KEPT_UP,
    )
