"""What cases tell: a case that changed is counted anew in the same transaction."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from lianxin.statistics.facts import refresh_facts


def count_changed_cases(*, case_ids: Collection[UUID], **_more: Any) -> None:
    """Receiver of `cases.events.cases_changed`."""
    refresh_facts(case_ids)
