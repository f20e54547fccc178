"""Reading a roster: which sheets are about what, which columns mean what, and the rows."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from lianxin.kernel.spreadsheets import Cell, NotAWorkbook, Workbook, clean_text, plain
from lianxin.org.enums import RosterPart, RosterProblem
from lianxin.org.services.roster.columns import COLUMNS, IGNORED, meanings

MOST_BYTES = 300 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 60
HEADER_WITHIN = 20
_MOST_FILLED = 1_000_000
_TITLE = 40
_SAMPLE = 30

Meanings = Mapping[RosterPart, Mapping[str, str]]
"""The field for each folded header of each part."""


class Unreadable(Exception):  # noqa: N818 - reads as the sentence it is
    """The file is no roster at all."""

    def __init__(self, problem: RosterProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, and its cells that are not empty, by field."""

    sheet: str
    number: int
    cells: dict[str, Cell]


@dataclass
class SheetColumn:
    """A column as it was found; `field` is empty where its header is not known."""

    place: int
    header: str
    field: str
    sample: str = ""

    @property
    def letter(self) -> str:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - only who reads a workbook waits for it

        return get_column_letter(self.place)


@dataclass
class Sheet:
    """A sheet as it was understood; `part` is empty where needed columns are missing, `guess` is what it may be."""

    title: str
    part: str = ""
    header_at: int = 0
    columns: list[SheetColumn] = field(default_factory=list)
    count: int = 0
    guess: str = ""
    missing: list[str] = field(default_factory=list)

    @property
    def fields(self) -> set[str]:
        return {column.field for column in self.columns}


@dataclass
class Contents:
    """What a workbook holds."""

    sheets: list[Sheet]
    rows: dict[RosterPart, list[Row]]

    def has(self, part: RosterPart, name: str) -> bool:
        """Whether a sheet of the part has the column."""
        return any(sheet.part == part and name in sheet.fields for sheet in self.sheets)


def read_roster(file: bytes, *, remembered: Meanings, choices: Mapping[str, Any]) -> Contents:
    """Read a workbook.

    Args:
        file: the content of an .xlsx file.
        remembered: what an administrator said earlier about headers that are not known.
        choices: what was said about this file: for the title of a sheet its `part` and `fields` (by folded header).

    Raises:
        Unreadable: it is no workbook, damaged, or too large.
    """
    contents = Contents([], {part: [] for part in RosterPart})
    known = {part: {**meanings(part), **remembered.get(part, {})} for part in RosterPart}
    try:
        with Workbook(BytesIO(file), most_bytes=MOST_BYTES) as book:
            for name in book.sheets:
                _read_sheet(book, name, contents, known, choices.get(_tab(book.title(name)), {}))
    except NotAWorkbook as error:
        raise Unreadable(RosterProblem.NO_WORKBOOK) from error
    return contents


def _tab(title: str) -> str:
    return clean_text(title)[:_TITLE]


def _read_sheet(book: Workbook, name: str, contents: Contents, known: Meanings, choice: Mapping[str, Any]) -> None:
    top = _top(book, name)
    sheet = _understand(_tab(book.title(name)), top, known, choice)
    contents.sheets.append(sheet)
    if not sheet.part:
        return
    part = RosterPart(sheet.part)
    places = {column.place: column.field for column in sheet.columns if column.field}
    rows: list[Row] = []
    for number, cells in book.rows(name):
        if number > sheet.header_at:
            row = Row(sheet.title, number, {places[at]: cell for at, cell in cells.items() if at in places})
            if any(not isinstance(cell, str) or cell.strip() for cell in row.cells.values()):
                rows.append(row)
                if len(rows) > MOST_ROWS:
                    raise Unreadable(RosterProblem.TOO_MANY_ROWS)
    identifying = {column.field for column in COLUMNS[part] if column.required} | {"phone"}
    _fill_merged(rows, book.merged(name), {at: name for at, name in places.items() if name not in identifying})
    sheet.count = len(rows)
    contents.rows[part] += rows


def _top(book: Workbook, name: str) -> list[tuple[int, dict[int, Cell]]]:
    """The rows among which the header stands, and a few more for samples."""
    top: list[tuple[int, dict[int, Cell]]] = []
    for number, cells in book.rows(name):
        if len(top) > HEADER_WITHIN or number > 10 * HEADER_WITHIN:
            break
        top.append((number, {at: cell for at, cell in cells.items() if at <= MOST_COLUMNS}))
    return top


def _understand(
    title: str, top: list[tuple[int, dict[int, Cell]]], known: Meanings, choice: Mapping[str, Any]
) -> Sheet:
    """Find the header and the part whose columns it names best; what was chosen by hand goes first."""
    if choice.get("part") == IGNORED or not top:
        return Sheet(title)
    chosen: dict[str, str] = choice.get("fields", {})
    parts = [RosterPart(choice["part"])] if choice.get("part") else list(RosterPart)
    best: tuple[int, Sheet] | None = None
    for number, cells in top[:HEADER_WITHIN]:
        for part in parts:
            sheet = _as_header(title, part, number, cells, {**known[part], **chosen})
            fits = len(sheet.fields - {""}) - 100 * len(sheet.missing)
            if best is None or fits > best[0]:
                best = (fits, sheet)
    if best is None or (best[1].missing and not choice.get("part") and len(best[1].fields - {""}) == 0):
        return _unknown(title, top)
    sheet = best[1]
    _add_samples(sheet, top)
    sheet.guess = sheet.part
    if sheet.missing:
        sheet.part = ""
    return sheet


def _as_header(title: str, part: RosterPart, number: int, cells: Mapping[int, Cell], known: Mapping[str, str]) -> Sheet:
    sheet = Sheet(title, part, number)
    taken: set[str] = set()
    for place, cell in sorted(cells.items()):
        header = clean_text(cell)[:_TITLE]
        meaning = known.get(plain(header), "")
        meaning = "" if meaning in {IGNORED, *taken} else meaning
        taken.add(meaning)
        sheet.columns.append(SheetColumn(place, header, meaning))
    sheet.missing = [column.field for column in COLUMNS[part] if column.required and column.field not in taken]
    return sheet


def _unknown(title: str, top: list[tuple[int, dict[int, Cell]]]) -> Sheet:
    """A sheet of which nothing is known: its fullest line near the top is taken for the header."""
    number, cells = max(top[:HEADER_WITHIN], key=lambda line: len(line[1]))
    columns = [SheetColumn(place, clean_text(cell)[:_TITLE], "") for place, cell in sorted(cells.items())]
    sheet = Sheet(title, "", number, columns)
    _add_samples(sheet, top)
    return sheet


def _add_samples(sheet: Sheet, top: list[tuple[int, dict[int, Cell]]]) -> None:
    below = [cells for number, cells in top if number > sheet.header_at]
    for column in sheet.columns:
        found = (clean_text(cells[column.place]) for cells in below if column.place in cells)
        column.sample = next(found, "")[:_SAMPLE]


def _fill_merged(rows: list[Row], merged: list[str], places: Mapping[int, str]) -> None:
    """Give the value of cells merged downwards to all rows that they cover."""
    numbers = [row.number for row in rows]
    left = _MOST_FILLED
    for first, last, at in _columns_of(merged, places):
        begin, end = bisect_left(numbers, first), bisect_right(numbers, last)
        name = places[at]
        if begin == end or rows[begin].number != first or name not in rows[begin].cells:
            continue
        left -= end - begin
        if left < 0:
            raise Unreadable(RosterProblem.TOO_MANY_MERGED)
        for row in rows[begin + 1 : end]:
            row.cells.setdefault(name, rows[begin].cells[name])


def _columns_of(merged: list[str], places: Mapping[int, str]) -> Iterator[tuple[int, int, int]]:
    """First row, last row, column of each stretch of merged cells that begins in a column we read."""
    from openpyxl.utils import range_boundaries  # noqa: PLC0415 - only who reads a workbook waits for it

    for reference in merged:
        if re.fullmatch(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}", reference):
            left, top, _right, bottom = range_boundaries(reference)
            if left and top and bottom and left in places and bottom > top:
                yield top, bottom, left
