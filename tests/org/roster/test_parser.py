"""Workbooks as they come: other headers, merged cells, titles above, dates as text; and such as mean harm."""

import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from openpyxl import Workbook, load_workbook

from lianxin.kernel.errors import ValidationFailed
from lianxin.org.enums import RosterPart, RosterProblem
from lianxin.org.models import Person
from lianxin.org.roster import parser as reading
from lianxin.org.roster import upload_roster
from lianxin.org.roster.fields import DayField, PhoneField
from lianxin.org.roster.parser import Unreadable, read_roster
from lianxin.org.roster.template import write_template
from tests.org.rosters import applied, compared, outcomes, workbook


def saved(book):
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def sheet_of(rows, *, title="Sheet1"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def read(content, **choices):
    return read_roster(content, remembered={}, choices=choices)


def people_of(content):
    return [row.cells for row in read(content).rows[RosterPart.PEOPLE]]


def test_a_title_above_the_header_and_merged_units_below(db):
    book = sheet_of(
        [
            ["东电公司 2026 年职工花名册"],
            ["制表：人力资源部", "", "", "2026.11"],
            ["序号", "姓 名", "工号", "部门"],
            [1, "甲", "A1", "检修班"],
            [2, "乙", "A2", None],
            [3, "丙", "A3", None],
        ]
    )
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("D4:D6")
    assert [cells["department"] for cells in people_of(saved(book))] == ["检修班"] * 3


def test_merged_numbers_are_not_spread_to_other_people():
    book = sheet_of([["工号", "姓名"], ["A1", "甲"], [None, "乙"]])
    book.active.merge_cells("A2:A3")
    assert people_of(saved(book)) == [{"employee_no": "A1", "name": "甲"}, {"name": "乙"}]


def test_two_sheets_with_the_same_headers_are_both_read_and_a_strange_one_is_not():
    book = sheet_of([["工号", "姓名"], ["A1", "甲"]])
    for title, rows in (("二公司", [["工号", "姓名"], ["A2", "乙"]]), ("汇总", [["合计", "2"], ["备注", "无"]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    contents = read(saved(book))
    assert [(sheet.title, sheet.part, sheet.count) for sheet in contents.sheets] == [
        ("Sheet1", "people", 1),
        ("二公司", "people", 1),
        ("汇总", "", 0),
    ]


def test_a_number_shown_with_zeros_is_read_as_shown():
    book = sheet_of([["工号", "姓名"], [45, "甲"]])
    book.active["A2"].number_format = "00000"
    assert people_of(saved(book)) == [{"employee_no": "00045", "name": "甲"}]


def test_phones_with_spaces_and_as_floats():
    assert PhoneField().clean(" +86 139-0000 0001 ") == "13900000001"
    assert PhoneField().clean(13900000001.0) == "13900000001"
    with pytest.raises(ValidationError):
        PhoneField().clean("1.39E+10")


@pytest.mark.parametrize(
    "cell",
    [
        "2015年7月1日",
        "2015/7/1",
        "2015.07.01",
        20150701,
        42186,
        42186.0,
        datetime(2015, 7, 1),  # noqa: DTZ001 - as a cell has it
        "2015年7月",
        201507,
        2015.07,
    ],
)
def test_days_as_people_write_them(cell):
    assert DayField().clean(cell).isoformat() == "2015-07-01"


def test_formulas_come_in_as_text_and_never_go_out(zhou_min, line_team):
    headers = ["工号", "姓名", "单位"]
    content = workbook(people=[("9", "=HYPERLINK(A1)", "线路一班"), ("@8", "+甲", "\t没有")], headers=headers)
    roster = applied(content, actor=zhou_min)
    assert outcomes(roster) == {"9": "add", "@8": "reject: unknown_place"}
    assert Person.objects.get(employee_no="9").name == "=HYPERLINK(A1)"


def test_a_million_empty_rows_are_passed_over():
    book = sheet_of([["工号", "姓名"], ["A1", "甲"]])
    content = saved(book)
    empty = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_000_003))
    assert len(people_of(rewritten(content, lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>")))) == 1


def rewritten(content, change):
    """The workbook with its first sheet changed."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, change(data) if name.endswith("sheet1.xml") else data)
    return out.getvalue()


def test_a_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 1_000_000)
    content = rewritten(saved(sheet_of([["工号", "姓名"]])), lambda xml: xml + b" " * 5_000_000)
    with pytest.raises(Unreadable):
        read(content)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    with pytest.raises(Unreadable) as caught:
        read(saved(sheet_of([["工号", "姓名"], *[[f"A{n}", "甲"] for n in range(3)]])))
    assert caught.value.problem == RosterProblem.TOO_MANY_ROWS


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"PK"])
def test_a_damaged_file_is_told_and_kept_from_doing_anything(zhou_min, content):
    roster = compared(content, actor=zhou_min)
    assert (roster.state, roster.problem) == ("unreadable", "no_workbook")


def test_what_is_no_workbook_is_refused_at_once(zhou_min):
    with pytest.raises(ValidationFailed):
        upload_roster(actor=zhou_min, file_name="名册.xls", content=b"\xd0\xcf\x11\xe0", later=False)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_is_understood_column_by_column(language):
    with translation.override(language):
        content = BytesIO()
        write_template(content)
    sheets = read(content.getvalue()).sheets
    assert [sheet.part for sheet in sheets] == ["units", "party", "people", ""]
    assert all(column.field for sheet in sheets[:3] for column in sheet.columns)
    assert load_workbook(content).worksheets[2].column_dimensions["A"].number_format == "@"
