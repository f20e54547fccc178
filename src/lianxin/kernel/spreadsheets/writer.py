"""Workbooks for people to take away, written by openpyxl; no cell of them is ever a formula."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from lianxin.kernel.spreadsheets.parsing import SHANGHAI

_MAX_TEXT = 32_767  # what Excel holds in a cell
_MAX_WIDTH = 60
_MAX_CHOICES = 255  # characters that Excel takes in a list of choices
_LAST_ROW = 1_048_576
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
DATE_FORMAT, PERCENT_FORMAT, TEXT_FORMAT = "yyyy-mm-dd", "0.0%", "@"
_MAX_NAME = 31
_A4 = 9  # as Excel numbers papers
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


class Percentage(float):
    """A fraction of one that stands as a percentage in its cell."""


def sheet_name(*parts: str) -> str:
    """A name for a sheet out of what it is about, as Excel takes it: without some characters, at most 31."""
    return _NOT_IN_NAMES.sub(" ", "·".join(parts)).strip()[:_MAX_NAME] or "Sheet"


@dataclass(frozen=True)
class Sheet:
    """A sheet to write: its name (no formula either), headers, rows, the columns' widths in characters.

    It opens ready for use and for the printer: the head and the first columns (`frozen`) stay in sight, rows can be
    filtered, pages lie and are one sheet wide, the head on each. `title` stands above the head.
    `texts`, `dates` and `choices` are for what people type later, by column (from 0): text columns keep leading zeros,
    date columns take days only, and columns with choices offer a list.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[object]] = ()
    widths: Sequence[float] = ()
    texts: Sequence[int] = ()
    dates: Sequence[int] = ()
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)
    title: str = ""
    frozen: int = 1


def write_rows(
    target: Path | str | BinaryIO,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    widths: Sequence[float] = (),
    zone: str = SHANGHAI,
) -> int:
    """Write a workbook of one sheet in constant memory and return how many rows stand under its header.

    Numbers, days and moments become such cells, aware moments as the wall clock of `zone`; all else is text, and no
    text is ever a formula, whatever it begins with.

    Args:
        target: a path, or a binary file.
        headers: the names of the columns.
        rows: as many values each.
        widths: of the columns, in characters; wide enough for the headers if left out.
        zone: in which moments are written.
    """
    return write_sheets(target, [Sheet("Sheet", headers, rows, widths)], zone=zone)


def write_sheets(target: Path | str | BinaryIO, sheets: Iterable[Sheet], *, zone: str = SHANGHAI) -> int:
    """Write a workbook of several sheets as `write_rows` does, and return how many rows there are under headers."""
    from openpyxl import Workbook  # noqa: PLC0415 - only who writes a workbook waits for openpyxl

    book = Workbook(write_only=True)
    book.properties.creator = ""
    count = sum(_fill(book.create_sheet(wanted.name), wanted, ZoneInfo(zone)) for wanted in sheets)
    book.save(target)
    return count


def _fill(sheet: Any, wanted: Sheet, zone: ZoneInfo) -> int:
    """Write one sheet and return how many rows stand under its header."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    head = 2 if wanted.title else 1
    sheet.freeze_panes = f"{get_column_letter(wanted.frozen + 1)}{head + 1}"
    for index, header in enumerate(wanted.headers):
        column = sheet.column_dimensions[get_column_letter(index + 1)]
        column.width = wanted.widths[index] if index < len(wanted.widths) else min(_MAX_WIDTH, 4 + 2 * len(header))
        if index in wanted.texts:
            column.number_format = TEXT_FORMAT
        elif index in wanted.dates:
            column.number_format = DATE_FORMAT
    _add_validations(sheet, wanted)
    _prepare_for_printing(sheet, head)
    if wanted.title:
        sheet.append([_text_cell(sheet, wanted.title, bold=True)])
    sheet.append([_text_cell(sheet, header, bold=True) for header in wanted.headers])
    count = 0
    for count, row in enumerate(wanted.rows, start=1):  # noqa: B007 - counted for the caller
        sheet.append([_cell(sheet, value, zone) for value in row])
    if wanted.headers:
        sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(wanted.headers))}{head + count}"
    return count


def _prepare_for_printing(sheet: Any, head: int) -> None:
    """Lying A4, one sheet wide, the head on every page."""
    from openpyxl.worksheet.properties import PageSetupProperties  # noqa: PLC0415

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head}:{head}"


def _add_validations(sheet: Any, wanted: Sheet) -> None:
    """Have Excel offer choices (other words stay possible) and insist on days."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    rules = [(index, DataValidation(type="date", operator="greaterThan", formula1="1", allow_blank=True))
             for index in wanted.dates]  # fmt: skip
    for index, words in wanted.choices.items():
        listed = ",".join(word for word in words if "," not in word and '"' not in word)
        if len(listed) <= _MAX_CHOICES:
            rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, errorStyle="warning")
            rules.append((index, rule))
    for index, rule in rules:
        letter = get_column_letter(index + 1)
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.data_validations.append(rule)


def _cell(sheet: Any, value: object, zone: ZoneInfo) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Percentage):
        return _percentage_cell(sheet, value)
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date | time | timedelta):
        return value
    if isinstance(value, float) and abs(value) < float("inf"):
        return value
    return _text_cell(sheet, str(value))


def _percentage_cell(sheet: Any, share: Percentage) -> object:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, round(float(share), 4))
    cell.number_format = PERCENT_FORMAT
    return cell


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> object:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, "")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_MAX_TEXT]
    if text.startswith(_FORMULA_STARTS):
        # It stays text even after somebody has edited the cell; the text itself is not changed.
        cell.data_type = "s"
        cell.quotePrefix = True
    if text.isdecimal():
        cell.number_format = TEXT_FORMAT  # a number of somebody or something: it keeps its zeros when it is edited
    if bold:
        cell.font = Font(bold=True)
    return cell
