"""Registers read by the names of their columns."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lianxin.kernel.errors import LianxinError
from lianxin.kernel.spreadsheets.xlsx import Cell, NotAWorkbook, Workbook

HEADER_WITHIN = 10


class WrongFile(LianxinError):  # noqa: N818 - reads as the sentence it is
    """The file cannot be read as what it should be; `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header: its number in the sheet, as people see it, and its values as they stand in the cells.

    `values` has each field whose column the sheet has; an empty cell is None.
    """

    number: int
    values: dict[str, Cell]


def read_rows(
    path: Path | str, columns: Mapping[str, Collection[str]], required: Collection[str] = ()
) -> Iterator[Row]:
    """Read the table whose header stands within the first ten rows of one of the sheets, in constant memory.

    Args:
        path: an .xlsx file.
        columns: each field with the names its column may bear, in any width and with any spaces.
        required: fields whose columns must be there; if none, any one of the columns makes a header.

    Raises:
        WrongFile: on the first step, not a workbook or no such header; later, if the file turns out to be damaged.
    """
    try:
        with Workbook(Path(path)) as book:
            sheet, header_at, places = _find_header(book, columns, set(required))
            for number, cells in book.rows(sheet):
                if number > header_at:
                    values = {field: cells.get(place) for field, place in places.items()}
                    if any(value is not None and str(value).strip() for value in values.values()):
                        yield Row(number, values)
    except NotAWorkbook as error:
        raise WrongFile(_("This is not a readable .xlsx file. Please save it again as .xlsx.")) from error


def _find_header(
    book: Workbook, columns: Mapping[str, Collection[str]], required: set[str]
) -> tuple[str, int, dict[str, int]]:
    known = {plain(name): field for field, names in columns.items() for name in names}
    missing = set(required)
    for sheet in book.sheets:
        for number, cells in book.rows(sheet):
            if number > HEADER_WITHIN:
                break
            places: dict[str, int] = {}
            for column, value in sorted(cells.items()):
                field = known.get(plain(str(value)))
                if field:
                    places.setdefault(field, column)
            if places and required <= places.keys():
                return sheet, number, places
            missing = min(missing, required - places.keys(), key=len)
    names = ", ".join(next(iter(columns[field])) for field in columns if field in (missing or columns))
    raise WrongFile(_("These columns are missing from the first ten rows: %(names)s") % {"names": names})


def plain(name: str) -> str:
    """A column's name without what people do not see: spaces, widths, invisible characters, capitals."""
    folded = unicodedata.normalize("NFKC", name.replace("_x000D_", "")).casefold()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"})
