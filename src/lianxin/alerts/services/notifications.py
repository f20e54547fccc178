"""Who is told of an alert: those who can act, each once; and what is taken back from whoever no longer sees it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from lianxin.alerts.enums import UNSETTLED, AlertNotification, RuleKind
from lianxin.alerts.models import Alert, AlertRecipient
from lianxin.alerts.policies import ACTING_ROLES, visible
from lianxin.alerts.workflow import SUBJECT
from lianxin.cases.enums import Identity
from lianxin.cases.queries import responsible_people
from lianxin.hotissues.models import Follow
from lianxin.notifications.services import notify, take_back
from lianxin.org.queries import holders, nearest_holders, people_with_roles


def recipients_of(alert: Alert, *, above: bool = False) -> list[int]:
    """Ids of those who can act on it now; `above`: of those one level up.

    Of a case: whoever has it at their desk, then those right above them. Else the nearest dispatchers, supervisors and
    unit leaders at or above the unit; whoever a row must not reach is passed over, so that it goes one level up.
    """
    if alert.case is not None:
        return responsible_people.above_desk(alert.case) if above else responsible_people.at_desk(alert.case)
    if alert.unit is None:
        return []
    path = alert.unit.path
    everybody = {person for role in ACTING_ROLES for person in holders(role, path)}
    passed_over = responsible_people.kept_from(list(alert.rows.values_list("case", flat=True)), everybody)
    return [
        person
        for role in ACTING_ROLES
        for person in nearest_holders(role, path, excluding=passed_over, above=int(above))
    ]


def followers(alert: Alert) -> list[int]:
    """Ids of those who follow its issue."""
    return list(Follow.objects.filter(issue=alert.issue_id).values_list("person", flat=True))


def notify_people(alert: Alert, kind: AlertNotification, people: Iterable[int], at: datetime) -> list[int]:
    """Put a notice into the inboxes of those of some people who see it and were not told yet; return who they are.

    The notice says what kind of rule it was and, of a case, its number.
    """
    before = set(AlertRecipient.objects.filter(alert=alert).values_list("person", flat=True))
    asked = people_with_roles(set(people) - before)
    new = [person.pk for person in asked if Alert.objects.filter(visible(person), pk=alert.pk).exists()]
    AlertRecipient.objects.bulk_create(AlertRecipient(alert=alert, person_id=person) for person in new)
    if alert.rule_id == RuleKind.DANGER and alert.case and alert.case.danger:
        return new  # the case has told them itself, and escalates
    label = alert.case.number if alert.case else ""
    hourly = alert.rows.filter(case__identity=Identity.ANONYMOUS).exists()
    notify(kind=kind, recipients=new, subject_type=SUBJECT, subject_id=alert.pk, label=label, at=at, hourly=hourly)
    return new


def escalation_notification(alert: Alert) -> AlertNotification:
    """What one level more is told."""
    return AlertNotification.DANGER_WAITS if alert.rule_id == RuleKind.DANGER else AlertNotification.WAITS


def withdraw_notifications(alert: Alert, people: Collection[int]) -> None:
    """Take the notices back; were they to see it again, they would be told again."""
    take_back(subject_type=SUBJECT, subject_id=alert.pk, recipients=people)
    AlertRecipient.objects.filter(alert=alert, person__in=people).delete()


def take_back_unseen(case_id: UUID) -> None:
    """Somebody may no longer see a case: whoever therefore no longer sees an alert loses the notice of it."""
    alerts = list(Alert.objects.filter(rows__case=case_id, state__in=UNSETTLED))
    told = AlertRecipient.objects.filter(alert__in=alerts).values_list("person", flat=True) if alerts else ()
    seen = {
        person.pk: set(Alert.objects.filter(visible(person), pk__in=[alert.pk for alert in alerts]))
        for person in people_with_roles(set(told))
    }
    for alert in alerts:
        withdraw_notifications(alert, [person_id for person_id, rows in seen.items() if alert not in rows])
