"""A workflow is one table of transitions; this module performs one: all of it in one transaction, or nothing.

`perform` locks the row, looks the transition up, asks what the actor is to the object, checks what is required, changes
the state, writes the event and runs what follows; `perform_all` does so for many. Nothing else assigns a state, and the
database refuses a change of state that no transition makes (`kernel.triggers.transition_trigger`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.texts import is_blank

Text = str | Promise


class Stateful(Protocol):
    """An object with a state and a version that grows by one with every transition."""

    state: Any
    version: Any

    def save(self) -> None: ...


M = TypeVar("M", bound=Stateful)


@dataclass(frozen=True)
class Button:
    """An action as people meet it: in the menu and on its form.

    Args:
        label: what it is called, a verb.
        icon: an icon's name.
        done: said when it is done.
        lead: said on its form, before: what will follow.
        danger: whether it takes something away.
        undo: the action that takes it back.
    """

    label: Text
    icon: str
    done: Text
    lead: Text = ""
    danger: bool = False
    undo: str = ""


def store(**fields: str) -> Callable[["TransitionContext[Any]"], None]:
    """For `apply`: put inputs onto the object, as `store(assessment="text")`; texts without the space around them.

    What was not entered leaves the object as it is.
    """

    def put(context: "TransitionContext[Any]") -> None:
        for name, entered in fields.items():
            if (value := context.get(entered)) is not None:
                setattr(context.subject, name, value.strip() if isinstance(value, str) else value)

    return put


class TrailEntry(NamedTuple):
    """One line of a trail."""

    at: datetime
    text: str
    icon: str


@dataclass
class TransitionContext(Generic[M]):
    """One performance of a transition: what conditions, effects and followers get."""

    subject: M
    transition: "Transition[M]"
    actor: Any
    relations: Collection[str]
    inputs: Mapping[str, Any]
    at: datetime
    from_state: str
    data: dict[str, Any] = field(default_factory=dict)
    """What the event is to record beside who, what and when; `apply` adds to it. Never text of a person's."""
    internal: bool = False
    """The requester is not to see this event."""

    def get(self, name: str) -> Any:
        """An input, or None."""
        return self.inputs.get(name)


@dataclass(frozen=True)
class Transition(Generic[M]):
    """One row of the table.

    Args:
        action: the verb.
        source: the states it starts from.
        allowed: who may, as names of relations to the object.
        to: the state it leads to. None: it stays; several: `resolve_target` says which.
        required: inputs that must be given.
        conditions: each returns None, or the sentence that says why not.
        apply: what changes on the object.
        then: what follows in the same transaction.
    """

    action: str
    source: tuple[str, ...]
    allowed: tuple[str, ...]
    to: str | tuple[str, ...] | None = None
    resolve_target: Callable[[TransitionContext[M]], str] | None = None
    required: tuple[str, ...] = ()
    conditions: tuple[Callable[[TransitionContext[M]], Text | None], ...] = ()
    apply: Callable[[TransitionContext[M]], None] | None = None
    then: tuple[Callable[[TransitionContext[M]], None], ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """The states it can lead to; empty when it stays."""
        if self.to is None:
            return ()
        return self.to if isinstance(self.to, tuple) else (self.to,)


def _save_each(subjects: Sequence[Stateful]) -> None:
    for subject in subjects:
        subject.save()


def _no_rows() -> Any:
    raise NotImplementedError("this workflow does not say from where it reads")


class Workflow(Generic[M]):
    """A table of transitions over one kind of object.

    Args:
        transitions: the rows.
        record: writes the event of a performance.
        changes: what was done to an object since a version, as far as somebody with these relations may know.
        settle: works out, before saving, what follows from the new states of some objects.
        save: saves them.
        relations: what an actor is to an object (nothing: they do not see it); needed by `get` and `perform_on`.
        rows: the query set from which `get` and `perform_on` read an object.
        buttons: of the actions that people take from the menu, in its order.
        labels: what actions without a button are called in the trail.
    """

    def __init__(
        self,
        *transitions: Transition[M],
        record: Callable[[TransitionContext[M]], None],
        changes: Callable[[M, int, Collection[str]], list[Any]],
        settle: Callable[[Sequence[M]], None] = lambda _subjects: None,
        save: Callable[[Sequence[M]], None] = _save_each,
        relations: Callable[[Any, M], Collection[str]] = lambda _actor, _subject: (),
        rows: Callable[[], Any] = _no_rows,
        buttons: Mapping[str, Button] = MappingProxyType({}),
        labels: Mapping[str, Text] = MappingProxyType({}),
    ) -> None:
        self.transitions = transitions
        self.relations = relations
        self._record = record
        self._changes = changes
        self._settle = settle
        self._save = save
        self._rows = rows
        self.buttons = buttons
        self._labels = labels

    def possible(self, state: str, relations: Collection[str]) -> list[Transition[M]]:
        """The transitions that somebody with these relations could try from a state, in the table's order."""
        return [row for row in self.transitions if state in row.source and not set(row.allowed).isdisjoint(relations)]

    def allowed(self, action: str) -> set[str]:
        """The relations of which one is needed for an action; empty: there is no such action."""
        return {who for row in self.transitions if row.action == action for who in row.allowed}

    @property
    def actions(self) -> list[str]:
        """All actions, in the table's order."""
        return list(dict.fromkeys(row.action for row in self.transitions))

    def state_changes(self) -> set[tuple[str, str]]:
        """All changes of state that some transition makes."""
        pairs = ((source, target) for row in self.transitions for source in row.source for target in row.targets)
        return {(source, target) for source, target in pairs if source != target}

    def get(self, viewer: Any, pk: Any, *, lock: bool = False) -> M:
        """The object, if the viewer is something to it; fetching and authorising are one call.

        Raises:
            NotFound: there is no such object, or it is not for the viewer.
        """
        if lock:  # alone and first: what is joined to a locked row would be as it was before whoever held it was done
            list(self._rows().model.objects.filter(pk=pk).select_for_update(no_key=True).values_list("pk"))
        subject: M | None = self._rows().filter(pk=pk).first()
        if subject is None or not self.relations(viewer, subject):
            raise NotFound(_("There is no such thing, or it is not for you."))
        return subject

    def offered(self, subject: M, viewer: Any) -> dict[str, Button]:
        """What the viewer can do to the object now, by action, in the menu's order."""
        possible = {row.action for row in self.possible(str(subject.state), self.relations(viewer, subject))}
        return {action: button for action, button in self.buttons.items() if action in possible}

    def require_allowed(self, action: str, relations: Collection[str]) -> None:
        """Insist that somebody with these relations may do it, in whichever state.

        Raises:
            PermissionDenied: they may not.
        """
        if self.allowed(action).isdisjoint(relations):
            raise PermissionDenied(_("You do not have permission to do this."))

    def require_now(
        self,
        action: str,
        subject: M,
        viewer: Any,
        *,
        expected: int | None = None,
        relations: Callable[[Any, M], Collection[str]] | None = None,
    ) -> None:
        """Insist that the viewer can do it now.

        Raises:
            VersionConflict, PermissionDenied: as `perform`.
        """
        self._admit(action, subject, (relations or self.relations)(viewer, subject), expected)

    def trail(self, subject: M, viewer: Any) -> list[TrailEntry]:
        """What was done to the object, oldest first, as far as the viewer may know."""
        return self.describe(self._changes(subject, 0, self.relations(viewer, subject)))

    def describe(self, events: Sequence[Any]) -> list[TrailEntry]:
        """Events as people read them: who, and what they did by the name of its button."""
        return [self._describe(event) for event in events]

    def _describe(self, event: Any) -> TrailEntry:
        button = self.buttons.get(event.action)
        what = button.label if button else self._labels.get(event.action, event.action)
        who = event.actor.name if event.actor else _("The system")
        text = _("%(who)s: %(what)s") % {"who": who, "what": what}
        return TrailEntry(event.at, text, button.icon if button else "point")

    def perform_on(self, pk: Any, action: str, *, actor: Any, expected: int | None = None, **inputs: Any) -> M:
        """Do `action` to the object with this id. Raises: as `get` and `perform`."""
        with transaction.atomic():
            subject = self.get(actor, pk, lock=True)
            return self.perform(
                action, actor=actor, fetch=lambda: subject, relations=self.relations, expected=expected, **inputs
            )

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
            VersionConflict: the object is no longer what the actor saw (`expected` is the version seen), or no longer
            in a fitting state.
            PermissionDenied: the actor is not one of those who may.
            ValidationFailed: something required is missing, or a condition refuses (field "" carries the sentence).
        """
        with transaction.atomic():
            subject = fetch()
            held = relations(actor, subject)
            transition = self._admit(action, subject, held, expected)
            moment = at or timezone.now()
            self._take([TransitionContext(subject, transition, actor, held, inputs, moment, str(subject.state))])
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
            VersionConflict, PermissionDenied, ValidationFailed: as `perform`, for one of them.
        """
        if not subjects:
            return
        now = timezone.now()
        with transaction.atomic():
            contexts = []
            for subject in subjects:
                held = relations(actor, subject)
                row = self._admit(action, subject, held, None)
                moment = at(subject) if at else now
                contexts.append(TransitionContext(subject, row, actor, held, {}, moment, str(subject.state)))
            self._take(contexts)

    def _take(self, contexts: Sequence[TransitionContext[M]]) -> None:
        for context in contexts:
            _check(context)
            subject, row = context.subject, context.transition
            if row.apply:
                row.apply(context)
            if row.to is not None:
                subject.state = row.resolve_target(context) if row.resolve_target else row.targets[0]
            subject.version += 1
        subjects = [context.subject for context in contexts]
        self._settle(subjects)
        self._save(subjects)
        for context in contexts:
            self._record(context)
            for follow in context.transition.then:
                follow(context)

    def _admit(self, action: str, subject: M, relations: Collection[str], expected: int | None) -> Transition[M]:
        if expected is not None and subject.version != expected:
            raise VersionConflict(
                _("Someone else acted in the meantime. Please review the changes, then decide again."),
                self._changes(subject, expected, relations),
            )
        row = next((row for row in self.possible(str(subject.state), relations) if row.action == action), None)
        if row is not None:
            return row
        self.require_allowed(action, relations)
        raise VersionConflict(_("This is no longer possible: something has changed in the meantime."))


def _check(context: TransitionContext[Any]) -> None:
    missing = [name for name in context.transition.required if _is_empty(context.get(name))]
    if missing:
        raise ValidationFailed(dict.fromkeys(missing, _("Please fill in this field.")))
    for condition in context.transition.conditions:
        refusal = condition(context)
        if refusal:
            raise ValidationFailed({"": str(refusal)})


def _is_empty(value: Any) -> bool:
    return is_blank(value) if isinstance(value, str) else value in (None, [], ())
