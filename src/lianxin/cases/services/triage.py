"""What dispatchers, supervisors and inspectors do."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import CaseKind, CaseState, DeclineReason, Field, Urgency
from lianxin.cases.events import fields_decided
from lianxin.cases.models import Case, CaseSubject, Category
from lianxin.cases.queries.case_detail import get_case_for, lock_case_for
from lianxin.cases.services.transitions import perform, release_followers
from lianxin.cases.workflow import CLOCK
from lianxin.kernel import timezone
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
        decided = {Field.CATEGORY: category.pk, Field.URGENCY: urgency}
        fields_decided.send(sender=Case, case=case, fields=decided, at=timezone.now())
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
    """Note whom a case is about: they lose sight of it at once, and what they had in hand goes back.

    Named in one of several cases that are merged, they are named in all of these.
    """
    with transaction.atomic():
        others = _lock_merged_with(case_id)
        case = perform(
            "name_people", actor=actor, case_id=case_id, expected=expected, people=list(people), units=list(units)
        )
        _name_in(others, people=people, units=units)
    return case


def settle_subjects(
    *,
    actor: Person,
    case_id: UUID,
    people: Sequence[Person] = (),
    units: Sequence[Unit] = (),
    nobody: bool = False,
    expected: int | None = None,
) -> Case:
    """Say who is meant by what the requester wrote about whom it is: people and units, or nobody who works here."""
    with transaction.atomic():
        others = _lock_merged_with(case_id)
        case = perform(
            "settle_subjects",
            actor=actor,
            case_id=case_id,
            expected=expected,
            people=list(people),
            units=list(units),
            nobody=nobody,
        )
        _name_in(others, people=people, units=units)
    return case


def _lock_merged_with(case_id: UUID) -> list[UUID]:
    """Lock a case and those with which it is merged; return the ids of the others."""
    first = Case.objects.filter(pk=case_id, state=CaseState.MERGED).values_list("primary", flat=True).first() or case_id
    followers = Case.objects.filter(primary=first, state=CaseState.MERGED).values_list("pk", flat=True)
    merged = sorted({first, case_id, *followers})  # always in this order, as in merging
    list(Case.objects.filter(pk__in=merged).order_by("pk").select_for_update().values_list("pk", flat=True))
    return [pk for pk in merged if pk != case_id]


def _name_in(case_ids: Sequence[UUID], *, people: Sequence[Person], units: Sequence[Unit]) -> None:
    """Name in each of these cases those who are not named there yet."""
    for case_id in case_ids:
        about = CaseSubject.objects.filter(case=case_id).values_list("person", "unit")
        named_people, named_units = {person for person, _unit in about}, {unit for _person, unit in about}
        requester = Case.objects.values_list("requester", flat=True).get(pk=case_id)  # whose it stays
        others = [person for person in people if person.pk != requester and person.pk not in named_people]
        if others or any(unit.pk not in named_units for unit in units):
            perform("name_people", actor=CLOCK, case_id=case_id, people=others, units=units)


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
        fields_decided.send(sender=Case, case=case, fields={Field.LEAD_UNIT: lead_unit.pk}, at=timezone.now())
    return case


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


def unseal_requester(*, actor: Person, case_id: UUID, reason: str, expected: int | None = None) -> Case:
    """Open the name behind a confidential case, with a reason on the trail; the requester is told at once."""
    return perform("unseal", actor=actor, case_id=case_id, expected=expected, text=reason)
