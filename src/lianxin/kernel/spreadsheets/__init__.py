"""Spreadsheets as people keep them: xlsx by openpyxl, xls and ods by calamine, csv; written so that no cell acts."""

from lianxin.kernel.spreadsheets.parsing import Cell, UnclearNumber, clean_text, parse_moment
from lianxin.kernel.spreadsheets.table_reader import (
    FileProblem,
    Row,
    UnreadableFileError,
    Workbook,
    WorkbookSheet,
    WrongFile,
    kind_of,
    open_workbook,
    plain,
    read_rows,
)
from lianxin.kernel.spreadsheets.writer import Percentage, Sheet, sheet_name, write_rows, write_sheets

__all__ = [
    "Cell",
    "FileProblem",
    "Percentage",
    "Row",
    "Sheet",
    "UnclearNumber",
    "UnreadableFileError",
    "Workbook",
    "WorkbookSheet",
    "WrongFile",
    "clean_text",
    "kind_of",
    "open_workbook",
    "parse_moment",
    "plain",
    "read_rows",
    "sheet_name",
    "write_rows",
    "write_sheets",
]
