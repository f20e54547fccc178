"""What an act leaves behind: its event on the record, and what was said in the conversation."""

from lianxin.cases.enums import Identity, MessageKind, Relation
from lianxin.cases.models import Case, Message
from lianxin.cases.workflow import notifications
from lianxin.cases.workflow.search_indexing import find_by
from lianxin.kernel.workflow import TransitionContext
from lianxin.ledger.services import append_event
from lianxin.org.queries import Person


def role_of(context: TransitionContext[Case]) -> Relation:
    """In which capacity the actor acts: the first of those the step names that they hold."""
    return next(Relation(role) for role in context.transition.allowed if role in context.relations)


def author_id(context: TransitionContext[Case]) -> int | None:
    """The person to store with the act; none for the clock, or for a requester who is not named."""
    if not isinstance(context.actor, Person):
        return None
    unnamed = context.subject.identity != Identity.NAMED and role_of(context) == Relation.REQUESTER
    return None if unnamed else context.actor.pk


def record_event(context: TransitionContext[Case]) -> None:
    """Append the act to the record."""
    append_event(
        subject_type=notifications.SUBJECT,
        subject_id=context.subject.pk,
        action=context.transition.action,
        actor_id=author_id(context),
        role=role_of(context),
        from_state=context.from_state,
        to_state=context.subject.state,
        version=context.subject.version,
        internal=context.internal,
        at=context.at,
        data=context.data,
    )


def say(context: TransitionContext[Case], kind: MessageKind, *, internal: bool = False, reason: str = "") -> Message:
    """Write what the actor said into the conversation."""
    return write_message(
        context,
        kind,
        text=context.get("text"),
        author_id=author_id(context),
        role=role_of(context),
        internal=internal,
        decline_reason=reason,
    )


def write_message(
    context: TransitionContext[Case],
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
        case=context.subject,
        kind=kind,
        author_id=author_id,
        role=role,
        text=text,
        internal=internal,
        decline_reason=decline_reason,
        version=context.subject.version + 1,
        at=context.at,
    )
    find_by(message)
    context.data["message"] = str(message.pk)
    return message
