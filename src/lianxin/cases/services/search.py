"""Making anew what cases are found by: after taking over a database from before there was a search, or when how texts
are cut has changed. Otherwise it is kept up with each case and message (`workflow.search_indexing`).
"""

from collections import defaultdict
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q

from lianxin.cases.models import Case, Message, SearchRow
from lianxin.cases.workflow.search_indexing import search_row

BATCH = 1000
_KEPT_UP = [field.name for field in SearchRow._meta.concrete_fields if not field.primary_key]


def _unseen(_all: int) -> Callable[[int], object]:
    return lambda _done: None


def rebuild_search(*, begin: Callable[[int], Callable[[int], object]] = _unseen) -> int:
    """Make the search rows of all cases anew; return how many. People go on searching and working meanwhile.

    Each batch is a transaction, in which its cases are held fast: what is said meanwhile waits, and is added. Safe to
    break off and to run again. `begin` is told how many there are, and what it returns how many more are done.

    In the order of time, so that the newest, which are looked at most, lie together.
    """
    advance = begin(Case.objects.filter(is_test=False).count())
    everything = Case.objects.filter(is_test=False).select_for_update(no_key=True).order_by("submitted_at", "pk")
    done, rest = 0, everything
    while True:
        with transaction.atomic():
            cases = list(rest[:BATCH])
            if not cases:
                return done
            _rebuild(cases)
        done, last = done + len(cases), cases[-1]
        rest = everything.filter(
            Q(submitted_at=last.submitted_at, pk__gt=last.pk) | Q(submitted_at__gt=last.submitted_at),
            submitted_at__gte=last.submitted_at,  # said once more, so that the index serves
        )
        advance(len(cases))


def find_missing() -> int:
    """Make the search rows that are missing, as after an archive from before there was a search was restored.

    Each batch is a transaction. Returns how many.
    """
    done = 0
    missing = (
        Case.objects.filter(search_row=None, is_test=False).select_for_update(of=("self",), no_key=True).order_by()
    )
    while True:
        with transaction.atomic():
            cases = list(missing[:BATCH])
            if not cases:
                return done
            _rebuild(cases)
        done += len(cases)


def _rebuild(cases: list[Case]) -> None:
    said = defaultdict[object, list[tuple[str, bool]]](list)
    messages = Message.objects.filter(case__in=cases).order_by("case", "version")
    for case_id, text, internal in messages.values_list("case", "text", "internal").iterator():
        said[case_id].append((text, internal))
    SearchRow.objects.bulk_create(
        [search_row(case, said[case.pk]) for case in cases],
        update_conflicts=True,
        unique_fields=["case"],
        update_fields=_KEPT_UP,
    )
