"""How every service does one step of the table, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.cases import policies
from lianxin.cases.enums import CaseState
from lianxin.cases.events import case_sight_changed, cases_changed
from lianxin.cases.models import Case
from lianxin.cases.queries.case_detail import get_case_for, lock_case_for
from lianxin.cases.workflow import CASE, CLOCK, Actor, ReceiptHolder, notifications
from lianxin.cases.workflow.notifications import SUBJECT
from lianxin.kernel import timezone
from lianxin.notifications.services import recipients_of, take_back
from lianxin.org.queries import Person, people_with_roles

CHANGES_SIGHT = frozenset(
    {"seal", "name_people", "settle_subjects", "dispatch", "transfer", "send_back", "recall", "give_back"}
)
"""Steps after which somebody may no longer see the case."""


def moment_of(actor: Actor) -> datetime:
    """The time to record for an act: of an anonymous requester only the hour."""
    now = timezone.now()
    return timezone.to_the_hour(now) if isinstance(actor, ReceiptHolder) else now


@transaction.atomic
def perform(
    action: str,
    *,
    actor: Actor,
    case_id: UUID | str,
    expected: int | None = None,
    at: datetime | None = None,
    **inputs: Any,
) -> Case:
    """Do one step of the table to a case (see `kernel.workflow.Workflow.perform` for what can go wrong)."""
    locked = lock_case_for(actor, case_id)
    policies.refuse_own(action, actor, locked)
    moment = locked.time_kept(at or moment_of(actor))
    primary, due_before = inputs.get("primary") or locked.primary, {locked.pk: locked.due_at}
    case = CASE.perform(
        action,
        actor=actor,
        fetch=lambda: locked,
        relations=policies.relations_of,
        expected=expected,
        # What follows an anonymous case tells no finer time of it either.
        at=primary.time_kept(moment) if isinstance(primary, Case) else moment,
        **inputs,
    )
    notifications.settle_done([case], due_before=due_before)
    if case.speaker_follows and isinstance(actor, Person) and policies.is_requester(actor, case):
        # With the first thing that its owner does, it is theirs alone.
        case.speaker_follows = False
        case.save(update_fields=["speaker_follows"])
    if action in CHANGES_SIGHT:
        _clear_inboxes(case)
    cases_changed.send(sender=Case, case_ids=[case.pk])
    return case


@transaction.atomic
def perform_by_clock(action: str, cases: Sequence[Case]) -> None:
    """Let the clock do one step of the table to cases that are locked. None of its steps changes who sees a case."""
    now, due_before = timezone.now(), {case.pk: case.due_at for case in cases}
    CASE.perform_all(
        action, actor=CLOCK, subjects=cases, relations=policies.relations_of, at=lambda case: case.time_kept(now)
    )
    notifications.settle_done(cases, due_before=due_before)
    cases_changed.send(sender=Case, case_ids=[case.pk for case in cases])


def _clear_inboxes(case: Case) -> None:
    """Take the notices about a case out of the inboxes of those who no longer see it."""
    seen = get_case_for(CLOCK, case.pk)
    people = people_with_roles(recipients_of(SUBJECT, case.pk))
    blind = [person.pk for person in people if not policies.keeps_notices(person, seen)]
    take_back(subject_type=SUBJECT, subject_id=case.pk, recipients=blind)
    case_sight_changed.send(sender=Case, case_id=case.pk)


def release_followers(case: Case, *, at: datetime | None = None) -> None:
    """Those that were merged into a case can follow it no longer: each goes back to the dispatcher on its own."""
    for follower_id in case.followers.filter(state=CaseState.MERGED).values_list("pk", flat=True):
        perform("unmerge", actor=CLOCK, case_id=follower_id, at=at)
