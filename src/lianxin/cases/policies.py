"""Who may: what a person is to a case, and so which cases they see and what they may do.

`relations_of` answers for one case, `CaseQuerySet.visible_to` for all at once; a property test holds the two together.
Whoever is named in a case sees nothing of it; whoever raised it is its requester and nothing else.
A confidential case stands at all desks that it would reach whoever raised it, its requester's own included: where it
goes must not tell who they are. There they may read what a requester may, and do nothing.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from lianxin.cases.enums import Identity, Relation
from lianxin.cases.models import Case, visibility
from lianxin.cases.workflow import CASE, CLOCK, Actor, Clockwork, ReceiptHolder
from lianxin.kernel.crypto import unseal
from lianxin.kernel.errors import PermissionDenied
from lianxin.nlp.subjects import marks_of
from lianxin.notifications.policies import pseudonyms
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit

if TYPE_CHECKING:
    from uuid import UUID

SEAL_PURPOSE = "requester"
NOBODY: frozenset[Relation] = frozenset()
SEALED_DESK = frozenset(
    {Relation.INSPECTOR, Relation.DISPATCHER, Relation.HANDLER, Relation.UNIT_LEADER, Relation.SUPERVISOR}
)
"""A sealed case has no other desk than the inspector's, who therefore does what all desks do."""
ACTING_ON_TESTS = frozenset({Relation.DISPATCHER, Relation.HANDLER, Relation.LEAD_HANDLER, Relation.CO_HANDLER})
"""A test case is there for those who accept, dispatch and handle it; nobody watches over it."""
FIGURE_ROLES = (
    Role.UNIT_LEADER,
    Role.DISPATCHER,
    Role.SUPERVISOR,
    Role.INSPECTOR,
    Role.APPRAISER,
    Role.BRANCH_SECRETARY,
)
"""Who sees the figures of the unit of their role and of all below it: numbers; rows are for those who see the case."""


def is_requester(person: Person, case: Case) -> bool:
    """Whether they raised the case, by name or confidentially."""
    if case.identity == Identity.NAMED:
        return case.requester_id == person.pk
    return case.identity == Identity.CONFIDENTIAL and bytes(case.requester_tag or b"") in pseudonyms(person.pk)


def is_named(person: Person, case: Case) -> bool:
    """Whether the case is about them, or about a unit at or below which they work or hold a role; or may be, as long
    as nobody has settled whom it is about.
    """
    return is_possible(person, case) or any(
        row.person_id == person.pk
        or (row.unit is not None and any(home.startswith(row.unit.path) for home in visibility.home_paths(person)))
        for row in case.subjects.all()
    )


def is_possible(person: Person, case: Case) -> bool:
    """Whether they may be meant by what is written about whom the case is."""
    if not case.subjects_unsettled:
        return False
    marks = marks_of(person.name)
    return any(row.mark in marks for row in case.possible_subjects.all())


def relations_of(actor: Actor, case: Case) -> Collection[Relation]:
    """What the actor is to the case; nothing at all means that they do not see it."""
    if isinstance(actor, Clockwork):
        return {Relation.CLOCK}
    if isinstance(actor, ReceiptHolder):
        return {Relation.REQUESTER} if actor.case_id == case.pk else NOBODY
    return {Relation.REQUESTER} if is_requester(actor, case) else relations_by_role(actor, case)


def relations_by_role(person: Person, case: Case) -> Collection[Relation]:
    """What a person is to the case by their roles, whether they raised it or not."""
    if is_named(person, case):
        return NOBODY
    return _sealed_relations(person, case) if case.sealed else _desk_relations(person, case)


def keeps_notices(person: Person, case: Case) -> bool:
    """Whether openly addressed notices about the case may stand in a person's inbox.

    Those of a confidential requester stand under a pseudonym: all others are theirs by a role, as anybody's are.
    """
    by_role = case.identity == Identity.CONFIDENTIAL
    return bool(relations_by_role(person, case) if by_role else relations_of(person, case))


def _sealed_relations(person: Person, case: Case) -> Collection[Relation]:
    if case.inspection_unit is None or not _reaches(person, Role.INSPECTOR, case.inspection_unit):
        return NOBODY
    relations = set(SEALED_DESK)
    if case.handler_id == person.pk:
        relations.add(Relation.LEAD_HANDLER)
    return _judging_appeals(relations, person, case)


def _desk_relations(person: Person, case: Case) -> Collection[Relation]:
    relations: set[Relation] = set()
    if any(_reaches(person, role, case.place_unit) for role in (Role.DISPATCHER, case.desk_role)):
        relations.add(Relation.DISPATCHER)
    if case.awaits_settling:
        return relations | _inspecting(person, case)
    if _reaches(person, Role.SUPERVISOR, case.place_unit) or _reaches(person, Role.SUPERVISOR, case.lead_unit):
        relations.add(Relation.SUPERVISOR)
    concerned = case.is_open and case.is_leaders_concern and _reaches(person, Role.UNIT_LEADER, case.place_unit)
    if concerned or _reaches(person, Role.UNIT_LEADER, case.lead_unit):
        relations.add(Relation.UNIT_LEADER)
    if _reaches(person, Role.HANDLER, case.lead_unit):
        relations.add(Relation.HANDLER)
        if case.handler_id == person.pk:
            relations.add(Relation.LEAD_HANDLER)
    if any(_reaches(person, Role.HANDLER, row.unit) for row in case.supporting_units.all()):
        relations.add(Relation.CO_HANDLER)
    relations |= _inspecting(person, case)
    return relations & ACTING_ON_TESTS if case.is_test else _judging_appeals(relations, person, case)


def _inspecting(person: Person, case: Case) -> set[Relation]:
    """Of a case whose requester was asked to withdraw its inspectors learn, too."""
    asked = case.asked_to_withdraw and _reaches(person, Role.INSPECTOR, case.inspection_unit)
    return {Relation.INSPECTOR} if asked else set()


def _judging_appeals(relations: set[Relation], person: Person, case: Case) -> Collection[Relation]:
    """Under appeal the supervisor decides and dispatchers only read; whoever declined does not decide again."""
    if not case.is_under_appeal or not relations:
        return relations
    if case.declined_by_id == person.pk:
        relations.discard(Relation.SUPERVISOR)
    if Relation.SUPERVISOR in relations:
        relations.add(Relation.APPEAL_JUDGE)
    relations.discard(Relation.DISPATCHER)
    return relations | {Relation.READER}


def _reaches(person: Person, role: Role | str, unit: Unit | None) -> bool:
    return unit is not None and any(grant.role == role and grant.reaches(unit.path) for grant in person.grants)


def named_in(person: Person) -> "QuerySet[Any, UUID]":
    """Ids of the cases that do not exist for a person because they name them or a unit of theirs, or may do so."""
    theirs = Case.objects.raised_by(person).filter(pk=OuterRef("case"))
    naming = visibility.cases_naming(person)
    first, *others = (rows.filter(~Exists(theirs)).values_list("case", flat=True) for rows in naming)
    return first.union(*others)


def may_see_requester(actor: Actor, case: Case) -> bool:
    """Whether the actor may know who raised the case; a confidential name takes an unsealing of their own."""
    relations = relations_of(actor, case)
    if Relation.REQUESTER in relations:
        return True
    if case.identity == Identity.NAMED:
        knowing = {
            Relation.DISPATCHER,
            Relation.APPEAL_JUDGE,
            Relation.HANDLER,
            Relation.CO_HANDLER,
            Relation.SUPERVISOR,
            Relation.INSPECTOR,
            Relation.READER,
        }
        return not knowing.isdisjoint(relations)
    if case.identity == Identity.CONFIDENTIAL and isinstance(actor, Person) and relations:
        return any(unsealing.person_id == actor.pk for unsealing in case.unsealings.all())
    return False


def requester_of(case: Case) -> Person | None:
    """The person who raised a case; call it only where `may_see_requester` said yes."""
    if case.identity == Identity.NAMED:
        return case.requester
    person_id = confidential_requester(case)
    return None if person_id is None else Person.objects.get(pk=person_id)


def confidential_requester(case: Case) -> int | None:
    """The id of whoever raised a confidential case; None of any other, or where the key is lost."""
    if not case.requester_sealed:
        return None
    try:
        return int(unseal(SEAL_PURPOSE, bytes(case.requester_sealed), bound_to=str(case.pk)))
    except InvalidTag:
        return None


def refuse_own(action: str, actor: Actor, case: Case) -> None:
    """Refuse what whoever raised a case cannot do to it, although it stands at their desk (a confidential one).

    Raises:
        PermissionDenied: it is their own.
    """
    if not isinstance(actor, Person) or Relation.REQUESTER in CASE.allowed(action):
        return
    if is_requester(actor, case) and relations_by_role(actor, case):
        raise PermissionDenied(_("You submitted this case, so someone else has to do this."))


__all__ = [
    "CLOCK",
    "confidential_requester",
    "is_named",
    "is_requester",
    "keeps_notices",
    "may_see_requester",
    "named_in",
    "refuse_own",
    "relations_by_role",
    "relations_of",
    "requester_of",
]
