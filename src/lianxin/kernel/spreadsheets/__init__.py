"""Spreadsheets as people keep them: read row by row whatever their size, written so that no cell can do anything."""

from lianxin.kernel.spreadsheets.reading import Row, WrongFile, plain, read_rows
from lianxin.kernel.spreadsheets.values import clean_text, parse_moment
from lianxin.kernel.spreadsheets.writing import Sheet, write_rows, write_sheets
from lianxin.kernel.spreadsheets.xlsx import Cell, NotAWorkbook, Workbook

__all__ = [
    "Cell",
    "NotAWorkbook",
    "Row",
    "Sheet",
    "Workbook",
    "WrongFile",
    "clean_text",
    "parse_moment",
    "plain",
    "read_rows",
    "write_rows",
    "write_sheets",
]
