"""A workflow is one table of steps; this module performs a step: all of it in one transaction, or nothing.

`perform` locks the row, looks the step up, asks who the actor is to the object, checks what is needed, changes the
state, writes the event and runs what comes after; `perform_all` does so for many. Nothing else assigns a state, and the
database refuses a state change that no step leads to (`kernel.triggers.transition_trigger`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import Invalid, NotAllowed, Stale


class Stateful(Protocol):
    """An object with a state and a version that grows by one with every step."""

    state: Any
    version: Any

    def save(self) -> None: ...


M = TypeVar("M", bound=Stateful)


@dataclass
class Act(Generic[M]):
    """One performance of a step: what guards, effects and followers get."""

    subject: M
    step: "Step[M]"
    actor: Any
    relations: Collection[str]
    inputs: Mapping[str, Any]
    at: datetime
    from_state: str
    data: dict[str, Any] = field(default_factory=dict)
    """What the event is to record beside who, what and when; an effect adds to it. Never text of a person's."""
    internal: bool = False
    """The requester is not to see this event."""

    def get(self, name: str) -> Any:
        """An input, or None."""
        return self.inputs.get(name)


@dataclass(frozen=True)
class Step(Generic[M]):
    """One row of the table.

    action: the verb; source: the states it starts from; to: the state it leads to (None: it stays; several:
    `decide` says which);
    by: who may, as names of relations to the object; needs: inputs that must be given; when: guards, each returning
    None or the sentence that says why not; effect: what changes on the object; after: what follows in the same
    transaction.
    """

    action: str
    source: tuple[str, ...]
    by: tuple[str, ...]
    to: str | tuple[str, ...] | None = None
    decide: Callable[[Act[M]], str] | None = None
    needs: tuple[str, ...] = ()
    when: tuple[Callable[[Act[M]], str | Promise | None], ...] = ()
    effect: Callable[[Act[M]], None] | None = None
    after: tuple[Callable[[Act[M]], None], ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """The states it can lead to; empty when it stays."""
        if self.to is None:
            return ()
        return self.to if isinstance(self.to, tuple) else (self.to,)


def _save_each(subjects: Sequence[Stateful]) -> None:
    for subject in subjects:
        subject.save()


class Workflow(Generic[M]):
    """A table of steps over one kind of object.

    `record` writes the event of an act; `settle` works out, before saving, what follows from the new states of some
    objects; `save` saves them; `changes` lists what was done to an object since a version, as far as somebody with
    these relations may know.
    """

    def __init__(
        self,
        *steps: Step[M],
        record: Callable[[Act[M]], None],
        settle: Callable[[Sequence[M]], None],
        save: Callable[[Sequence[M]], None] = _save_each,
        changes: Callable[[M, int, Collection[str]], list[Any]],
    ) -> None:
        self.steps = steps
        self._record = record
        self._settle = settle
        self._save = save
        self._changes = changes

    def step(self, action: str, state: str) -> Step[M] | None:
        """The row for an action from a state, if there is one."""
        return next((step for step in self.steps if step.action == action and state in step.source), None)

    def possible(self, state: str, relations: Collection[str]) -> list[Step[M]]:
        """The steps that somebody with these relations could try from a state, in the table's order."""
        return [s for s in self.steps if state in s.source and not set(s.by).isdisjoint(relations)]

    def transitions(self) -> set[tuple[str, str]]:
        """All changes of state that some step makes."""
        return {(source, target) for s in self.steps for source in s.source for target in s.targets if source != target}

    def perform(
        self,
        action: str,
        *,
        actor: Any,
        fetch: Callable[[], M],
        relations: Callable[[Any, M], Collection[str]],
        expected: int | None = None,
        at: datetime | None = None,
        **inputs: Any,
    ) -> M:
        """Do `action` to the object that `fetch` returns locked, as `actor`.

        Raises:
            NotFound: from `fetch`.
            Stale: the object is no longer what the actor saw (`expected` is the version seen), or no longer in a
            fitting state.
            NotAllowed: the actor is not one of those who may.
            Invalid: something needed is missing, or a guard refuses (field "" carries the sentence).
        """
        with transaction.atomic():
            subject = fetch()
            held = relations(actor, subject)
            step = self._admit(action, subject, held, expected)
            self._take([Act(subject, step, actor, held, inputs, at or timezone.now(), str(subject.state))])
        return subject

    def perform_all(
        self,
        action: str,
        *,
        actor: Any,
        subjects: Sequence[M],
        relations: Callable[[Any, M], Collection[str]],
        at: Callable[[M], datetime] | None = None,
    ) -> None:
        """Do `action` to several objects, each there once and locked by the caller; to all of them, or to none.

        `at` says of each object the time that is kept.

        Raises:
            Stale, NotAllowed, Invalid: as `perform`, for one of them.
        """
        if not subjects:
            return
        now = timezone.now()
        with transaction.atomic():
            acts = []
            for subject in subjects:
                held = relations(actor, subject)
                step = self._admit(action, subject, held, None)
                acts.append(Act(subject, step, actor, held, {}, at(subject) if at else now, str(subject.state)))
            self._take(acts)

    def _take(self, acts: Sequence[Act[M]]) -> None:
        for act in acts:
            _check(act)
            subject, step = act.subject, act.step
            if step.effect:
                step.effect(act)
            if step.to is not None:
                subject.state = step.decide(act) if step.decide else step.targets[0]
            subject.version += 1
        subjects = [act.subject for act in acts]
        self._settle(subjects)
        self._save(subjects)
        for act in acts:
            self._record(act)
            for follow in act.step.after:
                follow(act)

    def _admit(self, action: str, subject: M, relations: Collection[str], expected: int | None) -> Step[M]:
        if expected is not None and subject.version != expected:
            raise Stale(
                _("Someone else acted in the meantime. Please review the changes, then decide again."),
                self._changes(subject, expected, relations),
            )
        step = next((s for s in self.possible(str(subject.state), relations) if s.action == action), None)
        if step is not None:
            return step
        if not any(s.action == action and not set(s.by).isdisjoint(relations) for s in self.steps):
            raise NotAllowed(_("You do not have permission to do this."))
        raise Stale(_("This is no longer possible: something has changed in the meantime."))


def _check(act: Act[Any]) -> None:
    missing = [name for name in act.step.needs if _is_empty(act.get(name))]
    if missing:
        raise Invalid(dict.fromkeys(missing, _("Please fill in this field.")))
    for guard in act.step.when:
        refusal = guard(act)
        if refusal:
            raise Invalid({"": str(refusal)})


def _is_empty(value: Any) -> bool:
    return not value.strip() if isinstance(value, str) else value in (None, [], ())
