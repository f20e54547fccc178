"""The process of an alert: new, taken up, acted on or dismissed. What somebody wrote is never on the record."""

from collections.abc import Collection, Sequence
from typing import Any

import pgtrigger

from lianxin.alerts.enums import UNSETTLED, AlertState
from lianxin.alerts.models import Alert
from lianxin.kernel.triggers import transition_trigger
from lianxin.kernel.workflow import Act, Step, Workflow
from lianxin.ledger.queries import events_of
from lianxin.ledger.services import append_event

SUBJECT = "hotissues.warning"
READER, ACTOR = "reader", "actor"
"""What somebody is to an alert: sees it; may act on it."""


def _take(act: Act[Alert]) -> None:
    act.subject.taken_by, act.subject.taken_at = act.actor, act.at


def _settle(act: Act[Alert]) -> None:
    alert = act.subject
    alert.settled_by, alert.settled_at, alert.note = act.actor, act.at, act.inputs["text"].strip()
    alert.false_alarm = bool(act.get("false_alarm"))
    act.data["false_alarm"] = alert.false_alarm


def _record(act: Act[Alert]) -> None:
    append_event(
        subject_type=SUBJECT,
        subject_id=act.subject.pk,
        action=act.step.action,
        actor_id=act.actor.pk,
        from_state=act.from_state,
        to_state=act.subject.state,
        version=act.subject.version,
        at=act.at,
        data=act.data,
    )


def _rests(alerts: Sequence[Alert]) -> None:
    """Somebody has them in hand: nobody further up is told."""
    for alert in alerts:
        alert.rises_at = None


def _changes(alert: Alert, version: int, _relations: Collection[str]) -> list[Any]:
    return list(events_of(SUBJECT, alert.pk, after_version=version))


ALERT: Workflow[Alert] = Workflow(
    Step("acknowledge", (AlertState.NEW,), (ACTOR,), to=AlertState.TAKEN, effect=_take),
    Step("act", UNSETTLED, (ACTOR,), to=AlertState.ACTED, needs=("text",), effect=_settle),
    Step("dismiss", UNSETTLED, (ACTOR,), to=AlertState.DISMISSED, needs=("text",), effect=_settle),
    record=_record,
    settle=_rests,
    changes=_changes,
)

pgtrigger.register(transition_trigger(ALERT.transitions()))(Alert)
