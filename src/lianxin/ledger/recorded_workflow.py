"""Workflows whose every step stands on the record."""

from collections.abc import Collection
from typing import Any, TypeVar

from lianxin.kernel.workflow import Stateful, Transition, TransitionContext, Workflow
from lianxin.ledger.queries import Event, events_of
from lianxin.ledger.services import append_event

M = TypeVar("M", bound=Stateful)


class RecordedWorkflow(Workflow[M]):
    """As `Workflow`; each step is an event about `subject_type` and the object's id, by name."""

    def __init__(self, *transitions: Transition[M], subject_type: str, **options: Any) -> None:
        super().__init__(*transitions, record=self._append, changes=self._events, **options)
        self.subject_type = subject_type

    def record_start(self, subject: Any, *, actor: Any, action: str) -> None:
        """Record that somebody made the object, in its first state."""
        append_event(
            subject_type=self.subject_type,
            subject_id=subject.pk,
            action=action,
            actor_id=actor.pk,
            to_state=subject.state,
            version=subject.version,
        )

    def _append(self, context: TransitionContext[Any]) -> None:
        append_event(
            subject_type=self.subject_type,
            subject_id=context.subject.pk,
            action=context.transition.action,
            actor_id=getattr(context.actor, "pk", None),
            role=next(who for who in context.transition.allowed if who in context.relations),
            from_state=context.from_state,
            to_state=context.subject.state,
            version=context.subject.version,
            internal=context.internal,
            at=context.at,
            data=context.data,
        )

    def _events(self, subject: Any, version: int, _relations: Collection[str]) -> list[Event]:
        return list(events_of(self.subject_type, subject.pk, after_version=version))
