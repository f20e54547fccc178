"""What dispatchers, supervisors and inspectors do."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import CaseKind, DeclineReason, Field, Urgency
from lianxin.cases.models import Case, Category
from lianxin.cases.queries.access import get_case_for, lock_case_for
from lianxin.cases.services.acting import perform, release_followers
from lianxin.cases.services.suggesting import note_taken
from lianxin.kernel import clock
from lianxin.org.queries import Person, Unit


def accept_case(
    *,
    actor: Person,
    case_id: UUID,
    kind: CaseKind | str,
    category: Category,
    urgency: Urgency | str = Urgency.NORMAL,
    expected: int | None = None,
) -> Case:
    """Take a case in, with its kind, category and urgency; the requester is told."""
    with transaction.atomic():
        case = perform(
            "accept", actor=actor, case_id=case_id, expected=expected, kind=kind, category=category, urgency=urgency
        )
        note_taken(case, {Field.CATEGORY: category.pk, Field.URGENCY: urgency}, at=clock.now())
    return case


def decline_case(
    *, actor: Person, case_id: UUID, reason: DeclineReason | str, text: str, expected: int | None = None
) -> Case:
    """Decline a case with a reason that the requester reads; they may appeal once."""
    with transaction.atomic():
        case = perform("decline", actor=actor, case_id=case_id, expected=expected, reason=reason, text=text)
        release_followers(case)
    return case


def reclassify_case(
    *,
    actor: Person,
    case_id: UUID,
    kind: CaseKind | str,
    category: Category,
    urgency: Urgency | str,
    expected: int | None = None,
) -> Case:
    """Correct kind, category or urgency; deadlines that run already stay as they are."""
    return perform(
        "reclassify", actor=actor, case_id=case_id, expected=expected, kind=kind, category=category, urgency=urgency
    )


def seal_case(*, actor: Person, case_id: UUID, text: str, expected: int | None = None) -> Case:
    """Hand a conduct matter over to discipline inspection; the actor and all other desks lose sight of it."""
    with transaction.atomic():
        case = perform("seal", actor=actor, case_id=case_id, expected=expected, text=text)
        release_followers(case)
    return case


def name_people(
    *,
    actor: Person,
    case_id: UUID,
    people: Sequence[Person] = (),
    units: Sequence[Unit] = (),
    expected: int | None = None,
) -> Case:
    """Note whom a case is about: they lose sight of it at once, and what they had in hand goes back."""
    return perform(
        "name_people", actor=actor, case_id=case_id, expected=expected, people=list(people), units=list(units)
    )


def dispatch_case(
    *,
    actor: Person,
    case_id: UUID,
    lead_unit: Unit,
    co_units: Sequence[Unit] = (),
    handler: Person | None = None,
    text: str = "",
    expected: int | None = None,
) -> Case:
    """Give a case to one lead unit, with any co-handling units, a named handler if wanted, and a note for them."""
    with transaction.atomic():
        case = perform(
            "dispatch",
            actor=actor,
            case_id=case_id,
            expected=expected,
            lead_unit=lead_unit,
            co_units=list(co_units),
            handler=handler,
            text=text,
        )
        note_taken(case, {Field.LEAD_UNIT: lead_unit.pk}, at=clock.now())
    return case


def take_up_case(*, actor: Person, case_id: UUID, expected: int | None = None) -> Case:
    """A discipline inspector takes a sealed case in hand."""
    return perform("take_up", actor=actor, case_id=case_id, expected=expected)


def transfer_case(
    *,
    actor: Person,
    case_id: UUID,
    lead_unit: Unit,
    co_units: Sequence[Unit] = (),
    handler: Person | None = None,
    text: str = "",
    expected: int | None = None,
) -> Case:
    """Give a case that is being handled to another unit; what is due stays due."""
    return perform(
        "transfer",
        actor=actor,
        case_id=case_id,
        expected=expected,
        lead_unit=lead_unit,
        co_units=list(co_units),
        handler=handler,
        text=text,
    )


def merge_case(*, actor: Person, case_id: UUID, primary_id: UUID, expected: int | None = None) -> Case:
    """Let a case follow another one about the same matter; its requester is told, and rates for themselves."""
    with transaction.atomic():
        for pk in sorted(
            [case_id, primary_id]
        ):  # always in this order, so that two merging at once do not block each other
            lock_case_for(actor, pk)
        primary = get_case_for(actor, primary_id)
        return perform("merge", actor=actor, case_id=case_id, expected=expected, primary=primary)


def unmerge_case(*, actor: Person, case_id: UUID, expected: int | None = None) -> Case:
    """Take a case out of the one it followed; it is accepted anew."""
    return perform("unmerge", actor=actor, case_id=case_id, expected=expected)


def unseal_requester(*, actor: Person, case_id: UUID, reason: str, expected: int | None = None) -> Case:
    """Open the name behind a confidential case, with a reason on the trail; the requester is told at once."""
    return perform("unseal", actor=actor, case_id=case_id, expected=expected, text=reason)


def supervise_case(*, actor: Person, case_id: UUID, text: str = "", expected: int | None = None) -> Case:
    """Put a case under supervision: handler and unit leader are reminded every working day until it is replied to."""
    return perform("supervise", actor=actor, case_id=case_id, expected=expected, text=text)
