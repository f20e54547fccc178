"""What was said and done in a case, in the order in which it happened, and the files that came with it."""

from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from lianxin.cases.enums import MessageKind
from lianxin.cases.models import Attachment, Case, Message
from lianxin.cases.workflow.notifications import SUBJECT
from lianxin.ledger.queries import Event, events_of

if TYPE_CHECKING:
    from datetime import datetime

Files: TypeAlias = dict[UUID | None, list[Attachment]]
"""By the message with which they came; None: with the case itself."""


def conversation_of(case: Case, *, as_requester: bool) -> tuple[list[Message | Event], Files]:
    """Messages and events, without what is internal for the requester; and the files. Three queries.

    A merged case is answered where its primary is; of that conversation its requester reads the replies alone.
    """
    messages, files = _said(case)
    events = list(events_of(SUBJECT, case.pk))
    if as_requester:
        messages = [message for message in messages if not message.internal]
        events = [event for event in events if not event.internal]
    turns: list[tuple[int, datetime, int, Message | Event]] = [(event.version, event.at, 0, event) for event in events]
    merged_at = max((event.version for event in events if event.action == "merge"), default=case.version)
    for message in messages:
        if message.case_id == case.pk:
            turns.append((message.version, message.at, 1, message))
        elif message.kind == MessageKind.REPLY and not message.internal:
            turns.append((merged_at, message.at, 2, message))
    return [turn for *_order, turn in sorted(turns, key=lambda item: item[:3])], files


def _said(case: Case) -> tuple[list[Message], Files]:
    """The messages of the case and of one that it follows, with their authors, and the files of both."""
    cases = [pk for pk in (case.pk, case.primary_id) if pk]
    messages = Message.objects.filter(case__in=cases).select_related("author").order_by("version")
    files: Files = {}
    for file in Attachment.objects.filter(case__in=cases).order_by("position"):
        if file.message_id or file.case_id == case.pk:
            files.setdefault(file.message_id, []).append(file)
    return list(messages), files
