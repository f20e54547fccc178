"""The cells of a workbook that is written, by `openpyxl`."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from lianxin.kernel.spreadsheets.writing import Sheet

__all__ = ["Workbook", "fill"]

_MAX_TEXT = 32_767  # what Excel holds in a cell
_MAX_WIDTH = 60
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def fill(sheet: Any, wanted: Sheet, zone: ZoneInfo) -> int:
    """Write one sheet and return how many rows stand under its header."""
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
