"""Changing the rules of early warning. Each change stands on the record: who, when, what, from, to."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.models import AlertRule
from lianxin.alerts.policies import LIMITS, administers_rules, owns_rule, sees_rules
from lianxin.alerts.queries.rules import RULE
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.ledger.services import append_event
from lianxin.org.enums import Role
from lianxin.org.queries import Person, active_people


@dataclass(frozen=True)
class RuleNumbers:
    """The numbers of a rule; None for those that its kind does not have (see `policies.LIMITS`)."""

    fewest: int | None = None
    days: int | None = None
    before_days: int | None = None
    alpha: Decimal | None = None


@transaction.atomic
def change_rule(
    *, actor: Person, kind: str, enabled: bool, numbers: RuleNumbers, owner_id: int | None, expected: int
) -> AlertRule:
    """Set a rule. It counts from the next look on; what was found stays.

    Raises:
        NotFound: there is no such rule for the actor.
        PermissionDenied: they are neither the enterprise's system administrator nor the rule's owner, or the owner
            would make somebody else the owner.
        VersionConflict: somebody changed it in between.
        ValidationFailed: a number is missing or out of its bounds (by its name), or there is no such person
            (`owner`).
    """
    rule = AlertRule.objects.select_for_update().filter(pk=kind).first()
    if rule is None or not (sees_rules(actor) or owns_rule(actor, rule)):
        raise NotFound(_("Rule not found."))
    administers = administers_rules(actor)
    if not (administers or (owns_rule(actor, rule) and owner_id == rule.owner_id)):
        raise PermissionDenied(
            _("Only the system administrator can change this; the rule owner can change its numbers.")
        )
    if rule.version != expected:
        raise VersionConflict(_("Someone changed this rule in the meantime. Please review it again."))
    _check(RuleKind(kind), numbers)
    if owner_id != rule.owner_id and owner_id and not active_people().filter(pk=owner_id).exists():
        raise ValidationFailed({"owner": _("Person not found.")})
    wanted = {
        "enabled": enabled,
        "owner_id": owner_id,
        **{each.name: getattr(numbers, each.name) for each in fields(numbers)},
    }
    changed = {name: (getattr(rule, name), value) for name, value in wanted.items() if getattr(rule, name) != value}
    if changed:
        _keep(rule, actor, changed, role=Role.SYSTEM_ADMIN if administers else "owner")
    return rule


def _check(kind: RuleKind, numbers: RuleNumbers) -> None:
    limits, wrong = LIMITS[kind], {}
    for each in fields(numbers):
        value, limit = getattr(numbers, each.name), limits.get(each.name)
        if limit is None and value is not None:
            wrong[each.name] = _("This rule has no such parameter.")
        elif limit is not None and value not in limit:
            wrong[each.name] = _("Please enter a number from %(low)s to %(high)s.") % {
                "low": limit.low,
                "high": limit.high,
            }
    if wrong:
        raise ValidationFailed(wrong)


def _keep(rule: AlertRule, actor: Person, changed: dict[str, tuple[Any, Any]], *, role: str) -> None:
    for name, (_before, after) in changed.items():
        setattr(rule, name, after)
    rule.version += 1
    rule.save()
    append_event(
        subject_type=RULE,
        subject_id=rule.pk,
        action="change",
        actor_id=actor.pk,
        role=role,
        version=rule.version,
        data={name.removesuffix("_id"): list(values) for name, values in changed.items()},
    )
