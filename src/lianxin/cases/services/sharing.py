"""What the dispatcher does with an answered case that its requester agreed to have shown to everybody."""

from uuid import UUID

from lianxin.cases.models import Case
from lianxin.cases.services.transitions import perform
from lianxin.org.queries import Person


def publish_case(*, actor: Person, case_id: UUID) -> Case:
    """Put it on record that what is shown of the case was put up or corrected; the requester is told.

    Raises:
        ValidationFailed: its requester does not agree, or no longer does.
    """
    return perform("publish", actor=actor, case_id=case_id)


def keep_case_off(*, actor: Person, case_id: UUID, reason: str) -> Case:
    """Put it on record that the case is not shown, or no longer; the requester reads the reason."""
    return perform("take_down", actor=actor, case_id=case_id, text=reason)
