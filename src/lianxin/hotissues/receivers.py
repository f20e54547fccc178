"""What follows for hot issues and warnings from changes elsewhere: in the same transaction as the change."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from lianxin.hotissues.services import assignment
from lianxin.hotissues.services.early_warning import scanning, telling


def assign_understood_cases(*, case_ids: Collection[UUID], **_more: Any) -> None:
    """Receiver of `cases.events.cases_understood`: a case finds its issue first, for the rules look at issues."""
    assignment.place(case_ids)
    scanning.look_at_read(case_ids)


def forget_sealed_case(*, case_id: UUID, **_more: Any) -> None:
    """Receiver of `cases.events.case_sealed`."""
    assignment.forget(case_id)
    scanning.forget(case_id)


def read_index_anew(**_more: Any) -> None:
    """Receiver of `org.events.names_changed`."""
    assignment.read_anew()


def take_back_warnings(*, case_id: UUID, **_more: Any) -> None:
    """Receiver of `cases.events.case_sight_changed`."""
    telling.take_back_unseen(case_id)
