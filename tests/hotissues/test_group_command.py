"""`lianxin group` on a small register, and on the real one where it is at hand."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from lianxin.nlp.measuring import agreement
from tests.nlp.test_entities import WATER
from tests.nlp.test_grouping import ALONE, CANTEEN, HOT_WATER

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def grouped(source: Path, out: Path, *more: object) -> dict[str, str]:
    call_command("group", source, "--out", out, "--words-only", *more)
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


def test_a_list_of_names_tells_places_apart(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["编号", "标题", "内容"])
    for number, message in enumerate([*WATER, *ALONE], start=1):
        book.active.append([number, message.title, message.body])
    book.save(tmp_path / "register.xlsx")
    (tmp_path / "names.txt").write_text("一号宿舍楼，1栋\n三号宿舍楼\n\n3号主变\t三主变\n", encoding="utf-8")
    out = tmp_path / "groups.csv"
    groups = grouped(tmp_path / "register.xlsx", out, "--names", tmp_path / "names.txt")
    assert groups["1"] == groups["2"] == groups["3"] != groups["4"] == groups["5"] == groups["6"]
    assert len(set(grouped(tmp_path / "register.xlsx", out).values())) == 6
    with pytest.raises(CommandError):
        grouped(tmp_path / "register.xlsx", out, "--names", tmp_path / "none.txt")


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
