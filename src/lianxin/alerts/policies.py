"""Who may: alerts are for whoever answers for a unit or has a case at their desk; rules for whoever acts on alerts.

An alert one of whose rows names the viewer, or a unit of theirs, or was raised by them, does not exist for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.models import Alert, AlertCase, AlertRule
from lianxin.cases.policies import named_in
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.models import Follow
from lianxin.hotissues.policies import HOT_ROLES
from lianxin.org.enums import Role
from lianxin.org.policies import Target, is_system_admin_there
from lianxin.org.queries import Person, in_units_of

ACTING_ROLES = (Role.DISPATCHER, Role.SUPERVISOR, Role.UNIT_LEADER)
"""Who sees and acts on the alerts of the units of their role, and of all below; they may read the rules."""


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


def sees_alerts(viewer: Person) -> bool:
    """Whether they hold a role by which alerts may reach them."""
    return viewer.holds(*HOT_ROLES)


def administers_rules(viewer: Person) -> bool:
    """Whether they administer the whole enterprise's system, and so may change every rule."""
    return is_system_admin_there(viewer, Target())


def owns_rule(viewer: Person, rule: AlertRule) -> bool:
    """Whether they answer for the rule, and so may change its numbers."""
    return rule.owner_id == viewer.pk


def sees_rules(viewer: Person) -> bool:
    """Whether they may read all rules; an owner without any role reads their own."""
    return administers_rules(viewer) or viewer.holds(*ACTING_ROLES)


def barred(viewer: Person) -> Q:
    """The alerts that do not exist for the viewer, wherever they hold a role: one of the rows names them or a unit of
    theirs, or was raised by them under their name.
    """
    rows = AlertCase.objects.filter(alert=OuterRef("pk"))
    raised = Case.objects.filter(requester=viewer.pk).values("pk")
    return Q(Exists(rows.filter(case__in=named_in(viewer)))) | Q(Exists(rows.filter(case__in=raised)))


def actable(viewer: Person) -> Q:
    """The alerts on which the viewer may act: of units they answer for, and of cases at their desk."""
    # Among a million cases the few that have an alert are found first.
    warned = Alert.objects.filter(case__isnull=False).values("case")
    of_cases = Q(case__in=Case.objects.staff_visible_to(viewer).filter(sealed=False, pk__in=warned).values("pk"))
    return (in_units_of(viewer, "unit", *ACTING_ROLES) | of_cases) & ~barred(viewer)


def visible(viewer: Person) -> Q:
    """The alerts that the viewer sees: those, and those of issues that they follow, within the units of any role that
    comes with hot issues.
    """
    followed = Q(issue__in=Follow.objects.filter(person=viewer.pk).values("issue"))
    return actable(viewer) | (followed & in_units_of(viewer, "unit", *HOT_ROLES) & ~barred(viewer))
