"""What handlers and unit leaders do, and what everybody at a desk may write."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from lianxin.cases.models import Case
from lianxin.cases.services.attachments import attach
from lianxin.cases.services.transitions import perform
from lianxin.kernel.files import CleanFile
from lianxin.org.queries import Person


def sign_for(*, actor: Person, case_id: UUID, expected: int | None = None) -> Case:
    """Sign for a case: from now on the actor is its lead handler."""
    return perform("sign", actor=actor, case_id=case_id, expected=expected)


def take_over(*, actor: Person, case_id: UUID, expected: int | None = None) -> Case:
    """Become the lead handler in a colleague's place."""
    return perform("take_over", actor=actor, case_id=case_id, expected=expected)


def send_back(*, actor: Person, case_id: UUID, text: str, expected: int | None = None) -> Case:
    """Give a case back to the dispatcher, with the reason."""
    return perform("send_back", actor=actor, case_id=case_id, expected=expected, text=text)


def contact_requester(*, actor: Person, case_id: UUID, text: str, expected: int | None = None) -> Case:
    """Give the requester a substantive first response."""
    return perform("contact", actor=actor, case_id=case_id, expected=expected, text=text)


def ask_requester(*, actor: Person, case_id: UUID, text: str, expected: int | None = None) -> Case:
    """Ask the requester something; the clocks pause until the answer."""
    return perform("ask", actor=actor, case_id=case_id, expected=expected, text=text)


def contribute_part(*, actor: Person, case_id: UUID, text: str, expected: int | None = None) -> Case:
    """Put the co-handling unit's part on record."""
    return perform("co_part", actor=actor, case_id=case_id, expected=expected, text=text)


def reply_to_requester(
    *, actor: Person, case_id: UUID, text: str, files: Sequence[CleanFile] = (), expected: int | None = None
) -> Case:
    """Reply to the requester, who then says whether it is solved."""
    with transaction.atomic():
        case = perform("reply", actor=actor, case_id=case_id, expected=expected, text=text)
        attach(case, files, to_latest_message=True)
    return case


def request_extension(*, actor: Person, case_id: UUID, days: int, text: str, expected: int | None = None) -> Case:
    """Ask for more working days (at most ten, once)."""
    return perform("request_extension", actor=actor, case_id=case_id, expected=expected, days=days, text=text)


def approve_extension(*, actor: Person, case_id: UUID, text: str = "", expected: int | None = None) -> Case:
    """Grant the working days asked for; the requester reads the reason."""
    return perform("approve_extension", actor=actor, case_id=case_id, expected=expected, text=text)


def refuse_extension(*, actor: Person, case_id: UUID, text: str, expected: int | None = None) -> Case:
    """Refuse more time, with the reason."""
    return perform("refuse_extension", actor=actor, case_id=case_id, expected=expected, text=text)


def write_note(*, actor: Person, case_id: UUID, text: str, expected: int | None = None) -> Case:
    """Leave a note that only staff see."""
    return perform("note", actor=actor, case_id=case_id, expected=expected, text=text)
