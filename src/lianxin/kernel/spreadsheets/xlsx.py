"""The parts of an .xlsx file, streamed: memory grows neither with the rows nor with the different texts in them.

(`openpyxl`, even read-only, keeps every shared text and a stub of every row. Here shared texts lie in a temporary file
once they are many, and rows pass by. Only who reads a workbook waits for `openpyxl` to be imported.)
"""

import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO, Self
from xml.etree import ElementTree as ET
from xml.parsers import expat

Cell = str | int | float | bool | datetime | date | time | timedelta | None

_CHUNK = 64 * 1024
_MOST_IN_MEMORY = 4 * 1024 * 1024
_MAX_SMALL_PART = 20 * 1024 * 1024
_MAX_STREAMED_PART = 2 * 1024 * 1024 * 1024
_MAX_TEXT = 100_000
_OFFSET = struct.Struct("<QI")
_ZEROS = re.compile(r"0{2,30}")
_MAX_MERGES = 100_000


class NotAWorkbook(Exception):  # noqa: N818 - reads as the sentence it is
    """The file is no .xlsx file, is damaged, or unpacks to too much."""


class Workbook:
    """An .xlsx file opened for reading; a context manager.

    Args:
        file: its path, or the file itself, open in binary.
        most_bytes: what one part of it may unpack to.

    Raises:
        NotAWorkbook: from here, or from whatever is read later.
    """

    def __init__(self, file: Path | BinaryIO, *, most_bytes: int = _MAX_STREAMED_PART) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900  # noqa: PLC0415

        self._most_bytes = most_bytes
        self._merged: dict[str, list[str]] = {}
        try:
            self._archive = zipfile.ZipFile(file)
        except Exception as error:
            raise NotAWorkbook from error
        try:
            self._texts = _SharedTexts()
        except OSError:  # there is no room for it; nothing is wrong with the file
            self._archive.close()
            raise
        try:
            workbook = self._tree("xl/workbook.xml")
            properties = workbook.find("{*}workbookPr")
            mac = properties is not None and properties.get("date1904") in {"1", "true"}
            self._epoch = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900
            self._date_styles, self._zero_styles = self._read_styles()
            self._titles = self._read_sheets(workbook)
            if "xl/sharedStrings.xml" in self._archive.namelist():
                for _ in self._stream("xl/sharedStrings.xml", _TextCollector(self._texts)):
                    pass
        except (NotAWorkbook, OSError):
            self.close()
            raise
        except Exception as error:  # whatever a hostile file makes its readers throw
            self.close()
            raise NotAWorkbook from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and forget its texts."""
        self._archive.close()
        self._texts.close()

    @property
    def sheets(self) -> list[str]:
        """The sheets in their order, each as what `rows` wants."""
        return list(self._titles)

    def title(self, sheet: str) -> str:
        """What stands on a sheet's tab."""
        return self._titles[sheet]

    def merged(self, sheet: str) -> list[str]:
        """The merged cells of a sheet whose rows have been read, such as `A2:A9`; only the first one has a value."""
        return self._merged.get(sheet, [])

    def rows(self, sheet: str) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Row by row: its number, and its cells that are not empty by column (both from 1). Empty rows are left out."""
        collector = _RowCollector(self._texts, self._date_styles, self._zero_styles, self._epoch)
        self._merged[sheet] = collector.merged
        for _ in self._stream(sheet, collector):
            yield from collector.finished
            collector.finished.clear()

    def _read_sheets(self, workbook: ET.Element) -> dict[str, str]:
        targets = {}
        for relationship in self._tree("xl/_rels/workbook.xml.rels"):
            target = relationship.get("Target", "")
            targets[relationship.get("Id")] = (
                target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            )
        titles = {
            next((value for name, value in sheet.attrib.items() if name.endswith("}id")), ""): sheet.get("name", "")
            for sheet in workbook.iterfind("{*}sheets/{*}sheet")
        }
        present = set(self._archive.namelist())
        return {targets[key]: title for key, title in titles.items() if key in targets and targets[key] in present}

    def _read_styles(self) -> tuple[set[int], dict[int, int]]:
        """The styles that show a number as a date, and those that show it with leading zeros, with how many digits."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format  # noqa: PLC0415

        if "xl/styles.xml" not in self._archive.namelist():
            return set(), {}
        styles = self._tree("xl/styles.xml")
        formats = dict(BUILTIN_FORMATS)
        for custom in styles.iterfind("{*}numFmts/{*}numFmt"):
            formats[int(custom.get("numFmtId", "0"))] = custom.get("formatCode", "")
        used = [int(style.get("numFmtId", "0")) for style in styles.iterfind("{*}cellXfs/{*}xf")]
        # 27–36 and 50–58 are dates in the Chinese edition of Excel and stand in no file.
        dates = {
            index
            for index, number in enumerate(used)
            if number in {*range(27, 37), *range(50, 59)} or is_date_format(formats.get(number))
        }
        zeros = {index: len(formats[n]) for index, n in enumerate(used) if _ZEROS.fullmatch(formats.get(n, ""))}
        return dates, zeros

    def _tree(self, name: str) -> ET.Element:
        try:
            with self._archive.open(name) as part:
                content = part.read(_MAX_SMALL_PART + 1)
            if len(content) > _MAX_SMALL_PART or b"<!DOCTYPE" in content:
                raise NotAWorkbook(name)
            return ET.fromstring(content)  # noqa: S314 - without a DTD there are no entities
        except _BROKEN as error:
            raise NotAWorkbook(name) from error

    def _stream(self, name: str, collector: "_Collector") -> Iterator[None]:
        """Feed a part to a collector, pausing after each piece."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = collector.start
        parser.EndElementHandler = collector.end
        parser.CharacterDataHandler = collector.text
        read = 0
        try:
            with self._archive.open(name) as part:
                while piece := part.read(_CHUNK):
                    read += len(piece)
                    if read > self._most_bytes:
                        raise NotAWorkbook(name)
                    parser.Parse(piece)
                    yield
                parser.Parse(b"", True)
                yield
        except _BROKEN as error:
            raise NotAWorkbook(name) from error


_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(ET.ParseError, expat.ExpatError, KeyError, ValueError, IndexError, OverflowError, struct.error),
    *(TypeError, AttributeError, ArithmeticError, MemoryError, AssertionError),
)


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type has no place in a workbook")


class _SharedTexts:
    """The workbook's shared texts on disk, by number."""

    def __init__(self) -> None:
        # Most workbooks need no file: they can be read where no temporary file can be made.
        self._texts = tempfile.SpooledTemporaryFile(_MOST_IN_MEMORY)  # noqa: SIM115 - closed in close()
        self._index = tempfile.SpooledTemporaryFile(_MOST_IN_MEMORY)  # noqa: SIM115
        self._end = 0

    def append(self, text: str) -> None:
        content = text.encode("utf-8", "surrogatepass")
        self._texts.write(content)
        self._index.write(_OFFSET.pack(self._end, len(content)))
        self._end += len(content)

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        self._index.seek(number * _OFFSET.size)
        offset, length = _OFFSET.unpack(self._index.read(_OFFSET.size))
        self._texts.seek(offset)
        return self._texts.read(length).decode("utf-8", "surrogatepass")

    def close(self) -> None:
        self._texts.close()
        self._index.close()


class _Collector:
    """What expat reports. Texts count inside `t` (but not in the phonetic `rPh`) and, for cells, in `v`."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._listening = False
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(" ")[2]
        if local in {"t", "v"}:
            self._listening = not self._phonetic
        elif local == "rPh":
            self._phonetic = True
        else:
            self._begin(local, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        local = name.rpartition(" ")[2]
        if local in {"t", "v"}:
            self._listening = False
        elif local == "rPh":
            self._phonetic = False
        else:
            self._finish(local)

    def text(self, piece: str) -> None:
        """Some text stands between two marks."""
        if self._listening:
            self._length += len(piece)
            if self._length > _MAX_TEXT:
                raise ValueError("a cell with too much text")
            self._pieces.append(piece)

    def _taken(self) -> str:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._length = 0
        return text

    def _begin(self, local: str, _attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _finish(self, local: str) -> None:
        raise NotImplementedError


class _TextCollector(_Collector):
    def __init__(self, texts: _SharedTexts) -> None:
        super().__init__()
        self._texts = texts

    def _begin(self, local: str, _attributes: dict[str, str]) -> None:
        if local == "si":
            self._taken()

    def _finish(self, local: str) -> None:
        if local == "si":
            self._texts.append(self._taken())


class _RowCollector(_Collector):
    def __init__(
        self, texts: _SharedTexts, date_styles: set[int], zero_styles: dict[int, int], epoch: datetime
    ) -> None:
        super().__init__()
        self.finished: list[tuple[int, dict[int, Cell]]] = []
        self.merged: list[str] = []
        self._texts, self._date_styles, self._zero_styles, self._epoch = texts, date_styles, zero_styles, epoch
        self._row, self._column = 0, 0
        self._cells: dict[int, Cell] = {}
        self._cell: dict[str, str] = {}

    def _begin(self, local: str, _attributes: dict[str, str]) -> None:
        if local == "c":
            self._cell = _attributes
            self._column = _column_of(_attributes["r"]) if "r" in _attributes else self._column + 1
        elif local == "row":
            self._row = int(_attributes.get("r", self._row + 1))
            self._column = 0
        elif local == "mergeCell" and len(self.merged) < _MAX_MERGES:
            self.merged.append(_attributes.get("ref", ""))

    def _finish(self, local: str) -> None:
        if local == "c":
            if self._pieces:
                value = self._value(self._taken())
                if value is not None and value != "":
                    self._cells[self._column] = value
        elif local == "row" and self._cells:
            self.finished.append((self._row, self._cells))
            self._cells = {}

    def _value(self, text: str) -> Cell:
        kind = self._cell.get("t", "n")
        if kind == "s":
            return self._texts[int(text)]
        if kind == "n":
            return self._number(text)
        if kind == "b":
            return text == "1"
        if kind == "d":
            return datetime.fromisoformat(text)
        return None if kind == "e" else text

    def _number(self, text: str) -> Cell:
        number = float(text)
        style = int(self._cell.get("s", "0"))
        if style in self._zero_styles and number.is_integer():
            return f"{int(number):0{self._zero_styles[style]}d}"
        if style in self._date_styles:
            from openpyxl.utils.datetime import from_excel  # noqa: PLC0415

            try:
                moment: Cell = from_excel(number, self._epoch)
            except (OverflowError, ValueError):
                return number
            return moment
        return int(number) if number.is_integer() else number


def _column_of(reference: str) -> int:
    """`AB12` → 28."""
    column = 0
    for letter in reference:
        if not letter.isalpha():
            break
        column = column * 26 + ord(letter) - 64
    return column
