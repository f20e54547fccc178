# ruff: noqa: DTZ001 - Excel's moments have no zone
"""Registers as people keep them: read whatever their size and shape, and written so that no cell does anything."""

import io
import subprocess
import sys
import textwrap
import zipfile
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from lianxin.kernel.spreadsheets import WrongFile, clean_text, parse_moment, read_rows, write_rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
COLUMNS = {"number": ("留言编号", "编号"), "title": ("留言主题", "主题"), "at": ("留言时间",), "body": ("留言详情",)}
REAL = Path(__file__).parents[3] / "shared" / "data" / "messages.xlsx"


@pytest.fixture
def book_at(tmp_path):
    """Save rows as a workbook and return its path."""

    def save(*rows: list[object], name: str = "登记.xlsx") -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return save


def raw_book(path: Path, sheet: str | bytes, strings: str = "", **parts: str) -> Path:
    """A workbook with its sheet written by hand."""
    names = 'xmlns="m" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml", f'<workbook {names}><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/s.xml", sheet)
        if strings:
            archive.writestr("xl/sharedStrings.xml", strings)
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


# Reading


def test_a_register_is_read_by_the_names_of_its_columns(book_at):
    path = book_at(
        ["某某公司职工留言登记表"],
        [],
        ["序号", " 留 言 编号\u3000", "留言主题\n", "留言详情", "留言时间", "备注"],
        [1, 360001, "热水", "宿舍没有热水", datetime(2026, 1, 5, 13, 45, 2), "x"],
        [None, "", " ", "\u3000", None, "只有备注"],
        [2, "A-2", "食堂", None, "2026/1/6"],
    )
    rows = list(read_rows(path, COLUMNS, required=["number", "body"]))
    assert [(row.number, row.values) for row in rows] == [
        (4, {"number": 360001, "title": "热水", "body": "宿舍没有热水", "at": datetime(2026, 1, 5, 13, 45, 2)}),
        (6, {"number": "A-2", "title": "食堂", "body": None, "at": "2026/1/6"}),
    ]


def test_the_table_may_stand_on_the_second_sheet(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    second = book.create_sheet("登记")
    second.append(["编号", "留言详情"])
    second.append([1, "热水"])
    book.save(tmp_path / "a.xlsx")
    assert [row.values for row in read_rows(tmp_path / "a.xlsx", COLUMNS)] == [{"number": 1, "body": "热水"}]


def test_missing_columns_are_named(book_at):
    path = book_at(["编号", "主题"], [1, "热水"])
    with pytest.raises(WrongFile, match=r"missing.*留言详情"):
        next(read_rows(path, COLUMNS, required=["number", "body"]))
    deep = book_at(*[[f"第{n}行"] for n in range(10)], ["编号", "留言详情"])
    with pytest.raises(WrongFile):
        next(read_rows(deep, COLUMNS, required=["number", "body"]))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half", b"<html>", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_workbook_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(WrongFile, match="not a readable"):
        next(read_rows(path, COLUMNS))


def test_a_workbook_cut_short_and_one_with_entities_are_refused(tmp_path, book_at):
    whole = book_at(["编号"], *[[n] for n in range(2000)]).read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WrongFile):
        list(read_rows(tmp_path / "half.xlsx", COLUMNS))
    laughs = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><worksheet><row><c><v>&c;</v></c></row></worksheet>'
    with pytest.raises(WrongFile):
        list(read_rows(raw_book(tmp_path / "laughs.xlsx", laughs), COLUMNS))


def test_a_cell_that_unpacks_to_gigabytes_is_refused(tmp_path):
    sheet = (
        b"<worksheet><sheetData><row><c t='str'><v>"
        + bytes([120]) * (200 << 20)
        + b"</v></c></row></sheetData></worksheet>"
    )
    path = raw_book(tmp_path / "bomb.xlsx", sheet)
    assert path.stat().st_size < 1 << 20
    with pytest.raises(WrongFile):
        next(read_rows(path, COLUMNS))


def test_shared_texts_rich_texts_errors_and_missing_references_are_understood(tmp_path):
    strings = (
        "<sst><si><t>编号</t></si><si><r><t>留言</t></r><r><t>详情</t></r><rPh><t>liuyan</t></rPh></si>"
        '<si><t xml:space="preserve"> 热水 </t></si></sst>'
    )
    sheet = (
        '<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        '<row><c><v>7</v></c><c t="s"><v>2</v></c></row>'
        '<row r="9"><c r="B9" t="e"><v>#N/A</v></c><c r="A9"><v>8.5</v></c>'
        '</row><row r="10"><c r="B10" t="inlineStr"><is><t>食</t><t>堂</t></is></c></row></sheetData></worksheet>'
    )
    rows = read_rows(raw_book(tmp_path / "a.xlsx", sheet, strings), COLUMNS)
    assert [(row.number, row.values["number"], row.values["body"]) for row in rows] == [
        (2, 7, " 热水 "),
        (9, 8.5, None),
        (10, None, "食堂"),
    ]


def test_date_cells_are_dates_in_every_calendar(tmp_path, book_at):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["编号", "留言时间"])
    book.active.append([1, datetime(2020, 1, 5, 13, 45, 2)])
    book.active["B2"].number_format = 'yyyy"年"m"月"d"日" h:mm'
    book.save(tmp_path / "mac.xlsx")
    assert next(read_rows(tmp_path / "mac.xlsx", COLUMNS)).values["at"] == datetime(2020, 1, 5, 13, 45, 2)


def test_a_million_empty_rows_at_the_end_are_passed_quickly(tmp_path):
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 1_048_577))
    filled = "<row><c t='str'><v>编号</v></c></row><row><c><v>1</v></c></row>"
    sheet = f"<worksheet><sheetData>{filled}{empty}</sheetData></worksheet>"
    path = raw_book(tmp_path / "long.xlsx", sheet)
    started = datetime.now(UTC)
    assert [row.values for row in read_rows(path, COLUMNS)] == [{"number": 1}]
    assert datetime.now(UTC) - started < timedelta(seconds=20)


MEASURE = """
    import resource, sys
    from pathlib import Path
    from lianxin.kernel.spreadsheets.xlsx import Workbook

    with Workbook(Path(sys.argv[1])) as book:
        rows = sum(1 for _ in book.rows(book.sheets[0]))
    print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.parametrize("shared", [False, True])
def test_memory_does_not_grow_with_the_file(tmp_path, shared):
    def read(rows: int) -> int:
        path = tmp_path / f"{rows}.xlsx"
        body = "宿舍没有热水，" * 30
        if shared:
            cells = "".join(f'<row r="{n}"><c t="s"><v>{n - 1}</v></c></row>' for n in range(1, rows + 1))
            strings = "".join(f"<si><t>{n}{body}</t></si>" for n in range(rows))
            raw_book(path, f"<worksheet><sheetData>{cells}</sheetData></worksheet>", f"<sst>{strings}</sst>")
        else:
            write_rows(path, ["编号", "留言详情"], ((n, f"{n}{body}") for n in range(rows - 1)))
        program = [sys.executable, "-c", textwrap.dedent(MEASURE), str(path)]
        environment = {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
        done = subprocess.run(program, capture_output=True, check=True, text=True, env=environment)
        count, kilobytes = map(int, done.stdout.split())
        assert count == rows
        return kilobytes

    assert read(100_000) - read(1_000) < 4_000


@pytest.mark.skipif(not REAL.exists(), reason="the real register is not at hand")
def test_the_real_register_is_read_whole():
    columns = {
        "number": ("留言编号",),
        "user": ("留言用户",),
        "title": ("留言主题",),
        "at": ("留言时间",),
        "body": ("留言详情",),
        "against": ("反对数",),
        "for": ("点赞数",),
    }
    rows = list(read_rows(REAL, columns, required=columns))
    assert len(rows) == 4326
    assert (rows[0].number, rows[-1].number) == (2, 4327)
    assert sum(isinstance(row.values["at"], datetime) for row in rows) == 129
    assert all(2000 < parse_moment(row.values["at"]).year < 2021 for row in rows)
    bodies = [clean_text(row.values["body"]) for row in rows]
    assert all(bodies)
    assert max(map(len, bodies)) <= 7028
    assert not any(c in body for body in bodies for c in "\xa0\u200b\r")
    reference = openpyxl.load_workbook(REAL, read_only=True).active
    for row, cells in zip(rows, reference.iter_rows(min_row=2, values_only=True), strict=True):
        assert list(row.values.values()) == list(cells)


# Values


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (None, ""),
        (360001, "360001"),
        ("\u3000\u3000宿舍没有热水。\xa0 ", "宿舍没有热水。"),
        ("第一行_x000D_\n第二行_x000D_", "第一行\n第二行"),
        ("_x005F_x000D_", "_x000D_"),
        ("A&amp;B &lt;通知&gt; &#39;好&#39;&nbsp;&quot;", "A&B <通知> '好' \""),
        ("http://x.cn/?a=1&copy=2&lt", "http://x.cn/?a=1&copy=2&lt"),
        ("一<br>二<br/>三</p><P class='x'>四", "一\n二\n三\n\n四"),
        ("<div><span style='a'>热水</span></div>", "热水"),
        ("关于‹职工食堂>和<职工宿舍>的<a>", "关于‹职工食堂>和<职工宿舍>的"),
        ("<b>1</b> < 2 且 3 > 2", "1 < 2 且 3 > 2"),
        ("<script>alert(1)</script>好<!-- 注 -->", "好"),
        ("&lt;br&gt;一&amp;nbsp;二", "一 二"),
        ("零\u200b宽\ufeff", "零宽"),
        ("一\n\n\n\n\n二\t三", "一\n\n二\t三"),
        ("ＡＢＣ１２３，（全角）", "ＡＢＣ１２３，（全角）"),
        ("）", "）"),
    ],
)
def test_a_text_is_cleaned_and_says_what_it_said(found, meant):
    assert clean_text(found) == meant


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        (datetime(2020, 1, 5, 13, 45, 2), "2020-01-05T13:45:02"),
        (datetime(2020, 1, 5, 5, 45, 2, tzinfo=UTC), "2020-01-05T13:45:02"),
        (date(2020, 1, 5), "2020-01-05T00:00"),
        (43835.5729398148, "2020-01-05T13:45:02"),
        (43835, "2020-01-05T00:00"),
        ("43835.5", "2020-01-05T12:00"),
        (20200105, "2020-01-05T00:00"),
        ("20200105", "2020-01-05T00:00"),
        ("2020/1/5 13:45:02", "2020-01-05T13:45:02"),
        ("\n\t 2020/1/5  13:45 \u3000", "2020-01-05T13:45"),
        ("2020-01-05", "2020-01-05T00:00"),
        ("2020.1.5", "2020-01-05T00:00"),
        ("2020年1月5日", "2020-01-05T00:00"),
        ("2020年1月5日 13时45分", "2020-01-05T13:45"),
        ("2020 年 1 月 5 日 13 时 45 分 2 秒", "2020-01-05T13:45:02"),
        ("2020年1月5日星期日 下午1:45", "2020-01-05T13:45"),
        ("2020-1-5 12:05 AM", "2020-01-05T00:05"),
        ("２０２０／１／５　１３：４５", "2020-01-05T13:45"),
        ("2020-01-05T13:45:02.123", "2020-01-05T13:45:02"),
        ("2020-01-05T05:45:02Z", "2020-01-05T13:45:02"),
        ("2020-01-05T13:45:02+0800", "2020-01-05T13:45:02"),
        ("2020-01-05 9时", "2020-01-05T09:00"),
    ],
)
def test_a_moment_is_understood_in_every_spelling(found, meant):
    assert parse_moment(found) == datetime.fromisoformat(meant).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "found",
    [
        None,
        "",
        " ",
        "昨天",
        "2020-13-01",
        "2020-02-30",
        "2020-1-5 25:00",
        "5/1/2020",
        0,
        -3,
        99999999,
        True,
        "1850-1-1",
    ],
)
def test_what_is_no_moment_is_refused_with_a_reason(found):
    with pytest.raises(ValueError) as refused:
        parse_moment(found)
    assert str(refused.value)


# Writing


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


def test_zones_are_honoured():
    tokyo = timezone(timedelta(hours=9))
    assert parse_moment("2020-1-5", "Asia/Tokyo") == datetime(2020, 1, 5, tzinfo=tokyo)
