"""The process of an alert: new, taken up, acted on or dismissed. What somebody wrote is never on the record."""

from collections.abc import Sequence

import pgtrigger

from lianxin.alerts.enums import UNSETTLED, AlertState
from lianxin.alerts.models import Alert
from lianxin.kernel.triggers import transition_trigger
from lianxin.kernel.workflow import Transition, TransitionContext
from lianxin.ledger.recorded_workflow import RecordedWorkflow

SUBJECT = "hotissues.warning"
READER, ACTOR = "reader", "actor"
"""What somebody is to an alert: sees it; may act on it."""


def _take(context: TransitionContext[Alert]) -> None:
    context.subject.taken_by, context.subject.taken_at = context.actor, context.at


def _settle(context: TransitionContext[Alert]) -> None:
    alert = context.subject
    alert.settled_by, alert.settled_at, alert.note = context.actor, context.at, context.inputs["text"].strip()
    alert.false_alarm = bool(context.get("false_alarm"))
    context.data["false_alarm"] = alert.false_alarm


def _rests(alerts: Sequence[Alert]) -> None:
    """The alert is assigned or settled, so escalation stops."""
    for alert in alerts:
        alert.escalates_at = None


ALERT: RecordedWorkflow[Alert] = RecordedWorkflow(
    Transition("acknowledge", (AlertState.NEW,), (ACTOR,), to=AlertState.TAKEN, apply=_take),
    Transition("act", UNSETTLED, (ACTOR,), to=AlertState.ACTED, required=("text",), apply=_settle),
    Transition("dismiss", UNSETTLED, (ACTOR,), to=AlertState.DISMISSED, required=("text",), apply=_settle),
    subject_type=SUBJECT,
    settle=_rests,
)

pgtrigger.register(transition_trigger(ALERT.state_changes()))(Alert)
