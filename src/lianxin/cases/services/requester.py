"""What the requester does with their case, signed in or with the receipt."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import CaseKind, Resolved, Satisfaction
from lianxin.cases.models import Case
from lianxin.cases.queries.case_detail import get_case_for
from lianxin.cases.services import spooled
from lianxin.cases.services.attachments import attach
from lianxin.cases.services.transitions import moment_of, perform, release_followers
from lianxin.cases.workflow import CASE, ReceiptHolder
from lianxin.cases.workflow.danger import danger_of
from lianxin.kernel import spool
from lianxin.kernel.errors import LianxinError, ValidationFailed
from lianxin.kernel.files import CleanFile
from lianxin.org.queries import Person

Requester = Person | ReceiptHolder


def answer_question(
    *, actor: Requester, case_id: UUID, text: str, files: Sequence[CleanFile] = (), expected: int | None = None
) -> Case:
    """Answer what was asked; the clocks run on."""
    with transaction.atomic():
        case = perform("answer", actor=actor, case_id=case_id, expected=expected, text=text)
        attach(case, files, to_latest_message=True)
    return case


def add_to_case(
    *, actor: Requester, case_id: UUID, text: str, files: Sequence[CleanFile] = (), expected: int | None = None
) -> Case:
    """Add something that was forgotten, while the case is open."""
    with transaction.atomic():
        case = perform("add", actor=actor, case_id=case_id, expected=expected, text=text)
        attach(case, files, to_latest_message=True)
    return case


def rate_case(
    *,
    actor: Requester,
    case_id: UUID,
    resolved: Resolved | str,
    satisfaction: Satisfaction | int,
    comment: str = "",
    expected: int | None = None,
) -> Case:
    """Say whether it is solved and how satisfying that was. Not solved, or dissatisfied, reopens the case once."""
    if resolved not in Resolved.values or satisfaction not in Satisfaction.values:
        raise ValidationFailed({"satisfaction": _("Please answer both questions.")})
    return perform(
        "rate",
        actor=actor,
        case_id=case_id,
        expected=expected,
        resolved=resolved,
        satisfaction=satisfaction,
        comment=comment,
    )


def withdraw_case(*, actor: Requester, case_id: UUID, asked: bool = False, expected: int | None = None) -> Case:
    """Take the case back. `asked`: "I was asked to withdraw", which the discipline inspector learns."""
    with transaction.atomic():
        case = perform("withdraw", actor=actor, case_id=case_id, expected=expected, asked=asked)
        release_followers(case, at=moment_of(actor))
    return case


SERVICES: Mapping[str, Callable[..., Case]] = {
    "answer": answer_question,
    "add": add_to_case,
    "rate": rate_case,
    "withdraw": withdraw_case,
    **{action: partial(perform, action) for action in ("appeal", "follow_alone", "share", "unshare")},
}
"""All that a requester can do with their case."""


def act(action: str, *, actor: Requester, case_id: UUID, expected: int | None = None, **said: Any) -> Case | None:
    """Do one of `SERVICES`. With a receipt, in a web process, it waits in the spool: then there is no answer yet.

    Raises: as the service, and `SpoolBusy`.
    """
    if not (isinstance(actor, ReceiptHolder) and spool.is_on()):
        return SERVICES[action](actor=actor, case_id=case_id, expected=expected, **said)
    case = get_case_for(actor, case_id)
    policies.refuse_own(action, actor, case)
    CASE.require_now(action, case, actor, expected=expected, relations=policies.relations_of)
    files = said.pop("files", ())
    # By the requester's own words alone: what staff say of its urgency must not narrow down when they write.
    danger, _urgency = danger_of(case.body, CaseKind.UNSORTED)
    spooled.put_act(case_id, action, said, files, at_once=bool(danger))
    return None


def deliver_act(content: Mapping[str, Any]) -> str | None:
    """Do what waited in the spool; return why it is possible no more. Words that come too late for what they were meant
    for are added to the case.
    """
    holder, said = ReceiptHolder(UUID(content["case"])), dict(content["said"])
    files = spooled.files_of(content)
    words = spooled.words_of(said)
    wanted = {**said, "files": files} if files else said
    try:
        SERVICES[content["action"]](actor=holder, case_id=holder.case_id, **wanted)
    except LianxinError as refusal:
        if not words or content["action"] == "add":
            return str(refusal)
        try:
            add_to_case(actor=holder, case_id=holder.case_id, text=words, files=files)
        except LianxinError:
            return str(refusal)
        if content["action"] == "rate":
            return _("Your rating came too late. Its words were added to the case.")
    return None
