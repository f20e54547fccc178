"""The page of a case as its requester reads it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseState, Channel, Identity, MessageKind, Relation
from lianxin.cases.models import Attachment, Case, Message, Unsealing
from lianxin.cases.queries.case_context import CasePage
from lianxin.cases.queries.event_text import told_to_requester
from lianxin.cases.queries.requester_status import Standing, standing_of
from lianxin.cases.queries.sentences import event_icon
from lianxin.ledger.queries import Event

_SPOKEN = frozenset({"submit", "contact", "ask", "answer", "add", "reply", "appeal"})
"""Events that need no line of their own, because what was said stands there."""

_PROMPTS: Mapping[str, MessageKind] = {
    "answer": MessageKind.QUESTION,
    "rate": MessageKind.REPLY,
    "appeal": MessageKind.REASON,
}
"""Action → the kind of message to which it is the answer."""


@dataclass(frozen=True)
class Turn:
    """One turn of the conversation: something said (`event` is false) or something that happened."""

    at: datetime
    text: str
    event: bool = False
    icon: str = ""
    kind: Literal["mine", "other", "reply"] = "mine"
    author: str = ""
    note: str = ""
    files: Sequence[Attachment] = ()


@dataclass(frozen=True)
class RequesterPage:
    """What the requester reads beside the case itself.

    `prompt` is what the main action answers (the question, the reply, the reason); `title` stands in the browser's tab;
    `version` is that of the newest thing on the page (see `page.seen_version`).
    """

    standing: Standing
    turns: list[Turn]
    prompt: Turn | None
    unsealings: list[Unsealing]
    title: str
    version: int


def requester_page(page: CasePage) -> RequesterPage:
    """The requester's reading of a page that `case_page` made for them."""
    standing = standing_of(page)
    turns = list(_turns(page))
    unsealed = page.case.identity == Identity.CONFIDENTIAL
    return RequesterPage(
        standing=standing,
        turns=turns,
        prompt=_prompt(page, standing.main),
        unsealings=list(page.case.unsealings.all()) if unsealed else [],
        title=_title(page.case, standing),
        version=max((event.version for event in page.events), default=0),
    )


def _title(case: Case, standing: Standing) -> str:
    """For the browser's tab and history: no word of a sealed or anonymous case."""
    secret = case.sealed or case.identity == Identity.ANONYMOUS
    return f"{case.number}{'' if secret else f' {case.title}'} · {standing.word.word}"


def _turns(page: CasePage) -> Iterable[Turn]:
    case = page.case
    rated = any(event.action == "rate" for event in page.events)
    comments = dict(case.ratings.values_list("round", "comment")) if rated else {}
    yield _begun(page)
    for turn in page.conversation:
        if isinstance(turn, Message):
            yield _said(turn, page)
        elif turn.action not in _SPOKEN or turn.data.get("channel") == Channel.ON_BEHALF:
            yield _happened(turn, page.units, comments)


def _begun(page: CasePage) -> Turn:
    """What was raised: in the requester's words, or in those of whoever spoke for them."""
    case = page.case
    if case.submitted_by is None:
        return Turn(at=case.submitted_at, text=case.body, author=_("You"), files=page.attachments)
    return Turn(
        at=case.submitted_at,
        text=case.body,
        kind="other",
        author=case.submitted_by.name,
        note=_("on your behalf"),
        files=page.attachments,
    )


def _happened(event: Event, units: Mapping[int, str], comments: Mapping[int, str]) -> Turn:
    note = comments.get(event.data.get("round", 0), "") if event.action == "rate" else ""
    return Turn(at=event.at, text=told_to_requester(event, units), event=True, icon=event_icon(event), note=note)


def _said(message: Message, page: CasePage) -> Turn:
    files = page.files.get(message.pk, [])
    kind = str(MessageKind(message.kind).label)
    if message.role == Relation.REQUESTER:
        return Turn(at=message.at, text=message.text, author=_("You"), note=kind, files=files)
    role = str(Relation(message.role).label)
    is_reply = message.kind == MessageKind.REPLY
    return Turn(
        at=message.at,
        text=message.text,
        kind="reply" if is_reply else "other",
        author=message.author.name if message.author else role,
        note=role if is_reply else f"{role} · {kind}",
        files=files,
    )


def _prompt(page: CasePage, action: str) -> Turn | None:
    wanted = _PROMPTS.get(action)
    said = [turn for turn in page.conversation if isinstance(turn, Message) and turn.kind == wanted]
    return _said(said[-1], page) if said else None


def was_said_already(*, action: str, changes: Collection[Event], said: Mapping[str, Any]) -> bool:
    """Whether one of the changes since a form was made is that very form, sent before."""
    own = [event for event in changes if event.role == Relation.REQUESTER and event.action == action]
    if action in ("withdraw", "follow_alone", "share", "unshare"):
        return bool(own)
    if action == "rate":
        return any(
            event.data["resolved"] == said["resolved"] and event.data["satisfaction"] == said["satisfaction"]
            for event in own
        )
    written = [event.data["message"] for event in own]
    return bool(written) and Message.objects.filter(pk__in=written, text=said["text"]).exists()


def is_handled_again(case: Case) -> bool:
    """Whether the rating just given reopened the case."""
    return case.state == CaseState.REOPENED
