"""Who may: an issue exists for whoever answers for units where three of its cases lie.

Sealed cases are in no issue, and a case that names the viewer, or a unit of theirs, does not exist for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from lianxin.cases.enums import CaseState
from lianxin.cases.policies import FIGURE_ROLES, named_in
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.enums import RuleKind, Standing
from lianxin.hotissues.models import EarlyWarning, Follow, WarningCase, WarningRule
from lianxin.org.enums import Role
from lianxin.org.policies import Matter, is_system_admin_there
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


ACTING_ROLES = (Role.DISPATCHER, Role.SUPERVISOR, Role.UNIT_LEADER)
"""Who sees and acts on the warnings of the units of their role, and of all below; they may read the rules."""


@dataclass(frozen=True)
class Limit:
    """Between which bounds a number of a rule may be set, both included."""

    low: Decimal
    high: Decimal

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | Decimal) and self.low <= value <= self.high


def _limits(**bounds: tuple[int | str, int | str]) -> Mapping[str, Limit]:
    return {name: Limit(Decimal(low), Decimal(high)) for name, (low, high) in bounds.items()}


LIMITS: Mapping[RuleKind, Mapping[str, Limit]] = {
    RuleKind.DANGER: _limits(days=(1, 90)),
    RuleKind.HAZARD: _limits(fewest=(2, 20), days=(1, 365)),
    RuleKind.PEOPLE: _limits(fewest=(3, 100), days=(1, 90)),
    RuleKind.GROWTH: _limits(fewest=(3, 100), days=(1, 90), before_days=(14, 730), alpha=("0.0001", "0.1")),
    RuleKind.RETURNED: _limits(days=(1, 90), before_days=(2, 730)),
    RuleKind.DISSATISFIED: _limits(fewest=(5, 100), days=(7, 365), before_days=(30, 730), alpha=("0.0001", "0.1")),
}
"""The numbers that each rule has, in the order of its page."""


def sees_warnings(viewer: Person) -> bool:
    """Whether they hold a role by which warnings may reach them."""
    return viewer.holds(*HOT_ROLES)


def administers_rules(viewer: Person) -> bool:
    """Whether they administer the whole enterprise's system, and so may change every rule."""
    return is_system_admin_there(viewer, Matter())


def owns_rule(viewer: Person, rule: WarningRule) -> bool:
    """Whether they answer for the rule, and so may change its numbers."""
    return rule.owner_id == viewer.pk


def sees_rules(viewer: Person) -> bool:
    """Whether they may read all rules; an owner without any role reads their own."""
    return administers_rules(viewer) or viewer.holds(*ACTING_ROLES)


def barred(viewer: Person) -> Q:
    """The warnings that do not exist for the viewer, wherever they hold a role: one of the rows names them or a unit of
    theirs, or was raised by them under their name.
    """
    rows = WarningCase.objects.filter(warning=OuterRef("pk"))
    raised = Case.objects.filter(requester=viewer.pk).values("pk")
    return Q(Exists(rows.filter(case__in=named_in(viewer)))) | Q(Exists(rows.filter(case__in=raised)))


def actable(viewer: Person) -> Q:
    """The warnings on which the viewer may act: of units they answer for, and of cases at their desk."""
    # Among a million cases the few that have a warning are found first.
    warned = EarlyWarning.objects.filter(case__isnull=False).values("case")
    of_cases = Q(case__in=Case.objects.staff_visible_to(viewer).filter(sealed=False, pk__in=warned).values("pk"))
    return (in_units_of(viewer, "unit", *ACTING_ROLES) | of_cases) & ~barred(viewer)


def visible(viewer: Person) -> Q:
    """The warnings that the viewer sees: those, and those of issues that they follow, within the units of any role that
    comes with hot issues.
    """
    followed = Q(issue__in=Follow.objects.filter(person=viewer.pk).values("issue"))
    return actable(viewer) | (followed & in_units_of(viewer, "unit", *HOT_ROLES) & ~barred(viewer))
