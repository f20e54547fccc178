"""Who may: an issue exists for whoever answers for units where three of its cases lie.

Sealed cases are in no issue, and a case that names the viewer, or a unit of theirs, does not exist for them.
"""

from django.db.models import Q

from lianxin.cases.enums import CaseState
from lianxin.cases.policies import FIGURE_ROLES, named_in
from lianxin.hotissues.enums import Standing
from lianxin.org.enums import Role
from lianxin.org.queries import Person, in_units_of

HOT_ROLES = (*FIGURE_ROLES, Role.HANDLER)
"""Who sees hot issues: those with figures or a desk, for the unit of their role and all below it."""
DECIDING_ROLES = (Role.DISPATCHER, Role.SUPERVISOR)
"""Who says what is one matter and what it is called."""
FEWEST = 3
"""Below this many cases within the viewer's units an issue does not exist for them."""


def sees_hot_issues(viewer: Person) -> bool:
    """Whether they hold a role that comes with hot issues."""
    return viewer.holds(*HOT_ROLES)


def may_decide(viewer: Person) -> bool:
    """Whether they may decide about the issues that they see."""
    return viewer.holds(*DECIDING_ROLES)


def counted() -> Q:
    """The memberships that count: none of what was sealed or taken back."""
    return Q(standing=Standing.MEMBER, case__sealed=False) & ~Q(case__state=CaseState.WITHDRAWN)


def counted_for(viewer: Person) -> Q:
    """The memberships that count for a viewer."""
    return counted() & ~Q(case__in=named_in(viewer))


def in_hot_units_of(viewer: Person) -> Q:
    """Memberships of cases that lie, or are handled, within the viewer's units."""
    return in_units_of(viewer, "case__place_unit", *HOT_ROLES) | in_units_of(viewer, "case__lead_unit", *HOT_ROLES)
