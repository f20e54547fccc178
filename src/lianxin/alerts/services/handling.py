"""What people do with an alert: take it up, act, dismiss it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.alerts.enums import AlertState
from lianxin.alerts.models import Alert
from lianxin.alerts.policies import actable
from lianxin.alerts.queries.inbox import get_alert_for, relations_of
from lianxin.alerts.workflow import ALERT, SUBJECT, SYSTEM
from lianxin.cases.queries.publication import Case
from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied
from lianxin.notifications.services import mark_read
from lianxin.org.queries import Person


def acknowledge(*, actor: Person, alert_id: UUID | str, expected: int | None = None) -> Alert:
    """Say that one has it in hand: nobody further up is told.

    Raises:
        NotFound: there is no such alert for the actor.
        PermissionDenied: they follow the issue, but do not answer for its units.
        VersionConflict: somebody acted in between.
    """
    return _perform("acknowledge", actor, alert_id, expected)


def act(*, actor: Person, alert_id: UUID | str, text: str, expected: int | None = None) -> Alert:
    """Say what was done about it; it is settled.

    Raises:
        NotFound, PermissionDenied, VersionConflict: as `acknowledge`.
        ValidationFailed: nothing is said (field `text`).
    """
    return _perform("act", actor, alert_id, expected, text=text)


def dismiss(*, actor: Person, alert_id: UUID | str, text: str, false_alarm: bool, expected: int | None = None) -> Alert:
    """Say why nothing is to be done, and whether there was nothing to warn of; it is settled. Raises: as `act`."""
    return _perform("dismiss", actor, alert_id, expected, text=text, false_alarm=false_alarm)


def _perform(action: str, actor: Person, alert_id: UUID | str, expected: int | None, **inputs: Any) -> Alert:
    def fetch() -> Alert:
        found = get_alert_for(viewer=actor, alert_id=alert_id, lock=True)
        _refuse_own(actor, found)
        return found

    alert = ALERT.perform(
        action,
        actor=actor,
        fetch=fetch,
        relations=relations_of,
        expected=expected,
        at=timezone.this_hour(),
        **inputs,
    )
    mark_read(actor=actor, subject_type=SUBJECT, subject_id=alert.pk)
    return alert


def _refuse_own(actor: Person, alert: Alert) -> None:
    """An alert reaches whoever raised one of its cases in confidence like everybody else; but it is not theirs to
    settle.
    """
    concerned = Q(pk=alert.case_id) | Q(pk__in=alert.rows.values("case"))
    if Case.objects.raised_by(actor).filter(concerned).exists():
        raise PermissionDenied(_("You submitted this case, so someone else has to do this."))


@transaction.atomic
def release_of(person_id: int) -> None:
    """Give back the alerts in the hands of somebody who has left or answers for them no longer: the next is told.

    Safe in several places at once: each alert is locked, and passed over if it is no longer in their hands by then.
    """
    person = Person.objects.get(pk=person_id)
    held = Alert.objects.filter(state=AlertState.TAKEN, taken_by=person).order_by("pk").select_for_update(of=("self",))
    taken = list(held)
    kept = set(Alert.objects.filter(actable(person), pk__in=[alert.pk for alert in taken]).values_list("pk", flat=True))
    ALERT.perform_all(
        "release",
        actor=None,
        subjects=[alert for alert in taken if alert.pk not in kept],
        relations=lambda _actor, _alert: {SYSTEM},
        at=lambda _alert: timezone.this_hour(),
    )
