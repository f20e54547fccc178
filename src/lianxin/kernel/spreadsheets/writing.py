"""Workbooks for people to take away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from lianxin.kernel.spreadsheets.values import SHANGHAI

_MAX_TEXT = 32_767  # what Excel holds in a cell
_MAX_WIDTH = 60
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A sheet to write: its name (no formula either), headers, rows, the columns' widths in characters.

    `texts` are the columns (from 0) in which what people type later stays text, so that leading zeros are kept.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[object]] = ()
    widths: Sequence[float] = ()
    texts: Sequence[int] = ()


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
    book = Workbook(write_only=True)
    book.properties.creator = ""
    count = sum(_fill(book.create_sheet(wanted.name), wanted, ZoneInfo(zone)) for wanted in sheets)
    book.save(target)
    return count


def _fill(sheet: Any, wanted: Sheet, zone: ZoneInfo) -> int:
    sheet.freeze_panes = "A2"
    for index, header in enumerate(wanted.headers):
        column = sheet.column_dimensions[get_column_letter(index + 1)]
        column.width = wanted.widths[index] if index < len(wanted.widths) else min(_MAX_WIDTH, 4 + 2 * len(header))
        if index in wanted.texts:
            column.number_format = "@"
    sheet.append([_text_cell(sheet, header, bold=True) for header in wanted.headers])
    count = 0
    for count, row in enumerate(wanted.rows, start=1):  # noqa: B007 - counted for the caller
        sheet.append([_cell(sheet, value, zone) for value in row])
    return count


def _cell(sheet: Any, value: object, zone: ZoneInfo) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date | time | timedelta):
        return value
    if isinstance(value, float) and abs(value) < float("inf"):
        return value
    return _text_cell(sheet, str(value))


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> object:
    cell = WriteOnlyCell(sheet, "")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_MAX_TEXT]
    if text.startswith(_FORMULA_STARTS):
        # It stays text even after somebody has edited the cell; the text itself is not changed.
        cell.data_type = "s"
        cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
