# ruff: noqa: DTZ001 - Excel's moments have no zone
"""What is written is read again, and no cell of it does anything."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta

import openpyxl

from lianxin.kernel.spreadsheets import Percentage, Sheet, read_rows, sheet_name, write_rows, write_sheets


def test_what_is_written_is_read_again_and_nothing_is_a_formula(tmp_path):
    texts = ["=1+1", "+86 138", "-好", "@SUM(A1)", "\t=1", "热水\x00\x1f", "x" * 40_000, "_x000D_", "a\r\nb"]
    at = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    rows = [[text, 1, 2.5, True, None, date(2026, 1, 2), at] for text in texts]
    assert write_rows(tmp_path / "a.xlsx", ["=名", "数", "小数", "是", "空", "日", "时"], rows) == len(texts)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows(max_col=1) for cell in row} == {"s"}
    assert [sheet.cell(n, 1).value for n in range(2, 8)] == ["=1+1", "+86 138", "-好", "@SUM(A1)", "\t=1", "热水"]
    assert all(sheet.cell(n, 1).quotePrefix for n in range(1, 7))
    assert len(sheet.cell(8, 1).value) == 32_767
    assert [cell.value for cell in sheet[2]][1:] == [
        1,
        2.5,
        True,
        None,
        datetime(2026, 1, 2),
        datetime(2026, 11, 22, 9, 30),
    ]
    assert [row.values["n"] for row in read_rows(tmp_path / "a.xlsx", {"n": ["=名"]})][:5] == texts[:5]
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert b"openpyxl" not in archive.read("docProps/core.xml")


def test_a_workbook_can_be_written_into_a_response():
    target = io.BytesIO()
    assert (
        write_rows(target, ["时长", "钟点", "其他"], [[timedelta(hours=1), time(9), {"a": 1}], [float("nan"), 1, 2]])
        == 2
    )
    sheet = openpyxl.load_workbook(io.BytesIO(target.getvalue())).active
    assert (sheet["C2"].value, sheet["A3"].value) == ("{'a': 1}", "nan")


def test_columns_to_fill_in_take_days_texts_and_choices():
    target = io.BytesIO()
    write_sheets(target, [Sheet("人员", ["工号", "入职", "类别"], texts=[0], dates=[1], choices={2: ["部门", "班组"]})])
    sheet = openpyxl.load_workbook(io.BytesIO(target.getvalue())).active
    assert [sheet.column_dimensions[letter].number_format for letter in "AB"] == ["@", "yyyy-mm-dd"]
    rules = {str(rule.sqref): (rule.type, rule.formula1) for rule in sheet.data_validations.dataValidation}
    assert rules == {"B2:B1048576": ("date", "1"), "C2:C1048576": ("list", '"部门,班组"')}


def test_a_workbook_opens_ready_for_use_and_for_the_printer():
    target = io.BytesIO()
    rows = [["王芳", "0012", date(2026, 11, 2), Percentage(0.8333)], ["李娜", "E7", None, None]]
    name = sheet_name("人员", "单位/班组: [检修]" + "很长" * 20)
    write_sheets(target, [Sheet(name, ["姓名", "工号", "入职", "比例"], rows, title="人员 · 检修车间")])
    sheet = openpyxl.load_workbook(io.BytesIO(target.getvalue())).active
    assert (sheet.title[:3], len(sheet.title)) == ("人员·", 31)
    assert sheet["A1"].value == "人员 · 检修车间"
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("B3", "A2:D4", "$2:$2")
    setup = sheet.page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", 1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    cells = [(cell.value, cell.number_format) for cell in sheet[3]]
    assert cells[1:] == [("0012", "@"), (datetime(2026, 11, 2), "yyyy-mm-dd"), (0.8333, "0.0%")]
