"""`lianxin group` on a small register, and on the real one where it is at hand."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from lianxin.text.measuring import agreement
from tests.text.test_grouping import ALONE, CANTEEN, HOT_WATER

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def grouped(source: Path, out: Path) -> dict[str, str]:
    call_command("group", source, "--out", out, "--words-only")
    with out.open(encoding="utf-8") as file:
        return {row["message_id"]: row["group"] for row in csv.DictReader(file)}


def test_a_register_is_grouped_and_every_message_has_its_line(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["留言编号", "留言主题", "留言详情"])
    for number, message in enumerate([*HOT_WATER, *CANTEEN, *ALONE], start=1001):
        book.active.append([number, message.title, message.body])
    book.save(tmp_path / "register.xlsx")
    groups = grouped(tmp_path / "register.xlsx", tmp_path / "groups.csv")
    assert len(groups) == 10
    assert groups["1001"] == groups["1002"] == groups["1003"] != groups["1004"] == groups["1005"]
    assert len(set(groups.values())) == 7


def test_a_missing_register_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("group", tmp_path / "none.xlsx", "--out", tmp_path / "groups.csv")


@pytest.mark.slow
@pytest.mark.skipif(not (SHARED / "messages.xlsx").exists(), reason="the real messages are not at hand")
def test_real_messages_are_grouped_well_by_words_alone(tmp_path: Path) -> None:
    groups = grouped(SHARED / "messages.xlsx", tmp_path / "groups.csv")
    with (SHARED / "hot_issues_dev.csv").open(encoding="utf-8-sig") as file:
        labels = {row["message_id"]: row["issue_id"] for row in csv.DictReader(file)}
    labels = {message: f"alone {message}" if issue == "NEG" else issue for message, issue in labels.items()}
    found = agreement(labels, groups)
    assert found.pair_f1 > 0.84
    assert found.macro_b3 > 0.94
