# ruff: noqa: DTZ001 - Excel's moments have no zone
"""Registers as people keep them are read whatever their kind and shape, and within bounds."""

import time
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from lianxin.kernel.spreadsheets import (
    FileProblem,
    UnclearNumber,
    UnreadableFileError,
    WrongFile,
    clean_text,
    open_workbook,
    parse_moment,
    plain,
    read_rows,
)

COLUMNS = {"number": ("留言编号", "编号"), "title": ("留言主题", "主题"), "at": ("留言时间",), "body": ("留言详情",)}
DATA = Path(__file__).parents[2] / "data"
REAL = Path(__file__).parents[4] / "shared" / "data" / "messages.xlsx"
TRIALS = REAL.parent / "trials"


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


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def raw_book(path: Path, sheet: str | bytes, strings: str = "", *, names: dict[str, str] | None = None) -> Path:
    """A workbook with its sheet written by hand; `names` are those of parts in the archive that differ."""
    where = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml", **(names or {})}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}.{what}+xml"/>'
        for part, what in (
            ("xl/workbook.xml", "sheet.main"),
            ("xl/worksheets/sheet1.xml", "worksheet"),
            *([("xl/sharedStrings.xml", "sharedStrings")] if strings else []),
        )
    )
    links = f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    if strings:
        links += f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    root = f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    content = sheet.encode() if isinstance(sheet, str) else sheet
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types">{defaults}{types}</Types>')
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{root}</Relationships>')
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
            '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'
        )
        archive.writestr(where["sheet"], content.replace(b"<worksheet>", f'<worksheet xmlns="{MAIN}">'.encode(), 1))
        if strings:
            archive.writestr(where["strings"], strings.replace("<sst>", f'<sst xmlns="{MAIN}">', 1))
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
        b"<worksheet><sheetData><row><c r='A1' t='str'><v>"
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
    filled = '<row r="1"><c t="str"><v>编号</v></c></row><row r="2"><c><v>1</v></c></row>'
    sheet = f'<worksheet><dimension ref="A1:A1048576"/><sheetData>{filled}{empty}</sheetData></worksheet>'
    path = raw_book(tmp_path / "long.xlsx", sheet)
    started = datetime.now(UTC)
    assert [row.values for row in read_rows(path, COLUMNS)] == [{"number": 1}]
    assert datetime.now(UTC) - started < timedelta(seconds=20)


def test_a_small_file_with_millions_of_cells_is_refused_at_once_and_in_little_memory(tmp_path):
    """875 KB once held the worker for minutes and took 1.5 GB before it was refused."""
    cells = b"<c><v>1</v></c>" * 1000
    sheet = b"<worksheet><sheetData>" + b"<row>" + cells * 6000 + b"</row></sheetData></worksheet>"
    path = raw_book(tmp_path / "bomb.xlsx", sheet)
    assert path.stat().st_size < 1 << 20
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(UnreadableFileError) as refused:
        open_workbook(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.problem == FileProblem.TOO_LARGE
    assert time.process_time() - started < 10
    assert peak < 50 << 20


@pytest.mark.parametrize("part", ["sheet", "strings"])
def test_parts_under_names_in_other_capitals_are_read(tmp_path, part):
    other = {"sheet": "xl/worksheets/Sheet1.xml", "strings": "xl/SharedStrings.xml"}[part]
    strings = "<sst><si><t>编号</t></si><si><t>A-7</t></si></sst>"
    sheet = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>'
    )
    path = raw_book(tmp_path / "a.xlsx", sheet, strings, names={part: other})
    assert [row.values for row in read_rows(path, COLUMNS)] == [{"number": "A-7"}]


def test_numbers_are_read_as_their_format_shows_them(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["编号"])
    for value, number_format in ((1023, '"GD"000000'), (45, "00000"), (7, "General"), (8, "0.00E+00")):
        book.active.append([value])
        book.active.cell(book.active.max_row, 1).number_format = number_format
    book.save(tmp_path / "a.xlsx")
    numbers = [row.values["number"] for row in read_rows(tmp_path / "a.xlsx", COLUMNS)]
    assert numbers == ["GD001023", "00045", 7, 8.0]
    assert isinstance(numbers[3], UnclearNumber)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_known_and_no_register_is_read_from_them(tmp_path, state):
    book = openpyxl.Workbook()
    book.active.append(["编号"])
    hidden = book.create_sheet("去年")
    hidden.append(["编号", "留言详情"])
    hidden.sheet_state = state
    book.save(tmp_path / "a.xlsx")
    with open_workbook(tmp_path / "a.xlsx") as opened:
        assert [(sheet.title, sheet.hidden) for sheet in opened.sheets] == [("Sheet", False), ("去年", True)]
    with pytest.raises(WrongFile):
        next(read_rows(tmp_path / "a.xlsx", COLUMNS, required=["number", "body"]))


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode("gb18030"),
    ],
)
def test_csv_in_every_usual_encoding(tmp_path, encode):
    path = tmp_path / "a.csv"
    path.write_bytes(encode('登记表\r\n编号,留言详情\r\n="0012","没有\n热水"\r\n13,𠮷田食堂\r\n'))
    rows = list(read_rows(path, COLUMNS, required=["number", "body"]))
    assert [(row.number, row.values["number"], row.values["body"]) for row in rows] == [
        (3, "0012", "没有\n热水"),
        (4, "13", "𠮷田食堂"),
    ]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_xls_and_ods_are_read_with_their_hidden_sheets_dates_and_merged_cells(kind):
    with open_workbook(DATA / f"register.{kind}") as book:
        assert [(sheet.title, sheet.hidden) for sheet in book.sheets] == [("登记", False), ("去年", True)]
        rows = list(book.rows("登记"))
        merged = book.merged("登记")
    assert rows == [
        (1, {1: "编号", 2: "留言详情", 3: "留言时间"}),
        (2, {1: "A-1", 2: "热水", 3: datetime(2024, 5, 1)}),
        (4, {1: 1023.0, 2: "食堂"}),
    ]
    assert isinstance(rows[2][1][1], UnclearNumber)
    assert merged == ([(2, 2, 3, 2)] if kind == "xls" else [])


def test_an_ods_that_repeats_one_cell_without_end_is_refused(tmp_path):
    def change(content):
        return content.replace(
            b"<table:table-cell",
            b'<table:table-cell table:number-columns-repeated="16384"',
        ).replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="1048576"')

    source = zipfile.ZipFile(DATA / "register.ods")
    with source, zipfile.ZipFile(tmp_path / "a.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            content = source.read(name)
            archive.writestr(name, change(content) if name == "content.xml" else content)
    with pytest.raises(UnreadableFileError):
        open_workbook(tmp_path / "a.ods")


@pytest.mark.parametrize("name", ["工号*", "＊工号", "工号（必填）", "【必填】工 号", "工号：", "工号 (Required)"])
def test_marks_at_headings_mean_nothing(name):
    assert plain(name) == "工号"


@pytest.mark.skipif(not TRIALS.exists(), reason="the trial files are not at hand")
@pytest.mark.parametrize("path", sorted(TRIALS.glob("*.xlsx")), ids=lambda path: path.name[:4])
def test_every_trial_file_is_read(path):
    with open_workbook(path) as book:
        assert all(list(book.rows(sheet.title)) for sheet in book.sheets)


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
