"""The process of a warning: new, taken up, acted on or dismissed. What somebody wrote is never on the record."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import pgtrigger

from lianxin.hotissues.enums import UNSETTLED, WarningState
from lianxin.hotissues.models import EarlyWarning
from lianxin.kernel import timezone
from lianxin.kernel.triggers import transition_trigger
from lianxin.kernel.workflow import Transition, TransitionContext, Workflow
from lianxin.ledger.queries import events_of
from lianxin.ledger.services import append_event

SUBJECT = "hotissues.warning"
READER, ACTOR = "reader", "actor"
"""What somebody is to a warning: sees it; may act on it."""


def this_hour() -> datetime:
    """All that is kept of the time of what is done here: there may be an anonymous case behind it."""
    return timezone.to_the_hour(timezone.now())


def _take(context: TransitionContext[EarlyWarning]) -> None:
    context.subject.taken_by, context.subject.taken_at = context.actor, context.at


def _settle(context: TransitionContext[EarlyWarning]) -> None:
    warning = context.subject
    warning.settled_by, warning.settled_at, warning.note = context.actor, context.at, context.inputs["text"].strip()
    warning.false_alarm = bool(context.get("false_alarm"))
    context.data["false_alarm"] = warning.false_alarm


def _record(context: TransitionContext[EarlyWarning]) -> None:
    append_event(
        subject_type=SUBJECT,
        subject_id=context.subject.pk,
        action=context.transition.action,
        actor_id=context.actor.pk,
        from_state=context.from_state,
        to_state=context.subject.state,
        version=context.subject.version,
        at=context.at,
        data=context.data,
    )


def _rests(warnings: Sequence[EarlyWarning]) -> None:
    """Somebody has them in hand: nobody further up is told."""
    for warning in warnings:
        warning.rises_at = None


def _changes(warning: EarlyWarning, version: int, _relations: Collection[str]) -> list[Any]:
    return list(events_of(SUBJECT, warning.pk, after_version=version))


WARNING: Workflow[EarlyWarning] = Workflow(
    Transition("acknowledge", (WarningState.NEW,), (ACTOR,), to=WarningState.TAKEN, apply=_take),
    Transition("act", UNSETTLED, (ACTOR,), to=WarningState.ACTED, required=("text",), apply=_settle),
    Transition("dismiss", UNSETTLED, (ACTOR,), to=WarningState.DISMISSED, required=("text",), apply=_settle),
    record=_record,
    settle=_rests,
    changes=_changes,
)

pgtrigger.register(transition_trigger(WARNING.state_changes()))(EarlyWarning)
