"""Spreadsheets of every usual kind, opened within bounds and read row by row; tables read by the names of columns."""

import csv
import json
import re
import subprocess
import sys
import tempfile
import time as monotonic_time
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.errors import LianxinError
from lianxin.kernel.spreadsheets import calamine_process
from lianxin.kernel.spreadsheets.package_check import (
    BrokenPackageError,
    PackageTooLargeError,
    SheetFacts,
    check_package,
)
from lianxin.kernel.spreadsheets.parsing import Cell, UnclearNumber, formatted_number

HEADER_WITHIN = 10
MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_CELLS = 5_000_000
MAX_COLUMNS = 500
MAX_SECONDS = 90
"""For reading one sheet."""
_CHILD_MEMORY = 1536 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN_PACKAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(SyntaxError, KeyError, ValueError, IndexError, ArithmeticError, TypeError, AttributeError, AssertionError),
)
"""What zipfile, the XML parser and openpyxl raise for files that are damaged, or that openpyxl does not know."""


class FileProblem(TextChoices):
    """Why a file cannot be read."""

    NO_TABLE = "no_table", _("This is not a readable .xlsx file. Please save it again as .xlsx.")
    TOO_LARGE = (
        "too_large",
        _("This file is too large when unpacked. Please delete empty rows and columns, or split it."),
    )
    PROTECTED = "protected", _("This file is password-protected. Please save it without a password.")


class WrongFile(LianxinError):  # noqa: N818 - reads as the sentence it is
    """The file cannot be read as what it should be; `str(error)` says why."""


class UnreadableFileError(WrongFile):
    """The file is no spreadsheet that can be read within bounds."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(str(problem.label))
        self.problem = problem


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet: what stands on its tab, and whether it is hidden (very hidden too)."""

    title: str
    hidden: bool = False


class Workbook:
    """A spreadsheet opened for reading; a context manager. Subclasses read one kind of file each.

    Every method raises `UnreadableFileError` where the file turns out to be damaged or too large.
    """

    def __init__(self) -> None:
        self.sheets: list[WorkbookSheet] = []
        self._merged: dict[str, list[tuple[int, int, int, int]]] = {}
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._resources.close()

    def rows(self, title: str) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Row by row: its number, and its cells that are not empty by column (both from 1). Empty rows are left out."""
        raise NotImplementedError

    def merged(self, title: str) -> list[tuple[int, int, int, int]]:
        """The merged cells of a sheet: top, left, bottom, right; only the first of each has a value."""
        return self._merged.get(title, [])


def kind_of(content: bytes) -> str:
    """What a spreadsheet seems to be by its first bytes (`xlsx`, `ods`, `xls`, `csv`); empty where it is none."""
    if _is_package(content):
        return "ods" if b"opendocument.spreadsheet" in content[:200] else "xlsx"
    if content.startswith(_OLE):
        return "xls"
    return "" if b"\x00" in content[:4000] or content.startswith(_OLE[:2]) else "csv"


def _is_package(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06")) or content[:4] == b"PK"


def open_workbook(source: Path | bytes, *, most_bytes: int | None = None) -> Workbook:
    """Open an .xlsx, .xls, .ods or .csv file, told by its content; nothing is built up before its bounds are known.

    Args:
        source: the file or its content.
        most_bytes: what its XML may unpack to, if not the usual.

    Raises:
        UnreadableFileError: it is none of these, is damaged, protected, or too large.
    """
    if isinstance(source, Path):
        if source.stat().st_size > MAX_FILE_BYTES:
            raise UnreadableFileError(FileProblem.TOO_LARGE)
        source = source.read_bytes()
    if _is_package(source):
        return _open_package(source, most_bytes)
    if source.startswith(_OLE):
        return _CalamineWorkbook(source)
    return _CsvWorkbook(source)


def _open_package(content: bytes, most_bytes: int | None) -> Workbook:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            facts = check_package(archive, most_bytes)
            is_ods = "content.xml" in archive.namelist()
    except PackageTooLargeError as error:
        raise UnreadableFileError(FileProblem.TOO_LARGE) from error
    except (BrokenPackageError, *_BROKEN_PACKAGE) as error:
        raise UnreadableFileError(FileProblem.NO_TABLE) from error
    if is_ods:
        return _CalamineWorkbook(content)
    try:
        return _OpenpyxlWorkbook(content, facts)
    except _BROKEN_PACKAGE:
        # Parts under names in other capitals, or the strict flavour of the standard: calamine knows these.
        return _CalamineWorkbook(content)


class _OpenpyxlWorkbook(Workbook):
    def __init__(self, content: bytes, facts: Mapping[str, SheetFacts]) -> None:
        from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415 - only who reads a workbook waits for openpyxl
        from openpyxl.utils import range_boundaries  # noqa: PLC0415

        super().__init__()
        reader = ExcelReader(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        self._resources.callback(reader.archive.close)
        reader.read()
        parts = [(sheet.name, relationship.target) for sheet, relationship in reader.parser.find_sheets()]
        if len(parts) != len(reader.wb.sheetnames) or "_rels/.rels" not in reader.valid_files:
            raise KeyError("a sheet is not where its relationship says")
        self._book = reader.wb
        self._last_rows: dict[str, int | None] = {}
        for sheet in self._book.worksheets:
            self.sheets.append(WorkbookSheet(sheet.title, sheet.sheet_state != "visible"))
        for title, part in parts:
            boundaries = (range_boundaries(reference) for reference in facts[part].merged)
            self._last_rows[title] = facts[part].last_row
            self._merged[title] = [(top, left, bottom, right) for left, top, right, bottom in boundaries]  # type: ignore[misc] # all four are given

    def rows(self, title: str) -> Iterator[tuple[int, dict[int, Cell]]]:
        sheet = self._book[title]
        sheet.reset_dimensions()  # what the file says of its size is often wrong
        until = monotonic_time.monotonic() + MAX_SECONDS
        try:
            for number, row in enumerate(sheet.iter_rows(max_row=self._last_rows[title]), start=1):
                if number % 1000 == 0 and monotonic_time.monotonic() > until:
                    raise UnreadableFileError(FileProblem.TOO_LARGE)
                cells: dict[int, Cell] = {
                    at: value
                    for at, cell in enumerate(row[:MAX_COLUMNS], start=1)
                    if cell.value is not None and (value := _value_of(cell)) is not None and value != ""
                }
                if cells:
                    yield number, cells
        except _BROKEN_PACKAGE as error:
            raise UnreadableFileError(FileProblem.NO_TABLE) from error


def _value_of(cell: Any) -> Cell:
    if cell.data_type == "e":
        return None
    value: Cell = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return formatted_number(value, cell.number_format)
    return value


class _CalamineWorkbook(Workbook):
    """xls and ods, and what openpyxl does not read: by calamine in a process of its own. Formats are not known."""

    _kinds: ClassVar[Mapping[str, Any]] = {
        "datetime": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
        "timedelta": lambda seconds: timedelta(seconds=seconds),
    }

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the workbook
        self._resources.callback(self._output.close)
        bounds = [str(bound) for bound in (_CHILD_MEMORY, MAX_SECONDS, MAX_CELLS)]
        try:
            done = subprocess.run(  # noqa: S603 - our own program
                [sys.executable, "-I", calamine_process.__file__, *bounds],
                input=content,
                stdout=self._output,
                stderr=subprocess.DEVNULL,
                timeout=MAX_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            self._refuse(FileProblem.TOO_LARGE, error)
        if done.returncode == calamine_process.PROTECTED:
            self._refuse(FileProblem.PROTECTED)
        if done.returncode == calamine_process.TOO_LARGE or done.returncode < 0:
            self._refuse(FileProblem.TOO_LARGE)
        if done.returncode:
            self._refuse(FileProblem.NO_TABLE)
        self._begins: dict[str, int] = {}
        self._find_sheets()

    def _refuse(self, problem: FileProblem, cause: Exception | None = None) -> None:
        self._resources.close()
        raise UnreadableFileError(problem) from cause

    def _find_sheets(self) -> None:
        self._output.seek(0)
        while line := self._output.readline():
            if line.startswith(b'{"title"'):
                about = json.loads(line)
                self.sheets.append(WorkbookSheet(about["title"], about["hidden"]))
                self._merged[about["title"]] = [tuple(reference) for reference in about["merged"]]
                self._begins[about["title"]] = self._output.tell()

    def rows(self, title: str) -> Iterator[tuple[int, dict[int, Cell]]]:
        position = self._begins[title]
        while True:
            self._output.seek(position)
            line = self._output.readline()
            position = self._output.tell()
            if not line.startswith(b'{"row"'):
                return
            row = json.loads(line)
            cells = {at: self._cell(value) for at, value in row["cells"]}
            yield row["row"], {at: cell for at, cell in cells.items() if cell is not None and cell != ""}

    def _cell(self, told: Any) -> Cell:
        if isinstance(told, dict):
            ((kind, value),) = told.items()
            value = self._kinds[kind](value)
            return datetime.combine(value, time.min) if type(value) is date else value
        if isinstance(told, int | float) and not isinstance(told, bool):
            return UnclearNumber(told)
        return None if isinstance(told, str) and told.startswith("#") and told in _ERRORS else told


_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"})
_GUARDED = re.compile(r'="([^"]*)"')
"""How programs keep zeros in a .csv that Excel opens: `="00123"`."""


class _CsvWorkbook(Workbook):
    """Comma, semicolon or tab between the fields; UTF-8 with or without BOM, UTF-16 with BOM, GB18030."""

    TITLE = "CSV"

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self._text = self._decoded(content)
        self.sheets = [WorkbookSheet(self.TITLE)]

    @staticmethod
    def _decoded(content: bytes) -> str:
        encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
        for encoding in encodings:
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text and text.strip() and not text.lstrip().startswith("<"):
                return text
        raise UnreadableFileError(FileProblem.NO_TABLE)

    def rows(self, title: str) -> Iterator[tuple[int, dict[int, Cell]]]:  # noqa: ARG002 - there is one sheet
        left, until = MAX_CELLS, monotonic_time.monotonic() + MAX_SECONDS
        first = self._text[:10_000]
        delimiter = max(",;\t", key=first.count)
        try:
            for number, row in enumerate(csv.reader(StringIO(self._text, newline=""), delimiter=delimiter), start=1):
                left -= len(row)
                if left < 0 or (number % 1000 == 0 and monotonic_time.monotonic() > until):
                    raise UnreadableFileError(FileProblem.TOO_LARGE)
                guarded = ((at, _GUARDED.fullmatch(text), text) for at, text in enumerate(row[:MAX_COLUMNS], start=1))
                cells: dict[int, Cell] = {at: found[1] if found else text for at, found, text in guarded if text}
                if cells:
                    yield number, cells
        except csv.Error as error:
            raise UnreadableFileError(FileProblem.NO_TABLE) from error


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header: its number in the sheet, as people see it, and its values as they stand in the cells.

    `values` has each field whose column the sheet has; an empty cell is None.
    """

    number: int
    values: dict[str, Cell] = field(default_factory=dict)


def read_rows(
    path: Path | str, columns: Mapping[str, Collection[str]], required: Collection[str] = ()
) -> Iterator[Row]:
    """Read the table whose header stands within the first ten rows of one of the sheets that are not hidden.

    Args:
        path: an .xlsx, .xls, .ods or .csv file.
        columns: each field with the names its column may bear, in any width and with any spaces.
        required: fields whose columns must be there; if none, any one of the columns makes a header.

    Raises:
        WrongFile: on the first step, not a workbook or no such header; later, if the file turns out to be damaged.
    """
    with open_workbook(Path(path)) as book:
        sheet, header_at, places = _find_header(book, columns, set(required))
        for number, cells in book.rows(sheet):
            if number > header_at:
                values = {name: cells.get(place) for name, place in places.items()}
                if any(value is not None and str(value).strip() for value in values.values()):
                    yield Row(number, values)


def _find_header(
    book: Workbook, columns: Mapping[str, Collection[str]], required: set[str]
) -> tuple[str, int, dict[str, int]]:
    known = {plain(name): field for field, names in columns.items() for name in names}
    missing = set(required)
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        for number, cells in book.rows(sheet.title):
            if number > HEADER_WITHIN:
                break
            places: dict[str, int] = {}
            for column, value in sorted(cells.items()):
                name = known.get(plain(str(value)))
                if name:
                    places.setdefault(name, column)
            if places and required <= places.keys():
                return sheet.title, number, places
            missing = min(missing, required - places.keys(), key=len)
    names = ", ".join(next(iter(columns[field])) for field in columns if field in (missing or columns))
    raise WrongFile(_("These columns are missing from the first ten rows: %(names)s") % {"names": names})


_MARKED = re.compile(r"^\*+|\*+$|[(\[【〔]\s*(?:必填|选填|必选|可选|required|optional)\s*[)\]】〕]|[::]+$")


def plain(name: str) -> str:
    """A column's name without what people do not see, or put there as a mark: spaces, widths, invisible characters,
    capitals, `*`, （必填）, a colon at its end.
    """
    folded = unicodedata.normalize("NFKC", name.replace("_x000D_", "")).casefold()
    folded = "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"})
    return _MARKED.sub("", _MARKED.sub("", folded)) or folded
