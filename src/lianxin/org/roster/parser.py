"""Reading a roster: which sheets are about what, which columns mean what, and the rows."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lianxin.kernel.spreadsheets import (
    Cell,
    FileProblem,
    UnreadableFileError,
    Workbook,
    WorkbookSheet,
    clean_text,
    open_workbook,
    plain,
)
from lianxin.org.enums import RosterPart, RosterProblem
from lianxin.org.roster.columns import COLUMNS, IGNORED, explaining_titles, meanings

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
    """One row: where it stands, its cells that are not empty by field, and the whole of it by column."""

    sheet: str
    number: int
    cells: dict[str, Cell]
    whole: dict[int, Cell] = field(default_factory=dict)


@dataclass
class SheetColumn:
    """A column as it was found; `field` is empty where its header is not known."""

    place: int
    header: str
    field: str
    sample: str = ""
    ignored: bool = False
    """Its header is known to mean nothing."""

    @property
    def letter(self) -> str:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 - only who reads a workbook waits for it

        return get_column_letter(self.place)


@dataclass
class Sheet:
    """A sheet as it was understood; `part` is empty where it is not read, `guess` is what it may be.

    It is not read where needed columns are `missing`, where it is `hidden` and nobody asked for it, and where its part
    is for another administrator (`for_others`).
    """

    title: str
    part: str = ""
    header_at: int = 0
    columns: list[SheetColumn] = field(default_factory=list)
    count: int = 0
    guess: str = ""
    missing: list[str] = field(default_factory=list)
    hidden: bool = False
    for_others: bool = False

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


def read_roster(
    file: bytes,
    *,
    remembered: Meanings,
    choices: Mapping[str, Any],
    parts: Collection[RosterPart] = tuple(RosterPart),
) -> Contents:
    """Read a workbook.

    Args:
        file: the content of an .xlsx, .xls, .ods or .csv file.
        remembered: what an administrator said earlier about headers that are not known.
        choices: what was said about this file: for the title of a sheet its `part` and `fields` (by folded header),
            and of a hidden one whether to `read` it.
        parts: what is read; sheets about other parts are named and passed over.

    Raises:
        Unreadable: it is no workbook, damaged, or too large.
    """
    contents = Contents([], {part: [] for part in RosterPart})
    known = {part: {**meanings(part), **remembered.get(part, {})} for part in RosterPart}
    try:
        with open_workbook(file, most_bytes=MOST_BYTES) as book:
            for sheet in book.sheets:
                choice = choices.get(_tab(sheet.title), {})
                _read_sheet(book, sheet, contents, known=known, choice=choice, parts=parts)
    except UnreadableFileError as error:
        raise Unreadable(_PROBLEMS[error.problem]) from error
    return contents


_PROBLEMS = {
    FileProblem.NO_TABLE: RosterProblem.NO_WORKBOOK,
    FileProblem.TOO_LARGE: RosterProblem.TOO_LARGE,
    FileProblem.PROTECTED: RosterProblem.PROTECTED,
}


def _tab(title: str) -> str:
    return clean_text(title)[:_TITLE]


def _read_sheet(
    book: Workbook,
    about: WorkbookSheet,
    contents: Contents,
    *,
    known: Meanings,
    choice: Mapping[str, Any],
    parts: Collection[RosterPart],
) -> None:
    sheet = _understand(_tab(about.title), _top(book, about.title), known, choice)
    contents.sheets.append(sheet)
    sheet.hidden = about.hidden
    sheet.for_others = bool(sheet.part) and sheet.part not in parts
    if sheet.for_others or (sheet.hidden and not choice.get("read")):
        sheet.part = ""
    if not sheet.part:
        return
    part = RosterPart(sheet.part)
    places = {column.place: column.field for column in sheet.columns if column.field}
    rows: list[Row] = []
    for number, cells in book.rows(about.title):
        if number > sheet.header_at:
            row = Row(sheet.title, number, {places[at]: cell for at, cell in cells.items() if at in places}, cells)
            if any(not isinstance(cell, str) or cell.strip() for cell in row.cells.values()):
                rows.append(row)
                if len(rows) > MOST_ROWS:
                    raise Unreadable(RosterProblem.TOO_MANY_ROWS)
    identifying = {column.field for column in COLUMNS[part] if column.required} | {"phone"}
    spread = {at: name for at, name in places.items() if name not in identifying}
    _fill_merged(rows, book.merged(about.title), spread)
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
    if choice.get("part") == IGNORED or not top or title in explaining_titles():
        return Sheet(title)
    chosen: dict[str, str] = choice.get("fields", {})
    parts = [RosterPart(choice["part"])] if choice.get("part") else list(RosterPart)
    best: tuple[int, Sheet] | None = None
    for number, upper, lower in _possible_headings(top):
        for part in parts:
            words = {**known[part], **chosen}
            sheet = _as_header(title, part, number, upper=upper, lower=lower, known=words)
            fits = len(sheet.fields - {""}) - 100 * len(sheet.missing)
            # Of two lines that fit alike, the lower one is taken where both are headings of the same columns.
            if best is None or fits > best[0] or (lower and fits == best[0] and number == best[1].header_at + 1):
                best = (fits, sheet)
    if best is None or (best[1].missing and not choice.get("part") and len(best[1].fields - {""}) == 0):
        return _unknown(title, top)
    sheet = best[1]
    _add_samples(sheet, top)
    sheet.guess = sheet.part
    if sheet.missing:
        sheet.part = ""
    return sheet


def _possible_headings(
    top: list[tuple[int, dict[int, Cell]]],
) -> Iterator[tuple[int, dict[int, Cell], dict[int, Cell] | None]]:
    """The number of each line in which a header may end, the line, and the one below it if headings take two lines."""
    for at, (number, cells) in enumerate(top[:HEADER_WITHIN]):
        yield number, cells, None
        if at + 1 < len(top) and top[at + 1][0] == number + 1:
            yield number + 1, cells, top[at + 1][1]


def _as_header(
    title: str,
    part: RosterPart,
    number: int,
    *,
    upper: Mapping[int, Cell],
    lower: Mapping[int, Cell] | None,
    known: Mapping[str, str],
) -> Sheet:
    """Headings in one line, or in two: then the lower word counts, or both together, or the upper one alone."""
    sheet = Sheet(title, part, number)
    taken: set[str] = set()
    below = lower or {}
    heading_below = False
    for place in sorted({*upper, *below}):
        above, under = (clean_text(line.get(place))[:_TITLE] for line in (upper, below))
        header = under or above
        meaning = known.get(plain(header), "")
        heading_below = heading_below or bool(under and meaning)
        if not meaning and above and under:
            meaning = known.get(plain(above + under), "")
        meaning = IGNORED if meaning == IGNORED else "" if meaning in taken else meaning
        taken.add(meaning)
        sheet.columns.append(
            SheetColumn(place, header, "" if meaning == IGNORED else meaning, ignored=meaning == IGNORED)
        )
    required = [column.field for column in COLUMNS[part] if column.required]
    # A second line without any heading is a row of the table.
    sheet.missing = required if lower is not None and not heading_below else [n for n in required if n not in taken]
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


def _fill_merged(rows: list[Row], merged: list[tuple[int, int, int, int]], places: Mapping[int, str]) -> None:
    """Give the value of cells merged downwards to all rows that they cover."""
    numbers = [row.number for row in rows]
    left = _MOST_FILLED
    for first, at, last, _right in merged:
        if at not in places or last <= first:
            continue
        begin, end = bisect_left(numbers, first), bisect_right(numbers, last)
        name = places[at]
        if begin == end or rows[begin].number != first or name not in rows[begin].cells:
            continue
        left -= end - begin
        if left < 0:
            raise Unreadable(RosterProblem.TOO_MANY_MERGED)
        for row in rows[begin + 1 : end]:
            row.cells.setdefault(name, rows[begin].cells[name])
            row.whole.setdefault(at, rows[begin].cells[name])
