"""Spreadsheets as people keep them: read row by row whatever their size, written so that no cell can do anything."""

from lianxin.kernel.spreadsheets.reading import Row, WrongFile, read_rows
from lianxin.kernel.spreadsheets.values import clean_text, parse_moment
from lianxin.kernel.spreadsheets.writing import write_rows

__all__ = ["Row", "WrongFile", "clean_text", "parse_moment", "read_rows", "write_rows"]
