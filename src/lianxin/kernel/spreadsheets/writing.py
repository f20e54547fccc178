"""Workbooks for people to take away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from lianxin.kernel.spreadsheets.values import SHANGHAI


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
    from lianxin.kernel.spreadsheets import cells  # noqa: PLC0415 - it imports openpyxl, for which only writers wait

    book = cells.Workbook(write_only=True)
    book.properties.creator = ""
    count = sum(cells.fill(book.create_sheet(wanted.name), wanted, ZoneInfo(zone)) for wanted in sheets)
    book.save(target)
    return count
