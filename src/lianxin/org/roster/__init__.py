"""The roster (花名册): a workbook is read, compared with the register, looked at, and applied in one transaction.

`columns` knows the names of columns, `parser` the workbook, `fields` the cells; `snapshot` is what is recorded,
`tree_diff` and `people_diff` compare, `plan` puts the result together, `apply` carries it out by the services that the
pages use, `workflow` is what one can do with a roster.
"""

from lianxin.org.roster.columns import COLUMNS, IGNORED
from lianxin.org.roster.role_list import upload_role_list
from lianxin.org.roster.workflow import (
    MOST_BYTES,
    apply_roster,
    compare_roster,
    discard_roster,
    explain_columns,
    forget_old_rosters,
    must_confirm,
    recompare_roster,
    start_applying,
    upload_roster,
)

__all__ = [
    "COLUMNS",
    "IGNORED",
    "MOST_BYTES",
    "apply_roster",
    "compare_roster",
    "discard_roster",
    "explain_columns",
    "forget_old_rosters",
    "must_confirm",
    "recompare_roster",
    "start_applying",
    "upload_role_list",
    "upload_roster",
]
