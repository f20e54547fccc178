"""What can be seen of the system as a whole."""

from lianxin.cases.queries.readiness import test_case_status
from lianxin.operations.enums import Level
from lianxin.operations.queries.backups import is_half_restored, last_backup
from lianxin.operations.queries.checks import Finding, examine
from lianxin.operations.queries.exposition import exposition
from lianxin.operations.queries.readiness import ChecklistItem, checklist, sees_checklist
from lianxin.operations.queries.running import is_ready

__all__ = [
    "ChecklistItem",
    "Finding",
    "Level",
    "checklist",
    "examine",
    "exposition",
    "is_half_restored",
    "is_ready",
    "last_backup",
    "sees_checklist",
    "test_case_status",
]
