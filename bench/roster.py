"""`python -m bench.roster [ROWS]`: a roster compared and applied to an empty system, and how that relates to openpyxl's
merely reading the file.
"""

import random
import sys
import time
from collections.abc import Callable
from io import BytesIO

import django
from openpyxl import load_workbook

from bench.site import empty_system
from lianxin.kernel.spreadsheets import Sheet, write_sheets

ROWS, UNITS, BRANCHES = 20_000, 600, 200


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


def _timed(name: str, act: Callable[[], object], base: float = 0.0) -> float:
    wall, used = time.perf_counter(), time.process_time()
    act()
    wall, used = time.perf_counter() - wall, time.process_time() - used
    ratio = f", {wall / base:.1f}× the reading" if base else ""
    print(f"{name}: {wall:.1f} s ({used:.1f} s of CPU in this process){ratio}")
    return wall


def _read(content: bytes) -> int:
    book = load_workbook(BytesIO(content), read_only=True)
    return sum(1 for sheet in book for _row in sheet.iter_rows(values_only=True))


def measure(rows: int) -> None:
    """Measure on the database of the environment, which must be empty and migrated."""
    from lianxin.org.roster import workflow  # noqa: PLC0415 - Django is set up only now

    content = workbook(rows)
    base = _timed(f"openpyxl reads {rows} rows", lambda: _read(content))
    for turn in ("on an empty system", "again"):
        roster = workflow.upload_roster(actor=None, file_name="bench.xlsx", content=content, later=False)
        _timed(f"compared {turn}", lambda pk=roster.pk: workflow.compare_roster(roster_id=pk), base)  # type: ignore[misc]
        roster.refresh_from_db()
        workflow.start_applying(actor=None, roster_id=roster.pk, digest=roster.digest, later=False)
        _timed(f"applied {turn}", lambda pk=roster.pk: workflow.apply_roster(roster_id=pk), base)  # type: ignore[misc]
        roster.refresh_from_db()
        print(f"  {roster.state}: {roster.counts}")


def main() -> None:
    """Make an empty system in a folder of its own, and measure there."""
    with empty_system():
        django.setup()
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)


if __name__ == "__main__":
    main()
