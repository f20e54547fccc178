"""The process of a warning: new, taken up, acted on or dismissed. What somebody wrote is never on the record."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import pgtrigger

from lianxin.hotissues.enums import UNSETTLED, WarningState
from lianxin.hotissues.models import EarlyWarning
from lianxin.kernel import timezone
from lianxin.kernel.triggers import transition_trigger
from lianxin.kernel.workflow import Act, Step, Workflow
from lianxin.ledger.queries import events_of
from lianxin.ledger.services import append_event

SUBJECT = "hotissues.warning"
READER, ACTOR = "reader", "actor"
"""What somebody is to a warning: sees it; may act on it."""


def this_hour() -> datetime:
    """All that is kept of the time of what is done here: there may be an anonymous case behind it."""
    return timezone.to_the_hour(timezone.now())


def _take(act: Act[EarlyWarning]) -> None:
    act.subject.taken_by, act.subject.taken_at = act.actor, act.at


def _settle(act: Act[EarlyWarning]) -> None:
    warning = act.subject
    warning.settled_by, warning.settled_at, warning.note = act.actor, act.at, act.inputs["text"].strip()
    warning.false_alarm = bool(act.get("false_alarm"))
    act.data["false_alarm"] = warning.false_alarm


def _record(act: Act[EarlyWarning]) -> None:
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


def _rests(warnings: Sequence[EarlyWarning]) -> None:
    """Somebody has them in hand: nobody further up is told."""
    for warning in warnings:
        warning.rises_at = None


def _changes(warning: EarlyWarning, version: int, _relations: Collection[str]) -> list[Any]:
    return list(events_of(SUBJECT, warning.pk, after_version=version))


WARNING: Workflow[EarlyWarning] = Workflow(
    Step("acknowledge", (WarningState.NEW,), (ACTOR,), to=WarningState.TAKEN, effect=_take),
    Step("act", UNSETTLED, (ACTOR,), to=WarningState.ACTED, needs=("text",), effect=_settle),
    Step("dismiss", UNSETTLED, (ACTOR,), to=WarningState.DISMISSED, needs=("text",), effect=_settle),
    record=_record,
    settle=_rests,
    changes=_changes,
)

pgtrigger.register(transition_trigger(WARNING.transitions()))(EarlyWarning)
