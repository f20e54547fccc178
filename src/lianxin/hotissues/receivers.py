"""What follows for hot issues from changes elsewhere: in the same transaction as the change."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from lianxin.hotissues.events import cases_assigned
from lianxin.hotissues.services import assignment


def assign_understood_cases(*, case_ids: Collection[UUID], **_more: Any) -> None:
    """Receiver of `classification.events.cases_understood`."""
    assignment.place(case_ids)
    cases_assigned.send(sender=None, case_ids=case_ids)


def forget_sealed_case(*, case_id: UUID, **_more: Any) -> None:
    """Receiver of `cases.events.case_sealed`."""
    assignment.forget(case_id)


def read_index_anew(**_more: Any) -> None:
    """Receiver of `org.events.names_changed`."""
    assignment.read_anew()
