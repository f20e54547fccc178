"""Who receives a case where its dispatchers cannot, because it is about them or may be."""

from collections.abc import Collection

from lianxin.cases.enums import DEPUTY_ROLES
from lianxin.nlp.subjects import name_key
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, holders, nearest_holders

LONGEST_MARK = 40


def receiving_role(place: Unit, *, excluding: Collection[int]) -> Role | None:
    """The role by which somebody who is not excluded receives a case about a place; None where nobody does.

    Where nobody is a dispatcher at all, nobody receives.
    """
    if holders(Role.DISPATCHER, place.path, excluding=excluding):
        return Role.DISPATCHER
    if not holders(Role.DISPATCHER, place.path):
        return None
    return next((role for role in DEPUTY_ROLES if holders(role, place.path, excluding=excluding)), None)


def mark_of(name: str) -> str:
    """The mark by which people of just this name may be meant (`nlp.subjects.marks_of`)."""
    whole = f"={name_key(name)}"
    return whole if len(whole) <= LONGEST_MARK else whole[1:3]


def marks_of_nearest_inspectors(unit: Unit, *, excluding: Collection[int]) -> list[str]:
    """The marks of those who would inspect a case from a unit, if somebody further up can as well."""
    nearest = nearest_holders(Role.INSPECTOR, unit.path)
    others = holders(Role.INSPECTOR, unit.path, excluding={*nearest, *excluding})
    names = Person.objects.filter(pk__in=nearest).values_list("name", flat=True)
    return [mark_of(name) for name in names] if others else []
