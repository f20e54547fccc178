"""What follows for alerts from changes elsewhere: in the same transaction as the change."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from lianxin.alerts.services import creation, handling, notifications, scanning
from lianxin.hotissues.models import Issue


def look_at_assigned_cases(*, case_ids: Collection[UUID], **_more: Any) -> None:
    """Receiver of `hotissues.events.cases_assigned`."""
    scanning.look_at_read(case_ids)


def scan_regrouped_issues(**_more: Any) -> None:
    """Receiver of `hotissues.events.issues_regrouped`; in a transaction of its own."""
    scanning.scan()


def follow_merged_issue(*, issue: Issue, other: Issue, **_more: Any) -> None:
    """Receiver of `hotissues.events.issues_merged`."""
    creation.follow_merge(issue=issue, other=other)


def forget_sealed_case(*, case_id: UUID, **_more: Any) -> None:
    """Receiver of `cases.events.case_sealed`."""
    scanning.forget(case_id)


def take_back_notifications(*, case_id: UUID, **_more: Any) -> None:
    """Receiver of `cases.events.case_sight_changed`."""
    notifications.take_back_unseen(case_id)


def release_alerts_of(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.person_left` and `role_ended`."""
    handling.release_of(person_id)
