"""When the rules look: at each case that was read, at the issues it touches, and at everything by the clock."""

from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.models import Alert, AlertCase, AlertRule, Peril
from lianxin.alerts.services.creation import raise_found
from lianxin.alerts.services.notifications import withdraw_notifications
from lianxin.alerts.services.rule_evaluation import (
    COMES_BACK,
    OF_ISSUES,
    Found,
    dangers_in,
    hazards_at_a_place,
)
from lianxin.alerts.services.units import dissatisfied_units
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.enums import Standing
from lianxin.hotissues.models import Membership
from lianxin.hotissues.services.index_cache import locked
from lianxin.kernel import timezone
from lianxin.nlp.risk_detection import dangers


@transaction.atomic
def scan() -> int:
    """Let every rule look at everything; return how many alerts were raised."""
    rules, raised = _rules(), 0
    looks: list[tuple[RuleKind, Callable[[AlertRule], list[Found]]]] = [
        (RuleKind.DANGER, dangers_in),
        *OF_ISSUES.items(),
        (RuleKind.HAZARD, hazards_at_a_place),
        (RuleKind.DISSATISFIED, dissatisfied_units),
    ]
    for kind, find in looks:
        if kind in rules:
            locked()
            raised += raise_found(find(rules[kind]))
    return raised


def look_at_read(case_ids: Collection[UUID]) -> None:
    """Look at cases that were just read and placed; inside the reader's transaction."""
    rules, pressing = _rules(), _note_perils(case_ids)
    recent = timezone.now() - timedelta(days=COMES_BACK)
    placed = Membership.objects.filter(case__in=case_ids, standing=Standing.MEMBER, case__submitted_at__gte=recent)
    issues = set(placed.values_list("issue", flat=True))
    if not (pressing or issues):
        return
    locked()
    if pressing and RuleKind.DANGER in rules:
        raise_found(dangers_in(rules[RuleKind.DANGER], pressing))
    for kind, find in OF_ISSUES.items() if issues else ():
        if kind in rules:
            raise_found(find(rules[kind], issues))


def forget(case_id: UUID) -> None:
    """Nothing is kept of a case that was sealed: neither an alert of its own, nor its row in another."""
    Peril.objects.filter(case=case_id).delete()
    for alert in Alert.objects.filter(case=case_id):
        withdraw_notifications(alert, list(alert.recipients.values_list("person", flat=True)))
        alert.delete()
    rows = AlertCase.objects.filter(case=case_id)
    Alert.objects.filter(pk__in=rows.values("alert")).update(cases=F("cases") - 1, of=F("of") - 1)
    rows.delete()


def _rules() -> dict[str, AlertRule]:
    return {rule.kind: rule for rule in AlertRule.objects.filter(enabled=True)}


def _note_perils(case_ids: Collection[UUID]) -> list[UUID]:
    """Keep of what dangers these cases speak; return those that speak of any."""
    cases = Case.objects.filter(pk__in=case_ids, sealed=False, is_test=False).values_list("pk", "title", "body")
    found = {pk: [each.kind.value for each in dangers(f"{title}\n{body}")] for pk, title, body in cases}
    Peril.objects.filter(case__in=found).delete()
    Peril.objects.bulk_create(Peril(case_id=pk, kinds=kinds) for pk, kinds in found.items() if kinds)
    return [pk for pk, kinds in found.items() if kinds]
