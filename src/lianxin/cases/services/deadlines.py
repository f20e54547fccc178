"""What time does: reminders that rise, ratings that lapse, questions that stay unanswered.

Safe to run twice and in several places at once. What falls due together, as most does at the close of business, is
attended to together.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import CaseState, DeadlineKind, Relation
from lianxin.cases.models import Case, Deadline
from lianxin.cases.queries.case_detail import lock_idle
from lianxin.cases.services.transitions import perform_by_clock, release_followers
from lianxin.cases.workflow import notifications, routing, sla
from lianxin.cases.workflow.notifications import CaseNotice
from lianxin.kernel import spool, timezone
from lianxin.ledger.services import append_event

T = TypeVar("T")
CaseAndDeadline = tuple[UUID, UUID]
"""Ids of a case and of one of its deadlines."""
BATCH = 50
"""Cases that one transaction attends to, and that people may have to wait for meanwhile: a tenth of a second."""
MOST_LEVELS = 12
"""Deeper than any enterprise; further up there is nobody else to be told."""
log = logging.getLogger(__name__)


def scan() -> int:
    """Do all that has fallen due, each thing once, whoever else scans; return how many things were done."""
    spool.deliver()  # what was done in time with a receipt counts before anything lapses
    now = timezone.now()
    due = list(sla.due_for_escalation(now).order_by("escalates_at").values_list("case_id", "pk"))
    reminded = list(Case.objects.filter(remind_at__lte=now).order_by("remind_at").values_list("pk", flat=True))
    done = sum(_in_batches(wave, _attend) for wave in _waves(due))
    return done + _in_batches(reminded, _remind)


def _waves(due: Sequence[CaseAndDeadline]) -> list[list[CaseAndDeadline]]:
    """Each case once in a wave: its second deadline is attended to after its first."""
    waves: defaultdict[int, list[CaseAndDeadline]] = defaultdict(list)
    seen: defaultdict[UUID, int] = defaultdict(int)
    for case_id, deadline_id in due:
        waves[seen[case_id]].append((case_id, deadline_id))
        seen[case_id] += 1
    return list(waves.values())


def _in_batches(things: Sequence[T], attend: Callable[[Sequence[T]], int]) -> int:
    return sum(_attempt(things[start : start + BATCH], attend) for start in range(0, len(things), BATCH))


def _attempt(things: Sequence[T], attend: Callable[[Sequence[T]], int]) -> int:
    """Attend to some things in one transaction; what fails is tried by halves, so that it holds up nothing else."""
    try:
        with transaction.atomic():
            return attend(things)
    except Exception:
        if len(things) == 1:
            log.exception("A deadline could not be attended to.")
            return 0
    half = len(things) // 2
    return _attempt(things[:half], attend) + _attempt(things[half:], attend)


def _attend(due: Sequence[CaseAndDeadline]) -> int:
    """Act on deadlines, except those of cases on which somebody acts now, and those claimed elsewhere.

    The cases are locked first, as in every act of people; what somebody acts on at this moment waits for the next scan.
    """
    now = timezone.now()
    cases = {case.pk: case for case in lock_idle([case_id for case_id, _deadline_id in due])}
    claimed = sla.claim([deadline_id for case_id, deadline_id in due if case_id in cases], now)
    lapsing, silent, late = [], [], []
    with routing.looked_up_for(cases.values()):
        for deadline in claimed:
            case = cases[deadline.case_id]
            if deadline.escalate_every and deadline.escalation_level:
                _escalate_hazard(case, deadline, now)
                if deadline.due_at <= now:
                    late.append(case)
            elif deadline.due_at > now:
                _remind_before(case)
            elif deadline.kind == DeadlineKind.RATING:
                lapsing.append(case)
            elif deadline.kind == DeadlineKind.ANSWER:
                silent.append(case)
            else:
                _escalate_level(case, deadline)
                late.append(case)
        perform_by_clock("supervise", [case for case in late if case.supervised_at is None])
        perform_by_clock("lapse", lapsing)
        perform_by_clock("no_answer", silent)
        for case in silent:
            release_followers(case)
    return len(claimed)


def _remind_before(case: Case) -> None:
    """Tell those who have to act that a deadline draws near; nobody above them."""
    notifications.tell(case, CaseNotice.DUE_SOON, routing.at_desk(case), timezone.now())


def _escalate_level(case: Case, due: Deadline) -> None:
    """Tell one level more that something is overdue; from the first time on the case is under supervision."""
    now = timezone.now()
    notifications.tell(case, CaseNotice.OVERDUE, _whom_to_tell(case, due.escalation_level), now)
    append_event(
        subject_type=notifications.SUBJECT,
        subject_id=case.pk,
        action="overdue",
        role=Relation.CLOCK,
        from_state=case.state,
        to_state=case.state,
        version=case.version,
        internal=due.escalation_level > 1,
        at=case.time_kept(now),
        data={"clock": due.kind, "due": due.due_at, "level": due.escalation_level},
    )


def _escalate_hazard(case: Case, due: Deadline, now: datetime) -> None:
    """Remind of a hazard round the clock, one level further up each time; at the top it goes on reminding.

    On record stands each level that is new, and that it is overdue.
    """
    before, told = set(_further_up(case, due, due.escalation_level - 1)), _further_up(case, due, due.escalation_level)
    kind = CaseNotice.DANGER_WAITS if due.kind == DeadlineKind.ACCEPT else CaseNotice.OVERDUE
    notifications.tell(case, kind, told, now)
    became_overdue = due.due_at <= now < due.due_at + (due.escalate_every or now - now)
    if became_overdue or set(told) - before:
        append_event(
            subject_type=notifications.SUBJECT,
            subject_id=case.pk,
            action="overdue" if due.due_at <= now else "escalate",
            role=Relation.CLOCK,
            from_state=case.state,
            to_state=case.state,
            version=case.version,
            internal=due.escalation_level > 1 and not became_overdue,
            at=case.time_kept(now),
            data={"clock": due.kind, "due": due.due_at, "level": due.escalation_level},
        )


def _further_up(case: Case, due: Deadline, level: int) -> list[int]:
    """Whose desk it is, and everybody up to so many levels above; so an outage leaves no level out."""
    people = [*routing.at_desk(case), *routing.leaders_at_place(case)]
    for above in range(1, min(level, MOST_LEVELS) + 1):
        if due.kind != DeadlineKind.ACCEPT or case.state == CaseState.REOPENED:
            people += _whom_to_tell(case, above)
        else:
            people += routing.dispatchers(case, above=above) + routing.leaders_at_place(case, above=above)
            people += [] if case.sealed else routing.supervisors(case, above=above - 1)
    return people


def _whom_to_tell(case: Case, level: int) -> list[int]:
    """Level 1: those who are late and whoever stands right above them; each level more goes one further up."""
    if not case.lead_unit_id or case.state == CaseState.REOPENED:
        return routing.at_desk(case) + routing.supervisors(case, above=level - 1)
    if level == 1:
        return routing.handlers(case) + routing.unit_leaders(case)
    return routing.unit_leaders(case) + routing.supervisors(case, above=level - 2)


def _remind(case_ids: Sequence[UUID]) -> int:
    """Remind of cases under supervision, once a working day: their desks, and their supervisors if no deadline does."""
    now = timezone.now()
    cases = [case for case in lock_idle(case_ids) if case.remind_at is not None and case.remind_at <= now]
    with routing.looked_up_for(cases):
        for case in cases:
            if case.state != CaseState.WAITING:
                is_overdue = case.due_at is not None and case.due_at < now
                above = [] if is_overdue else routing.supervisors(case)
                notifications.tell(case, CaseNotice.SUPERVISED, [*routing.at_desk(case), *above], now)
    return Case.objects.filter(pk__in=[case.pk for case in cases]).update(remind_at=sla.next_escalation(now))


def oldest_overdue_scan() -> datetime | None:
    """The earliest moment that the scanner has not dealt with yet, for monitoring; None when it is up to date."""
    return (
        sla.due_for_escalation(timezone.now()).order_by("escalates_at").values_list("escalates_at", flat=True).first()
    )
