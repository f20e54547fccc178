"""What the requester does with their case, signed in or with the receipt."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.cases.enums import Resolved, Satisfaction
from lianxin.cases.models import Case
from lianxin.cases.services.attachments import attach
from lianxin.cases.services.transitions import moment_of, perform, release_followers
from lianxin.cases.workflow import ReceiptHolder
from lianxin.kernel.errors import ValidationFailed
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
