"""`python -m bench roster [ROWS]`: a roster of 20,000 people compared with and applied to an empty system, and the same
file once more. The bound is two minutes for comparing and applying together.
"""

import random
import time
from collections.abc import Callable
from functools import partial
from io import BytesIO

import django

from lianxin.kernel.spreadsheets import Sheet, write_sheets

ROWS, UNITS, BRANCHES = 20_000, 600, 200
MOST_SECONDS = 120


def workbook(rows: int) -> bytes:
    """A roster of `rows` people in 600 units and 200 Party organisations."""
    dice = random.Random(1)
    units: list[tuple[str, ...]] = [("U0000", "光明集团", "企业", "")]
    units += [(f"U{n:04d}", f"第{n}单位", "部门", f"U{n // 8:04d}") for n in range(1, UNITS)]
    party: list[tuple[str, ...]] = [("P0000", "集团党委", "党委", "", "U0000")]
    party += [(f"P{n:04d}", f"第{n}党支部", "党支部", "P0000", f"U{n:04d}") for n in range(1, BRANCHES)]
    people = [
        (
            *(f"{n:08d}", f"职工{n}", f"139{n:08d}", f"第{dice.randrange(1, UNITS)}单位", "技术员"),
            *(dice.choice(["中共党员", "群众"]), f"P{dice.randrange(BRANCHES):04d}", "2015-07-01"),
        )
        for n in range(rows)
    ]
    content = BytesIO()
    write_sheets(
        content,
        [
            Sheet("单位", ["单位编码", "单位名称", "类别", "上级单位"], units),
            Sheet("党组织", ["党组织编码", "党组织名称", "类别", "上级党组织", "所在单位"], party),
            Sheet("人员", ["工号", "姓名", "手机", "部门", "岗位", "政治面貌", "党支部", "入职日期"], people),
        ],
    )
    return content.getvalue()


def _timed(name: str, act: Callable[[], object]) -> float:
    wall, used = time.perf_counter(), time.process_time()
    act()
    wall, used = time.perf_counter() - wall, time.process_time() - used
    print(f"{name}: {wall:.1f} s ({used:.1f} s of CPU in this process)", flush=True)
    return wall


def measure(rows: int = ROWS) -> None:
    """Measure on the database of the environment, which must be empty and migrated."""
    django.setup()
    from lianxin.org.roster import workflow  # noqa: PLC0415 - Django is set up only now

    content = workbook(rows)
    for turn in ("on an empty system", "again"):
        roster = workflow.upload_roster(actor=None, file_name="bench.xlsx", content=content, later=False)
        taken = _timed(f"compared {turn}", partial(workflow.compare_roster, roster_id=roster.pk))
        roster.refresh_from_db()
        workflow.start_applying(actor=None, roster_id=roster.pk, digest=roster.digest, later=False)
        taken += _timed(f"applied {turn}", partial(workflow.apply_roster, roster_id=roster.pk))
        roster.refresh_from_db()
        verdict = "within" if taken <= MOST_SECONDS else "BEYOND"
        print(f"  {roster.state}: {roster.counts}; together {taken:.0f} s, {verdict} {MOST_SECONDS} s", flush=True)
