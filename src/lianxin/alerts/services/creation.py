"""Raising what the rules found: each once, with its rows, its event and its notices, in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.alerts.enums import UNSETTLED, AlertNotification, AlertState, RuleKind
from lianxin.alerts.models import Alert, AlertCase
from lianxin.alerts.services.notifications import (
    escalation_notification,
    followers,
    notify_people,
    recipients_of,
    withdraw_notifications,
)
from lianxin.alerts.services.rule_evaluation import Found
from lianxin.alerts.workflow import SUBJECT
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.models import Issue
from lianxin.kernel import timezone
from lianxin.kernel.trees import STEP, paths_down_to
from lianxin.kernel.working_time import current_calendar
from lianxin.ledger.services import append_event
from lianxin.org.queries import Unit

HOURS = 3
"""Danger that nobody takes up goes one level up after so many hours, counted from the beginning of the hour in which
it was raised: after two hours at the earliest."""
WORKING_DAYS = 3
"""All else after so many working days."""


def raise_found(found: Iterable[Found]) -> int:
    """Raise what was found, unless the same is raised and not settled; return how many alerts that were.

    Whoever calls found it under the lock of issues (`memory.locked`), so nobody else raises, merges or regroups; and
    the database lets a rule have one unsettled alert of a subject.
    """
    return sum(_raise(each) for each in found)


def _raise(found: Found) -> bool:
    at = timezone.this_hour()
    subject = dict(found.subject)
    if "issue_id" in subject:
        subject["unit_id"] = _lowest_unit(found.rows).pk
    alert = Alert(
        rule_id=found.rule, raised_at=at, escalates_at=_first_escalation(found.rule, at), **subject, **found.numbers
    )
    Alert.objects.bulk_create([alert], ignore_conflicts=True)
    if not Alert.objects.filter(pk=alert.pk).exists():
        return False
    AlertCase.objects.bulk_create(AlertCase(alert=alert, case_id=pk) for pk in found.rows)
    # From here on no row can be sealed until this is through; one that was a moment ago undoes the alert.
    if Case.objects.filter(pk__in=found.rows, sealed=True).exists():
        alert.delete()
        return False
    _note(alert, "raise", at)
    notify_people(alert, AlertNotification(found.rule), [*recipients_of(alert), *followers(alert)], at)
    return True


def _lowest_unit(cases: Sequence[UUID]) -> Unit:
    """The lowest unit that covers the places of the cases; of several trees the first."""
    paths = sorted(set(Case.objects.filter(pk__in=cases).order_by().values_list("place_unit__path", flat=True)))
    covering = [path for path in paths_down_to(paths[0]) if all(other.startswith(path) for other in paths)]
    return Unit.objects.get(path=covering[-1] if covering else paths[0][:STEP])


def _first_escalation(rule: str, at: datetime) -> datetime:
    """When one level more is told."""
    if rule == RuleKind.DANGER:
        return at + timedelta(hours=HOURS)
    return current_calendar().add_working_days(at, WORKING_DAYS)


def escalate() -> int:
    """Tell one level more of each alert that nobody has taken up in time, once; return how many there were.

    Safe to run in several places at once: each alert is claimed by a guarded update.
    """
    now, done = timezone.now(), 0
    due = Alert.objects.filter(state=AlertState.NEW, escalates_at__lte=now)
    for alert in due.select_related("case", "unit").order_by("escalates_at"):
        with transaction.atomic():
            if due.filter(pk=alert.pk).update(escalates_at=None):
                at = timezone.to_the_hour(now)
                notify_people(alert, escalation_notification(alert), recipients_of(alert, above=True), at)
                _note(alert, "rise", at)
                done += 1
    return done


def notify_newcomers() -> None:
    """Tell whoever can act by now on an alert that nobody has taken up: the handler of a case since dispatched, or a
    post's new holder. Each person once.
    """
    for alert in Alert.objects.filter(state=AlertState.NEW).select_related("case", "unit"):
        with transaction.atomic():
            notify_people(alert, AlertNotification(alert.rule_id), recipients_of(alert), timezone.this_hour())


def follow_merge(*, issue: Issue, other: Issue) -> None:
    """The alerts of an issue that was merged into another become that one's, inside the act of merging.

    Where both have one of the same rule that is not settled, the one that somebody took up stays, else the older.
    """
    mine = Alert.objects.filter(issue__in=[issue, other], state__in=UNSETTLED)
    kept: dict[str, Alert] = {}
    for alert in sorted(mine, key=lambda one: (one.state != AlertState.TAKEN, one.raised_at)):
        if (first := kept.setdefault(alert.rule_id, alert)) is not alert:
            _join(first, alert)
    Alert.objects.filter(issue=other).update(issue=issue)


def _join(kept: Alert, gone: Alert) -> None:
    """What made one alert stands with the other; the numbers stay as of then."""
    rows = [AlertCase(alert=kept, case_id=pk) for pk in gone.rows.values_list("case", flat=True)]
    AlertCase.objects.bulk_create(rows, ignore_conflicts=True)
    withdraw_notifications(gone, list(gone.recipients.values_list("person", flat=True)))
    gone.delete()
    kept.unit = _lowest_unit(list(kept.rows.values_list("case", flat=True)))
    kept.save(update_fields=["unit"])
    _note(kept, "join", timezone.this_hour())


def _note(alert: Alert, action: str, at: datetime, **data: Any) -> None:
    """Put on the record what the clock did, without a word of any case."""
    append_event(
        subject_type=SUBJECT,
        subject_id=alert.pk,
        action=action,
        role="clock",
        from_state=alert.state,
        to_state=alert.state,
        version=alert.version,
        at=at,
        data={"rule": alert.rule_id, **data},
    )
