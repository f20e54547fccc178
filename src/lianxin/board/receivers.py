"""What follows for the board from what happens to cases: in the same transaction as the change itself."""

from typing import Any
from uuid import UUID

from lianxin.board import services


def forget_post_of_unshared_case(*, case_id: UUID, **_more: Any) -> None:
    """Receiver of `cases.events.case_unshared`."""
    services.forget_post(case_id=case_id)
