"""Being in touch and replying: more than the step itself; the other steps of handlers are `transitions.perform`."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import ContactBy
from lianxin.cases.models import Case
from lianxin.cases.services.attachments import attach
from lianxin.cases.services.transitions import perform
from lianxin.kernel.files import CleanFile
from lianxin.org.queries import Person


def contact_requester(
    *,
    actor: Person,
    case_id: UUID,
    text: str,
    by: ContactBy | str = ContactBy.MESSAGE,
    files: Sequence[CleanFile] = (),
    expected: int | None = None,
) -> Case:
    """Write to the requester, or note a call or a visit, which they read too; the first meets the response deadline."""
    with transaction.atomic():
        case = perform("contact", actor=actor, case_id=case_id, expected=expected, text=text, by=by)
        attach(case, files, to_latest_message=True)
    return case


def reply_to_requester(
    *, actor: Person, case_id: UUID, text: str, files: Sequence[CleanFile] = (), expected: int | None = None
) -> Case:
    """Reply to the requester, who then says whether it is solved."""
    with transaction.atomic():
        case = perform("reply", actor=actor, case_id=case_id, expected=expected, text=text)
        attach(case, files, to_latest_message=True)
    return case
