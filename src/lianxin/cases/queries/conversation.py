"""What was said and done in a case, in the order in which it happened, and the files that came with it."""

from collections.abc import Iterable
from typing import TypeAlias
from uuid import UUID

from lianxin.cases.enums import MessageKind
from lianxin.cases.models import Attachment, Case, Message
from lianxin.cases.workflow.notices import SUBJECT
from lianxin.kernel.rows import columns, instances, prepared
from lianxin.ledger.queries import Event, history_of
from lianxin.org.queries import Person

Files: TypeAlias = dict[UUID | None, list[Attachment]]
"""By the message with which they came; None: with the case itself."""

_SAID = """
    SELECT {message}, {author}, {file}
    FROM (SELECT * FROM cases_message WHERE case_id = ANY(%(cases)s)) message
    FULL JOIN (SELECT * FROM cases_attachment WHERE case_id = ANY(%(cases)s)) file ON file.message_id = message.id
    LEFT JOIN org_person author ON author.id = message.author_id
    ORDER BY message.version, file.position
"""


def conversation_of(case: Case, *, as_requester: bool) -> tuple[list[Message | Event], Files]:
    """Messages and events, without what is internal for the requester; and the files. Two queries.

    A merged case is answered where its primary is; of that conversation its requester reads the replies alone.
    """
    messages, files = _said(case)
    events = history_of(SUBJECT, case.pk)
    if as_requester:
        messages = [message for message in messages if not message.internal]
        events = [event for event in events if not event.internal]
    turns: list[tuple[int, int, Message | Event]] = [(event.version, 0, event) for event in events]
    merged_at = max((event.version for event in events if event.action == "merge"), default=case.version)
    for message in messages:
        if message.case_id == case.pk:
            turns.append((message.version, 1, message))
        elif message.kind == MessageKind.REPLY and not message.internal:
            turns.append((merged_at, 2, message))
    return [turn for _version, _order, turn in sorted(turns, key=lambda item: item[:2])], files


def _said(case: Case) -> tuple[list[Message], Files]:
    """The messages of the case and of one that it follows, with their authors, and the files of both."""
    said = _SAID.format(
        message=columns(Message, "message"), author=columns(Person, "author"), file=columns(Attachment, "file")
    )
    with prepared() as cursor:
        cursor.execute(said, {"cases": [pk for pk in (case.pk, case.primary_id) if pk]})
        rows = [instances(row, Message, Person, Attachment) for row in cursor.fetchall()]
    messages: dict[UUID, Message] = {}
    for message, author, _file in rows:
        if message is not None and messages.setdefault(message.pk, message) is message:
            message.author = author
    return list(messages.values()), _by_message(case, (file for _message, _author, file in rows if file is not None))


def _by_message(case: Case, files: Iterable[Attachment]) -> Files:
    found: Files = {}
    for file in files:
        if file.message_id or file.case_id == case.pk:
            found.setdefault(file.message_id, []).append(file)
    return found
