"""What an Office package (a zip of XML) may unpack to, checked in one pass of constant memory before anything is built.

A worksheet of a hundred kilobytes can hold millions of cells in a single row. Elements are counted here by their
opening brackets, which costs a hundredth of parsing them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from zipfile import ZipFile, ZipInfo

MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes of all XML parts together."""
MAX_BRACKETS = 10_000_000
"""Opening brackets of all XML parts together; a cell has two to six."""
MAX_BLOCK_BYTES = 16 * 1024 * 1024
MAX_BLOCK_BRACKETS = 1_000_000
"""What may stand between two rows, or two shared texts: openpyxl holds as much at a time."""
MAX_SMALL_BYTES = 8 * 1024 * 1024
MAX_SMALL_BRACKETS = 200_000
"""For the parts that are read whole: workbook, styles, relationships, types."""
MAX_PARTS = 5_000
MAX_MERGED = 100_000

_NEVER_READ = ("customXml/", "xl/media/")
_CHUNK = 1024 * 1024
_OVERLAP = 200
_BOUNDARY = re.compile(rb"</?(?:\w{1,20}:)?(?:row|si)[\s/>]")
_MERGED = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,60}?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_ROW_NUMBER = re.compile(rb'<row\s(?:[^<>]*\s)?r="(\d{1,7})"')
_READ_WHOLE = re.compile(rb"<(?:\w{1,20}:)?(?:styleSheet|workbook|Relationships|Types)[\s>]")
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY|\[CDATA\[|--)")


class PackageTooLargeError(Exception):
    """The package would unpack to too much."""


class BrokenPackageError(Exception):
    """The package holds what no spreadsheet program writes, such as a document type."""


@dataclass
class SheetFacts:
    """What is known of a part before it is parsed.

    `merged`: its merged cells, such as `A2:A9`. `last_row`: the last row in which something stands (None: not known);
    sheets often go on for a million rows that are only formatted.
    """

    merged: list[str]
    last_row: int | None = None


@dataclass
class _Budget:
    bytes_left: int = 0
    brackets_left: int = 0


def check_package(archive: ZipFile, most_bytes: int | None = None) -> dict[str, SheetFacts]:
    """Check every XML part of a package; say what is known of each.

    Raises:
        PackageTooLargeError, BrokenPackageError: it must not be opened.
        zipfile.BadZipFile and others of its kind: it is damaged.
    """
    parts = archive.infolist()
    xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels"))]
    xml = [part for part in xml if not part.filename.startswith(_NEVER_READ)]
    budget = _Budget(MAX_UNPACKED if most_bytes is None else most_bytes, MAX_BRACKETS)
    # zipfile never unpacks more of a part than its entry declares.
    if len(parts) > MAX_PARTS or sum(part.file_size for part in xml) > budget.bytes_left:
        raise PackageTooLargeError
    return {part.filename: _check_part(archive, part, budget) for part in xml}


def _check_part(archive: ZipFile, part: ZipInfo, budget: _Budget) -> SheetFacts:
    merged: list[str] = []
    rows = _Rows()
    block_bytes = block_brackets = 0
    small = None
    for piece, overlap in _pieces(archive, part):
        if small is None and _READ_WHOLE.search(piece[:2000]):
            small = MAX_SMALL_BRACKETS
            if part.file_size > MAX_SMALL_BYTES:
                raise PackageTooLargeError
        if _FORBIDDEN.search(overlap + piece):
            raise BrokenPackageError
        brackets = piece.count(b"<")
        budget.brackets_left -= brackets
        small = None if small is None else small - brackets
        if budget.brackets_left < 0 or (small is not None and small < 0):
            raise PackageTooLargeError
        ends = [found.start() for found in _ends(piece)]
        for start, end in zip([0, *ends], [*ends, len(piece)], strict=True):
            block_bytes += end - start
            block_brackets += piece.count(b"<", start, end)
            if block_bytes > MAX_BLOCK_BYTES or block_brackets > MAX_BLOCK_BRACKETS:
                raise PackageTooLargeError
            if end < len(piece):
                block_bytes = block_brackets = 0
        rows.read(overlap + piece)
        if b"mergeCell" in piece and len(merged) < MAX_MERGED:
            merged += [found[1].decode() for found in _MERGED.finditer(overlap + piece)]
    return SheetFacts(list(dict.fromkeys(merged)), rows.last_filled)


class _Rows:
    """Finds the last row with a value, by its number."""

    def __init__(self) -> None:
        self.last_filled: int | None = None
        self._last: int | None = None

    def read(self, text: bytes) -> None:
        """The next piece of the part, with the end of the one before."""
        value = max(text.rfind(end) for end in (b"</v>", b"</t>"))
        if value >= 0:
            self.last_filled = self._number_before(text, value)
        self._last = self._number_before(text, len(text))

    def _number_before(self, text: bytes, end: int) -> int | None:
        at = max(text.rfind(b"<row ", 0, end), text.rfind(b"<row>", 0, end))
        if at < 0:
            return self._last
        number = _ROW_NUMBER.match(text, at)
        return int(number[1]) if number else None


def _ends(piece: bytes) -> "Iterator[re.Match[bytes]]":
    """The last row or shared text of each stretch of 64 KB: a few are enough to bound what lies between them."""
    position = 0
    while (found := _BOUNDARY.search(piece, position)) is not None:
        yield found
        position = found.end() + 64 * 1024


def _pieces(archive: ZipFile, part: ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """The content of a part piece by piece, each with the end of the one before."""
    overlap = b""
    with archive.open(part) as stream:
        while piece := stream.read(_CHUNK):
            yield piece, overlap
            overlap = piece[-_OVERLAP:]
