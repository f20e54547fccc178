"""Start, complete, pause, resume and cancel the deadlines of a case. Nothing else writes `Deadline`.

How long they run is set in `SlaRule`; a change never moves a deadline that already runs.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from lianxin.cases.enums import CaseKind, CaseState, DeadlineKind, ExtensionState, Identity, Measure
from lianxin.cases.models import Case, Category, Deadline, SlaRule
from lianxin.kernel.trees import paths_down_to
from lianxin.kernel.working_time import current_calendar
from lianxin.org.queries import Unit, ids_down_to

STAFF_DEADLINES = (DeadlineKind.ACCEPT, DeadlineKind.SIGN, DeadlineKind.CONTACT, DeadlineKind.REPLY)
ANSWER_WORKING_DAYS = 10
FALLBACK = (7, Measure.WORKING_DAYS)
HAZARD_LIMITS = {
    DeadlineKind.ACCEPT: (1, Measure.HOURS),
    DeadlineKind.SIGN: (30, Measure.MINUTES),
    DeadlineKind.CONTACT: (4, Measure.HOURS),
    DeadlineKind.REPLY: (24, Measure.HOURS),
}
"""Round the clock: accept, first response and reply from submission, sign from dispatch. Where no rule says else."""
ESCALATE_EVERY = {
    DeadlineKind.ACCEPT: timedelta(minutes=15),
    DeadlineKind.SIGN: timedelta(minutes=15),
    DeadlineKind.CONTACT: timedelta(hours=1),
    DeadlineKind.REPLY: timedelta(hours=1),
}
"""How often the deadlines of a hazard go a level up: the first from its start, the others once they are overdue."""
_MOST_LEVEL = 30_000
_SPANS = {Measure.MINUTES: timedelta(minutes=1), Measure.HOURS: timedelta(hours=1), Measure.DAYS: timedelta(days=1)}


def rule_for(deadline: DeadlineKind, kind: str, category: Category | None, *, hazard: bool = False) -> tuple[int, str]:
    """How long a deadline runs: the rule of the category or its nearest ancestor, else of the kind, else of all.

    For a hazard only rules for hazards count, whatever kind the case was given: a category's general rule is made for
    what can wait.
    """
    kinds = [CaseKind.HAZARD] if hazard else [kind, ""]
    above = paths_down_to(category.path if category else "")
    rules = SlaRule.objects.filter(Q(category=None) | Q(category__path__in=above), clock=deadline, kind__in=kinds)
    nearest = rules.order_by(F("category__depth").desc(nulls_last=True), "-kind").first()
    if nearest is None:
        return HAZARD_LIMITS[deadline] if hazard else FALLBACK
    return nearest.amount, nearest.measure


def due_after(start: datetime, amount: int, measure: str) -> datetime:
    """When a deadline that starts at `start` falls due.

    Working days end at the close of business (民法典 201, 203); hours and calendar days run round the clock.
    """
    if measure == Measure.WORKING_DAYS:
        return current_calendar().add_working_days(start, amount)
    return start + amount * _SPANS[Measure(measure)]


def reminder_at(start: datetime, due: datetime, measure: str) -> datetime:
    """When whoever has to act is reminded: three quarters through, in working time for a deadline of working days."""
    if measure != Measure.WORKING_DAYS:
        return start + (due - start) * 3 / 4
    calendar = current_calendar()
    return min(due, calendar.add_working_time(start, calendar.working_time_between(start, due) * 3 / 4))


def open_deadlines(case: Case) -> QuerySet[Deadline]:
    """The deadlines that are neither met nor cancelled."""
    return Deadline.objects.filter(case=case, completed_at__isnull=True, cancelled_at__isnull=True)


def planned(
    case: Case, kind: DeadlineKind, *, unit: Unit, at: datetime, rule: tuple[int, str] | None = None
) -> Deadline:
    """A deadline for a unit, not saved yet.

    Those of an anonymous hazard start at the next full hour: what is stored of it tells no more than the hour, and an
    hour cut off its beginning would make half an hour late at once.
    """
    at = case.time_kept(at)
    hazard = bool(case.danger) and kind in STAFF_DEADLINES and rule is None
    if hazard and case.identity == Identity.ANONYMOUS:
        at += timedelta(hours=1)
    amount, measure = rule or rule_for(kind, case.kind, case.category, hazard=hazard)
    due = due_after(at, amount, measure)
    every = ESCALATE_EVERY[kind] if hazard else None
    escalates_at = reminder_at(at, due, measure) if kind in STAFF_DEADLINES else due + _on_its_way(case)
    if every and kind == DeadlineKind.ACCEPT:
        escalates_at = at + every
    return Deadline(
        case=case,
        kind=kind,
        round=case.round,
        unit=unit,
        unit_trail=ids_down_to(unit),
        measure=measure,
        started_at=at,
        due_at=due,
        escalates_at=escalates_at,
        escalate_every=every,
    )


def _on_its_way(case: Case) -> timedelta:
    """How long what a requester did in time may still be on its way: with a receipt, over an hour in the spool."""
    waits = case.identity == Identity.ANONYMOUS and settings.LIANXIN_SPOOL_SECONDS > 0
    return timedelta(hours=2) if waits else timedelta(0)


def submission_deadlines(case: Case, *, unit: Unit, at: datetime) -> list[Deadline]:
    """The deadlines that run from submission or, of a case that waited in the spool, from delivery, not saved yet: to
    accept and, for a hazard, first response and reply.
    """
    return [planned(case, kind, unit=unit, at=at) for kind in _kinds_at_intake(case)]


def _kinds_at_intake(case: Case) -> tuple[DeadlineKind, ...]:
    return (DeadlineKind.ACCEPT, DeadlineKind.CONTACT, DeadlineKind.REPLY) if case.danger else (DeadlineKind.ACCEPT,)


def start_intake(case: Case, *, unit: Unit, at: datetime) -> None:
    """The case is to be accepted, or handed out, anew: for a hazard first response and reply are due from now, too."""
    Deadline.objects.bulk_create(planned(case, kind, unit=unit, at=at) for kind in _kinds_at_intake(case))


def start(case: Case, kind: DeadlineKind, *, unit: Unit, at: datetime, rule: tuple[int, str] | None = None) -> None:
    """Start a deadline for a unit."""
    planned(case, kind, unit=unit, at=at, rule=rule).save()


def start_handling(case: Case, *, unit: Unit, at: datetime) -> None:
    """A unit got the case: its sign deadline starts; response and reply start too, or go over to it, due as before."""
    open_deadlines(case).filter(kind=DeadlineKind.SIGN).update(cancelled_at=at)
    start(case, DeadlineKind.SIGN, unit=unit, at=at)
    running = open_deadlines(case).filter(kind__in=[DeadlineKind.CONTACT, DeadlineKind.REPLY])
    running.update(unit=unit, unit_trail=ids_down_to(unit))
    kinds = set(
        Deadline.objects.filter(case=case, round=case.round, cancelled_at__isnull=True).values_list("kind", flat=True)
    )
    for kind in (DeadlineKind.CONTACT, DeadlineKind.REPLY):
        if kind not in kinds:
            start(case, kind, unit=unit, at=at)


def start_signing(case: Case, *, unit: Unit, at: datetime) -> None:
    """The unit has to sign for the case again; while the case waits for its requester, that deadline stands still."""
    if open_deadlines(case).filter(kind=DeadlineKind.SIGN).exists():
        return
    deadline = planned(case, DeadlineKind.SIGN, unit=unit, at=at)
    if case.state == CaseState.WAITING:
        deadline.paused_at, deadline.remaining = at, _left(deadline, at)
    deadline.save()


def meet(case: Case, *kinds: DeadlineKind, at: datetime) -> None:
    """What the deadlines ask for was done."""
    open_deadlines(case).filter(kind__in=kinds).update(completed_at=at, paused_at=None, remaining=None)


def cancel_all(case: Case, *, at: datetime) -> None:
    """The case ended otherwise: nothing is due any more."""
    open_deadlines(case).update(cancelled_at=at, paused_at=None, remaining=None)


def pause(case: Case, *, at: datetime) -> None:
    """The case waits for its requester: the staff's deadlines stop, and keep how much time they have left."""
    running = list(open_deadlines(case).filter(kind__in=STAFF_DEADLINES))
    for deadline in running:
        deadline.paused_at, deadline.remaining = at, _left(deadline, at)
    Deadline.objects.bulk_update(running, ["paused_at", "remaining"])


def _left(deadline: Deadline, at: datetime) -> timedelta:
    if deadline.measure == Measure.WORKING_DAYS:
        return current_calendar().remaining(deadline.due_at, at, since=deadline.started_at)
    return max(deadline.due_at - at, timedelta(0))


def resume(case: Case, *, at: datetime) -> None:
    """The requester answered: deadlines run on with the time that remained; overdue ones escalate a day later."""
    for deadline in open_deadlines(case).filter(paused_at__isnull=False):
        if deadline.remaining:
            is_reminded = deadline.escalates_at == deadline.due_at
            if deadline.measure == Measure.WORKING_DAYS:
                deadline.due_at = current_calendar().resume(deadline.due_at, at, left=deadline.remaining)
            else:
                deadline.due_at = max(deadline.due_at, at + deadline.remaining)
            deadline.escalates_at = deadline.due_at if is_reminded else _next_reminder(deadline, at)
        else:
            deadline.escalates_at = max(deadline.escalates_at, next_escalation(at))
        deadline.paused_at = deadline.remaining = None
        deadline.save(update_fields=["due_at", "escalates_at", "paused_at", "remaining"])


def extend_reply(case: Case, *, working_days: int) -> datetime:
    """Give the reply deadline more working days, counted from its due day; return the new due time."""
    deadline = open_deadlines(case).get(kind=DeadlineKind.REPLY)
    deadline.due_at = current_calendar().add_working_days(deadline.due_at, working_days)
    deadline.escalates_at, deadline.escalation_level = _next_reminder(deadline, deadline.started_at), 0
    deadline.save(update_fields=["due_at", "escalates_at", "escalation_level"])
    return deadline.due_at


def become_hazard(case: Case, *, at: datetime) -> None:
    """The case was corrected to a hazard: what runs gets a hazard's limit from now on where that ends sooner; first
    response and reply start now if they did not run yet. What nobody knew before makes nobody late.
    """
    known = {}
    for deadline in open_deadlines(case).filter(kind__in=ESCALATE_EVERY):
        known[deadline.kind] = deadline
        sooner = planned(case, DeadlineKind(deadline.kind), unit=deadline.unit, at=at)
        if sooner.due_at < deadline.due_at:
            _replace(deadline, sooner, at)
        else:
            deadline.escalate_every = sooner.escalate_every
            deadline.save(update_fields=["escalate_every"])
    met = Deadline.objects.filter(case=case, round=case.round, completed_at__isnull=False).values_list(
        "kind", flat=True
    )
    for kind in {DeadlineKind.CONTACT, DeadlineKind.REPLY}.difference(known, met):
        start(case, kind, unit=case.lead_unit or case.place_unit, at=at)


def cease_hazard(case: Case, *, at: datetime) -> None:
    """The case was corrected away from a hazard: its kind's limits count, from dispatch, where that gives more time.

    What is overdue already stays so: a correction makes no missed deadline good. Nor is time taken away that was
    granted as an extension.
    """
    first_sign = (
        Deadline.objects.filter(case=case, round=case.round, kind=DeadlineKind.SIGN).order_by("started_at").first()
    )
    extension = getattr(case, "extension", None)
    for deadline in open_deadlines(case).filter(escalate_every__isnull=False):
        is_extended = deadline.kind == DeadlineKind.REPLY and extension and extension.state == ExtensionState.APPROVED
        if deadline.due_at <= at or is_extended:
            deadline.escalate_every, deadline.escalates_at = None, max(deadline.due_at, next_escalation(at))
            deadline.save(update_fields=["escalate_every", "escalates_at"])
        elif case.lead_unit_id and first_sign:
            later = planned(case, DeadlineKind(deadline.kind), unit=deadline.unit, at=first_sign.started_at)
            _replace(deadline, later, at)
        else:
            _replace(deadline, None, at)  # starts at dispatch, as for everything else


def _replace(deadline: Deadline, other: Deadline | None, at: datetime) -> None:
    deadline.cancelled_at, deadline.paused_at, deadline.remaining = at, None, None
    deadline.save(update_fields=["cancelled_at", "paused_at", "remaining"])
    if other is not None:
        other.round = deadline.round
        other.save()


def _next_reminder(deadline: Deadline, since: datetime) -> datetime:
    """When to remind of a deadline that was moved; three quarters through what is left."""
    return reminder_at(since, deadline.due_at, deadline.measure)


def refresh_due(cases: Sequence[Case]) -> None:
    """Store the earliest open staff deadline on each case; none while the case waits for its requester."""
    running = [case.pk for case in cases if case.state not in (CaseState.WAITING, CaseState.MERGED)]
    due: dict[object, tuple[datetime, str]] = {}
    if running:
        deadlines = Deadline.objects.filter(case__in=running, completed_at__isnull=True, cancelled_at__isnull=True)
        found = deadlines.filter(kind__in=STAFF_DEADLINES).values_list("case", "due_at", "kind")
        for case_id, due_at, kind in sorted(
            found, key=lambda one: (one[1], STAFF_DEADLINES.index(DeadlineKind(one[2])))
        ):
            due.setdefault(case_id, (due_at, kind))
    for case in cases:
        case.due_at, case.due_clock = due.get(case.pk, (None, ""))


def next_escalation(at: datetime) -> datetime:
    """When an overdue deadline escalates again: at the close of the next working day."""
    return current_calendar().add_working_days(at, 1)


def due_for_escalation(at: datetime) -> QuerySet[Deadline]:
    """The running deadlines that have reached their time to remind or escalate."""
    running = Deadline.objects.filter(completed_at__isnull=True, cancelled_at__isnull=True, paused_at__isnull=True)
    return running.filter(escalates_at__lte=at)


def claim(deadline_ids: Collection[UUID], at: datetime) -> list[Deadline]:
    """Claim deadlines to remind of or escalate, once for each level, in this order; skip those claimed elsewhere.

    One that is due goes up a level, and its next escalation is set; one that is not due yet escalates when it is. The
    levels and times of hazards, which escalate round the clock, follow from the start, or the due time, alone: after
    an outage the level is the one it would have been, and no moment comes twice.
    """
    claimed = due_for_escalation(at).select_for_update(skip_locked=True).in_bulk(deadline_ids)
    next_time = next_escalation(at)
    for deadline in claimed.values():
        if deadline.escalate_every is not None:
            _escalate_hazard(deadline, deadline.escalate_every, at)
        elif deadline.due_at <= at:
            deadline.escalation_level, deadline.escalates_at = deadline.escalation_level + 1, next_time
        else:
            deadline.escalates_at = deadline.due_at
    Deadline.objects.bulk_update(claimed.values(), ["escalation_level", "escalates_at"])
    return [claimed[deadline_id] for deadline_id in deadline_ids if deadline_id in claimed]


def _escalate_hazard(deadline: Deadline, every: timedelta, at: datetime) -> None:
    if deadline.kind != DeadlineKind.ACCEPT and at < deadline.due_at:
        deadline.escalates_at = deadline.due_at
        return
    since = deadline.started_at if deadline.kind == DeadlineKind.ACCEPT else deadline.due_at - every
    passed = (at - since) // every
    deadline.escalation_level, deadline.escalates_at = min(passed, _MOST_LEVEL), since + (passed + 1) * every
