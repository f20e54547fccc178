"""Who may do what with pledges."""

from typing import Any

from lianxin.org.enums import Role
from lianxin.org.models import Membership, Person
from lianxin.pledges.enums import PledgeRelation
from lianxin.pledges.models import Pledge
from lianxin.pledges.visibility import OPEN_TO_COLLEAGUES, SUBMITTED


class System:
    """Who acts when the system does: for people who have left."""


def relations_of(actor: Any, pledge: Pledge) -> set[PledgeRelation]:
    """What the actor is to the pledge; nothing at all means that they do not see it."""
    if isinstance(actor, System):
        return {PledgeRelation.SYSTEM}
    relations = set()
    if pledge.author_id == actor.pk:
        relations.add(PledgeRelation.AUTHOR)
    elif pledge.state in SUBMITTED and _is_secretary(actor, pledge.cycle.branch.unit.path):
        relations.add(PledgeRelation.SECRETARY)  # never of their own: the one above decides about that
    if pledge.state in OPEN_TO_COLLEAGUES and actor.unit and _are_near(actor.unit.path, pledge.unit.path):
        relations.add(PledgeRelation.COLLEAGUE)
    return relations


def _are_near(path: str, other: str) -> bool:
    return path.startswith(other) or other.startswith(path)


def _is_secretary(person: Person, path: str) -> bool:
    return any(grant.role == Role.BRANCH_SECRETARY and grant.reaches(path) for grant in person.grants)


def is_any_secretary(person: Person) -> bool:
    """Whether they are branch secretary anywhere."""
    return person.holds(Role.BRANCH_SECRETARY)


def takes_part(person: Person) -> bool:
    """Whether pledges are for them: everybody who works somewhere or is a secretary."""
    return person.unit is not None or is_any_secretary(person)


def may_draft(person: Person) -> bool:
    """Whether they may draft a pledge: a member for themselves, a leader for their unit."""
    led = person.holds(Role.UNIT_LEADER)
    return led or Membership.objects.filter(person=person.pk, ended_on__isnull=True).exists()
