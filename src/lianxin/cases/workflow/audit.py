"""What an act leaves behind: its event on the record, and what was said in the conversation."""

from lianxin.cases.enums import Identity, MessageKind, Relation
from lianxin.cases.models import Case, Message
from lianxin.cases.workflow import notifications
from lianxin.cases.workflow.search_indexing import find_by
from lianxin.kernel.workflow import Act
from lianxin.ledger.services import append_event
from lianxin.org.queries import Person


def role_of(act: Act[Case]) -> Relation:
    """In which capacity the actor acts: the first of those the step names that they hold."""
    return next(Relation(role) for role in act.step.by if role in act.relations)


def author_id(act: Act[Case]) -> int | None:
    """The person to store with the act; none for the clock, or for a requester who is not named."""
    if not isinstance(act.actor, Person):
        return None
    unnamed = act.subject.identity != Identity.NAMED and role_of(act) == Relation.REQUESTER
    return None if unnamed else act.actor.pk


def record_event(act: Act[Case]) -> None:
    """Append the act to the record."""
    append_event(
        subject_type=notifications.SUBJECT,
        subject_id=act.subject.pk,
        action=act.step.action,
        actor_id=author_id(act),
        role=role_of(act),
        from_state=act.from_state,
        to_state=act.subject.state,
        version=act.subject.version,
        internal=act.internal,
        at=act.at,
        data=act.data,
    )


def say(act: Act[Case], kind: MessageKind, *, internal: bool = False, reason: str = "") -> Message:
    """Write what the actor said into the conversation."""
    return write_message(
        act,
        kind,
        text=act.get("text"),
        author_id=author_id(act),
        role=role_of(act),
        internal=internal,
        decline_reason=reason,
    )


def write_message(
    act: Act[Case],
    kind: MessageKind,
    *,
    text: str,
    author_id: int | None,
    role: Relation,
    internal: bool = False,
    decline_reason: str = "",
) -> Message:
    """Write into the conversation what somebody said, who need not be the actor."""
    message = Message.objects.create(
        case=act.subject,
        kind=kind,
        author_id=author_id,
        role=role,
        text=text,
        internal=internal,
        decline_reason=decline_reason,
        version=act.subject.version + 1,
        at=act.at,
    )
    find_by(message)
    act.data["message"] = str(message.pk)
    return message
