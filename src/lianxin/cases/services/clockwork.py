"""What time does: reminders that rise, ratings that lapse, questions that stay unanswered.

Safe to run twice and in several places at once.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import CaseState, ClockKind, Relation
from lianxin.cases.models import Case, Clock
from lianxin.cases.queries.access import get_case_for
from lianxin.cases.services.acting import perform, release_followers
from lianxin.cases.workflow import CLOCK, clocks, notices, routing
from lianxin.cases.workflow.notices import CaseNotice
from lianxin.kernel import clock
from lianxin.ledger.services import append_event

K = TypeVar("K")
log = logging.getLogger(__name__)


def scan() -> int:
    """Do all that has fallen due, each thing once, whoever else scans; return how many things were done."""
    now = clock.now()
    risen = list(clocks.risen(now).order_by("rises_at").values_list("case_id", "pk"))
    reminded = list(Case.objects.filter(remind_at__lte=now).order_by("remind_at").values_list("pk", flat=True))
    done = sum(_attempt(case_id, _attend, clock_id) for case_id, clock_id in risen)
    return done + sum(_attempt(case_id, _remind, case_id) for case_id in reminded)


def _attempt(case_id: UUID, attend: Callable[[K], bool], key: K) -> bool:
    """Attend to one thing in a transaction of its own, so that a failure holds up nothing else.

    The case is locked first, as in every act of people; what somebody acts on at this moment waits for the next scan.
    """
    try:
        with transaction.atomic():
            free = Case.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=case_id)
            return free.exists() and attend(key)
    except Exception:
        log.exception("A clock could not be attended to.")
        return False


def _attend(clock_id: int) -> bool:
    """Act on a clock that has risen, unless another scanner did."""
    if soon := clocks.claim_reminder(clock_id, clock.now()):
        return _remind_before(soon)
    due = clocks.claim(clock_id, clock.now())
    if due is None:
        return False
    if due.kind == ClockKind.RATING:
        perform("lapse", actor=CLOCK, case_id=due.case_id)
    elif due.kind == ClockKind.ANSWER:
        release_followers(perform("no_answer", actor=CLOCK, case_id=due.case_id))
    else:
        _rise(due)
    return True


def _remind_before(soon: Clock) -> bool:
    """Tell those who have to act that a deadline draws near; nobody above them."""
    case = get_case_for(CLOCK, soon.case_id)
    notices.tell(case, CaseNotice.DUE_SOON, routing.at_desk(case), clock.now())
    return True


def _rise(due: Clock) -> None:
    """Tell one level more that something is overdue; from the first time on the case is under supervision."""
    case = get_case_for(CLOCK, due.case_id)
    now = clock.now()
    notices.tell(case, CaseNotice.OVERDUE, _whom_to_tell(case, due.level), now)
    append_event(
        subject_type=notices.SUBJECT,
        subject_id=case.pk,
        action="overdue",
        role=Relation.CLOCK,
        from_state=case.state,
        to_state=case.state,
        version=case.version,
        internal=due.level > 1,
        at=now,
        data={"clock": due.kind, "due": due.due_at, "level": due.level},
    )
    if case.supervised_at is None:
        perform("supervise", actor=CLOCK, case_id=case.pk)


def _whom_to_tell(case: Case, level: int) -> list[int]:
    """Level 1: those who are late and whoever stands right above them; each level more goes one further up."""
    if not case.lead_unit_id or case.state == CaseState.REOPENED:
        return routing.at_desk(case) + routing.supervisors(case, above=level - 1)
    if level == 1:
        return routing.handlers(case) + routing.unit_leaders(case)
    return routing.unit_leaders(case) + routing.supervisors(case, above=level - 2)


def _remind(case_id: UUID) -> bool:
    """Remind of a case under supervision, once a working day: its desk, and its supervisors if no clock does."""
    case = get_case_for(CLOCK, case_id)
    now = clock.now()
    if case.remind_at is None or case.remind_at > now:
        return False
    if case.state != CaseState.WAITING:
        is_overdue = case.due_at is not None and case.due_at < now
        above = [] if is_overdue else routing.supervisors(case)
        notices.tell(case, CaseNotice.SUPERVISED, [*routing.at_desk(case), *above], now)
    Case.objects.filter(pk=case.pk).update(remind_at=clocks.next_rise(now))
    return True


def oldest_overdue_scan() -> datetime | None:
    """The earliest moment that the scanner has not dealt with yet, for monitoring; None when it is up to date."""
    return clocks.risen(clock.now()).order_by("rises_at").values_list("rises_at", flat=True).first()
