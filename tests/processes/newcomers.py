"""Run as a program beside a running system: a roster with newcomers, compared and told to be applied, for which there
is no job yet.
"""
# ruff: noqa: PLC0415 - nothing of Django may be imported before the database is there

import os
import sys
from pathlib import Path

NEWCOMERS = 50


def compare() -> None:
    import django

    django.setup()
    from lianxin.org.roster import start_applying
    from tests.org.rosters import compared, workbook

    units = [("NEW", "新建车间", "", "检修车间")]
    people = [(f"99{n:04d}", f"新人{n:02d}", "", "新建车间") for n in range(NEWCOMERS)]
    roster = compared(workbook(units=units, people=people))
    start_applying(actor=None, roster_id=roster.pk, digest=roster.digest, later=False)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianxin.config.settings"
    from lianxin.config.database import joined

    with joined(os.environ, Path(os.environ["LIANXIN_DATA_DIR"])):
        sys.exit(compare())
