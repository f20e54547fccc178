"""Facts of cases: how a case becomes rows that are counted. The one place where the figures' definitions are code.

`refresh_facts` runs in the transaction of every change of a case (`receivers`), `rebuild_facts` makes all anew, and
`compare_facts` says where the two would differ.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import CaseState, Channel, DeadlineKind, Outcome, Resolved, Satisfaction
from lianxin.cases.models import Case, Deadline, Rating
from lianxin.kernel import timezone
from lianxin.org.models import Unit
from lianxin.org.queries import ids_down_to
from lianxin.statistics.definitions import MEASURES
from lianxin.statistics.models import CaseFact

BATCH = 1000
"""Cases whose facts are made anew in one transaction."""
_WITHOUT_RATES = {CaseState.MERGED, CaseState.WITHDRAWN, CaseState.DECLINED}


def refresh_facts(case_ids: Collection[UUID]) -> None:
    """Make the facts of some cases anew; in the transaction that changed them, which holds their rows locked."""
    with transaction.atomic(savepoint=False):
        CaseFact.objects.filter(case__in=case_ids).delete()
        CaseFact.objects.bulk_create(facts_of(_with_parts(case_ids)))


def rebuild_facts(*, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Make the facts of all cases anew, a thousand cases a transaction; return how many facts there are.

    Safe to stop and to run again. `progress` is given how many cases are done, and of how many.
    """
    case_ids = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(case_ids), BATCH):
        part = case_ids[start : start + BATCH]
        with transaction.atomic():
            locked = Case.objects.filter(pk__in=part).order_by("pk").select_for_update(no_key=True)
            refresh_facts(list(locked.values_list("pk", flat=True)))
        progress(min(start + BATCH, len(case_ids)), len(case_ids))
    return CaseFact.objects.count()


def compare_facts() -> list[str]:
    """The numbers of cases whose stored facts differ from what their case says now."""
    differing = []
    case_ids = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(case_ids), BATCH):
        part = case_ids[start : start + BATCH]
        with transaction.atomic():
            cases = {case.pk: case for case in _with_parts(part)}
            right = _by_case(facts_of(cases.values()))
            stored = _by_case(CaseFact.objects.filter(case__in=part))
        differing += [case.number for pk, case in cases.items() if right.get(pk) != stored.get(pk)]
    return sorted(differing)


def _by_case(facts: Iterable[CaseFact]) -> dict[UUID, Counter[tuple[object, ...]]]:
    found: dict[UUID, Counter[tuple[object, ...]]] = {}
    for fact in facts:
        values = (
            fact.day,
            fact.unit_id,
            tuple(fact.unit_trail),
            fact.counts_from,
            fact.kind,
            fact.category_id,
            fact.channel,
            *(getattr(fact, name) for name in MEASURES),
        )
        found.setdefault(fact.case_id, Counter())[values] += 1
    return found


def _with_parts(case_ids: Collection[UUID]) -> list[Case]:
    cases = Case.objects.filter(pk__in=case_ids).select_related("place_unit", "imported_from")
    return list(cases.prefetch_related("deadlines", "ratings"))


def facts_of(cases: Iterable[Case]) -> list[CaseFact]:
    """The facts of cases read with place, import, clocks and ratings."""
    trails: dict[int, list[int]] = {}
    return [fact for case in cases if not (case.sealed or case.is_test) for fact in _facts(case, trails)]


def _facts(case: Case, trails: dict[int, list[int]]) -> Iterator[CaseFact]:
    where = _where(case, trails)
    yield _fact(case, case.submitted_at, where, _submitted(case))
    if case.channel == Channel.IMPORT or case.state in _WITHOUT_RATES:
        return
    for deadline in case.deadlines.all():
        yield from _deadline(case, deadline)
    ratings = {rating.round: rating for rating in case.ratings.all()}
    if first := ratings.get(1):
        yield _fact(case, first.at, (first.unit_id, first.unit_trail), _first_rating(first))
    if case.closed_at and case.state == CaseState.CLOSED and case.outcome in (Outcome.RATED, Outcome.UNRATED):
        yield _fact(case, case.closed_at, where, _closed(case, ratings.get(case.round)))


def _fact(
    case: Case,
    moment: datetime,
    where: tuple[int, list[int]],
    measures: dict[str, bool],
    *,
    counts_from: datetime | None = None,
) -> CaseFact:
    unit_id, trail = where
    return CaseFact(
        case=case,
        day=timezone.day_of(moment),
        unit_id=unit_id,
        unit_trail=trail,
        counts_from=counts_from,
        kind=case.kind,
        category_id=case.category_id,
        channel=case.channel,
        **measures,
    )


def _where(case: Case, trails: dict[int, list[int]]) -> tuple[int, list[int]]:
    """Where a case counts: at the unit that leads it or led it last, where it stood when its deadline began.

    Before anybody led it, at its place when it was submitted; one from a register, where its place stood when it was
    imported.
    """
    deadlines = sorted(case.deadlines.all(), key=_last_to_begin)
    led = [row for row in deadlines if row.kind in (DeadlineKind.REPLY, DeadlineKind.RATING)]
    accepting = [row for row in deadlines if row.kind == DeadlineKind.ACCEPT]
    for rows in (led, accepting):
        if rows:
            return rows[-1].unit_id, rows[-1].unit_trail
    imported = getattr(case, "imported_from", None)
    trail = imported.unit_trail if imported else _trail(case.place_unit, trails)
    return case.place_unit_id, trail


def _last_to_begin(row: Deadline) -> tuple[object, ...]:
    """Deadlines in the order in which they began; those of an anonymous case may have begun in the same hour."""
    ended = row.cancelled_at or datetime.max.replace(tzinfo=UTC)
    return row.round, row.started_at, row.kind == DeadlineKind.RATING, ended


def _trail(unit: Unit, trails: dict[int, list[int]]) -> list[int]:
    if unit.pk not in trails:
        trails[unit.pk] = ids_down_to(unit)
    return trails[unit.pk]


def _submitted(case: Case) -> dict[str, bool]:
    return {
        "raised": True,
        "imported": case.channel == Channel.IMPORT,
        "merged": case.state == CaseState.MERGED,
        "withdrawn": case.state == CaseState.WITHDRAWN,
        "declined": case.state == CaseState.DECLINED,
        "no_answer": case.outcome == Outcome.NO_ANSWER,
    }


def _deadline(case: Case, deadline: Deadline) -> Iterator[CaseFact]:
    """A deadline for a first response or a reply, for the unit whose it was: met, in time or late, or still open.

    One that stood still when it would have fallen due has not fallen due.
    """
    name = {DeadlineKind.CONTACT: "response", DeadlineKind.REPLY: "reply"}.get(DeadlineKind(deadline.kind))
    if name is None or deadline.cancelled_at:
        return
    if deadline.completed_at is None and deadline.paused_at and deadline.paused_at < deadline.due_at:
        return
    measures = {
        f"{name}_due": True,
        f"{name}_met": bool(deadline.completed_at and deadline.completed_at <= deadline.due_at),
    }
    counts_from = deadline.due_at if deadline.completed_at is None else None
    where = deadline.unit_id, deadline.unit_trail
    yield _fact(case, deadline.due_at, where, measures, counts_from=counts_from)


def _first_rating(rating: Rating) -> dict[str, bool]:
    return {
        "rated": True,
        "resolved": rating.resolved == Resolved.YES,
        "satisfied": rating.satisfaction >= Satisfaction.FAIRLY_SATISFIED,
        "reopened": rating.resolved == Resolved.NO or rating.satisfaction <= Satisfaction.DISSATISFIED,
    }


def _closed(case: Case, last: Rating | None) -> dict[str, bool]:
    rated = case.outcome == Outcome.RATED
    resolved = bool(rated and last and last.resolved == Resolved.YES)
    return {
        "closed": True,
        "closed_rated": rated,
        "first_pass": resolved and case.round == 1,
        "final_resolved": resolved,
        "final_satisfied": bool(rated and last and last.satisfaction >= Satisfaction.FAIRLY_SATISFIED),
    }
