"""Posters that lead to the form: for which units somebody may print them."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.kernel.errors import NotFound
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, in_reach, role_paths, units_below

POSTING_ROLES = (Role.DISPATCHER, Role.UNIT_LEADER, Role.SUPERVISOR, Role.BRANCH_SECRETARY)
"""Who hangs up posters; each for the units that the role reaches."""
AT_ONCE = 200
"""How many posters are drawn in one go."""


def may_post(viewer: Person) -> bool:
    """Whether there is any unit for which the viewer may print a poster."""
    return bool(role_paths(viewer, *POSTING_ROLES))


def poster_units(*, viewer: Person, text: str = "") -> QuerySet[Unit]:
    """Living units for which the viewer may print a poster, in tree order; those whose name or code holds the text."""
    units = units_below().filter(in_reach(role_paths(viewer, *POSTING_ROLES), "path"))
    return units.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else units


def units_to_post(*, viewer: Person, code: str, with_those_below: bool) -> list[Unit]:
    """The unit of that code, and those below it where asked; at most `AT_ONCE`.

    Raises:
        NotFound: the viewer may print no poster for such a unit.
    """
    units = poster_units(viewer=viewer)
    unit = units.filter(code=code).first()
    if unit is None:
        raise NotFound(_("Unit not found."))
    return list(units.filter(path__startswith=unit.path)[:AT_ONCE]) if with_those_below else [unit]


def unit_on_poster(code: str) -> Unit | None:
    """The unit whose poster was scanned, or the one that has taken it over; None when neither is there any longer."""
    unit = Unit.objects.filter(code=code).first() if code else None
    while unit and unit.ended_on:
        unit = unit.merged_into
    return unit
