"""Word 97–2003 and WPS files (.doc, .wps): the same file with what tells about its writer blanked where it stands.

A compound file (MS-CFB) of streams: the text is in `WordDocument`, tables that say where in it what is in `0Table` or
`1Table`, pictures in `Data` (MS-DOC). All other streams are emptied: properties, data that programs keep beside the
text, thumbnails. Nothing changes its length, so that no address in the file has to be written anew.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from olefile import olefile

from lianxin.kernel.cleaning import Cleaned, Reason, RefusedError
from lianxin.kernel.cleaning.image_metadata import blank_jpeg, blank_png

_MAIN = "WordDocument"
_NEEDED = frozenset({_MAIN, "0Table", "1Table", "Data", "\x01CompObj"})
_PROPERTIES = {
    "\x05SummaryInformation": "e0859ff2f94f6810ab9108002b27b3d9",
    "\x05DocumentSummaryInformation": "02d5cdd59c2e1b10939708002b2cf9ae",
}
"""Streams with the names of authors, and the kind of properties (MS-OLEPS) that an empty one of them has."""
_MACROS = frozenset({"macros", "vba", "_vba_project_cur"})
_OBJECTS = "objectpool"

# The head of a document (MS-DOC 2.5, FIB): its mark, flags, and from `_PAIRS` on where in the table stream what is.
_WORD_97 = 0xA5EC
_ENCRYPTED, _IN_FIRST_TABLE = 0x0100, 0x0200
_COUNTS = ((0x20, 14), (0x3E, 22))
_PAIRS = 0x9A
_LEAST_PAIRS = 93
_NOT_NEEDED = (27, 35, 70, 71, 72)
"""The printer, where it was saved by itself, to whom it was sent, who saved it where, names of files."""
_STRINGS = (32, 51)
"""Title, author and last author; writers of tracked changes."""
_COMMENTS, _DOCUMENT, _COMMENT_WRITERS = 4, 31, 36
_COMMENT, _INITIALS = 30, 20
"""Bytes: one comment's reference, and the initials with which it begins."""
_TIMES = slice(0x14, 0x26)
"""In the properties of the document: when it was made, changed and printed, how often and how long."""
_COMMENT_DATES = 112
_CHARACTERS, _PAGE = 12, 512
"""Where in the main stream, by pages, stands how each run of characters looks; there tracked changes have their dates.
"""
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
"""Of a property, by the upper three bits of its code; 6: its own first byte says how many follow."""
_ITS_OWN = 6
_CHANGE_DATES = frozenset({0x6805, 0x6864, 0xCA57, 0xCA89})
"""Properties that end with a date: inserted, deleted, formatted."""

_NO_PROPERTIES = struct.Struct("<HHI16sI16sIII")
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n")
_ENTRY, _ENTRY_TIMES = 128, slice(100, 116)


def clean_word97(content: bytes) -> Cleaned:
    """The document without its authors' names and dates.

    Raises:
        RefusedError: it is damaged, locked or older, or carries macros or other files.
    """
    try:
        with olefile.OleFileIO(content, raise_defects=olefile.DEFECT_INCORRECT) as source:
            return Cleaned(_clean(source, bytearray(content)), "doc")
    except RefusedError:
        raise
    except Exception as error:  # a parser may throw anything at a hostile file
        raise RefusedError(Reason.DOCUMENT_DAMAGED) from error


def _clean(source: olefile.OleFileIO, content: bytearray) -> bytes:
    entries = list(_entries(source.root))
    names = {name.lower() for path, _entry in entries for name in path}
    if names & _MACROS:
        raise RefusedError(Reason.DOCUMENT_WITH_MACROS)
    if any(path[0].lower() == _OBJECTS and len(path) > 1 for path, _entry in entries):
        raise RefusedError(Reason.DOCUMENT_WITH_FILES)
    streams = {path: entry for path, entry in entries if entry.entry_type == olefile.STGTY_STREAM}
    said = {path: bytearray(source.openstream(list(path)).read()) for path in streams}
    if (_MAIN,) not in said:
        raise RefusedError(Reason.DOCUMENT_OLD_OR_LOCKED)
    _clean_tables(said)
    layout = _Layout(source, len(content))
    for path, stream in said.items():
        is_needed = len(path) == 1 and path[0] in _NEEDED
        kept = _without_metadata(stream) if is_needed else _emptied(path[-1], len(stream))
        layout.write(content, streams[path], kept)
    layout.blank_the_rest(content)
    return bytes(content)


def _entries(storage: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The streams and storages in a storage, each with its path."""
    for entry in storage.kids:
        path = (*above, entry.name)
        yield path, entry
        yield from _entries(entry, path)


class _Layout:
    """Where in the file what lies (MS-CFB 2): large streams in sectors, small ones in short sectors of the root's."""

    def __init__(self, source: olefile.OleFileIO, length: int) -> None:
        source.loadminifat()
        self.source, self.length = source, length
        self.size, self.short = source.sectorsize, source.minisectorsize
        self.root = [self._sector(number) for number in self._chain(source.root.isectStart, source.fat)]

    def write(self, content: bytearray, entry: Any, stream: bytes | bytearray) -> None:
        """Put a stream of the same length where it was, and nothing behind it up to the end of its last sector."""
        is_short = entry.size < self.source.minisectorcutoff
        size = self.short if is_short else self.size
        chain = (
            self._chain(entry.isectStart, self.source.minifat if is_short else self.source.fat) if entry.size else []
        )
        for number, sector in enumerate(chain):
            at = self._short_sector(sector) if is_short else self._sector(sector)
            content[at : at + size] = stream[number * size :][:size].ljust(size, b"\0")

    def blank_the_rest(self, content: bytearray) -> None:
        """Nothing stays in sectors that belong to no stream, nor in what the directory says of times."""
        del content[self._sector(len(self.source.fat)) :]
        for number, following in enumerate(self.source.minifat):
            if following == olefile.FREESECT and number * self.short < len(self.root) * self.size:
                at = self._short_sector(number)
                content[at : at + self.short] = bytes(self.short)
        for number, following in enumerate(self.source.fat):
            at = self._sector(number)
            if following == olefile.FREESECT and at < len(content):
                content[at : at + self.size] = bytes(len(content[at : at + self.size]))
        for sector in self._chain(self.source.first_dir_sector, self.source.fat):
            for at in range(self._sector(sector), self._sector(sector) + self.size, _ENTRY):
                content[at + _ENTRY_TIMES.start : at + _ENTRY_TIMES.stop] = bytes(16)

    def _sector(self, number: int) -> int:
        return (number + 1) * self.size

    def _short_sector(self, number: int) -> int:
        index, rest = divmod(number * self.short, self.size)
        return self.root[index] + rest

    def _chain(self, first: int, table: Sequence[int]) -> list[int]:
        """The sectors of a stream, in order."""
        chain: list[int] = []
        while first != olefile.ENDOFCHAIN:
            if len(chain) > len(table):
                raise ValueError("sectors in a circle")
            chain.append(first)
            first = table[first]
        return chain


def _clean_tables(said: dict[tuple[str, ...], bytearray]) -> None:
    """Blank what the tables beside the text say of people and times.

    Raises:
        RefusedError: the document is locked or of an older kind.
    """
    head = said[_MAIN,]
    mark, _version, flags = struct.unpack_from("<HH6xH", head)
    if mark != _WORD_97 or flags & _ENCRYPTED:
        raise RefusedError(Reason.DOCUMENT_OLD_OR_LOCKED)
    table = said["1Table" if flags & _IN_FIRST_TABLE else "0Table",]
    pairs = struct.unpack_from("<H", head, _PAIRS - 2)[0]
    if pairs < _LEAST_PAIRS or any(struct.unpack_from("<H", head, at)[0] != count for at, count in _COUNTS):
        raise ValueError("not the head of a document")

    def part(number: int) -> memoryview:
        start, length = struct.unpack_from("<II", head, _PAIRS + 8 * number)
        if start + length > len(table):
            raise ValueError("a table beyond the end")
        return memoryview(table)[start : start + length]

    for number in _NOT_NEEDED if pairs <= _COMMENT_DATES else (*_NOT_NEEDED, _COMMENT_DATES):
        part(number)[:] = bytes(len(part(number)))
        struct.pack_into("<I", head, _PAIRS + 8 * number + 4, 0)
    for number in _STRINGS:
        _blank_strings(part(number))
    _blank_names(part(_COMMENT_WRITERS))
    comments = part(_COMMENTS)
    for at in range(4 * (len(comments) // (_COMMENT + 4) + 1), len(comments) - _COMMENT + 1, _COMMENT):
        comments[at : at + _INITIALS] = bytes(_INITIALS)
    times = part(_DOCUMENT)[_TIMES]
    times[:] = bytes(len(times))
    _blank_change_dates(memoryview(head), part(_CHARACTERS))


def _blank_change_dates(main: memoryview, places: memoryview) -> None:
    """Dates of tracked changes in the pages (MS-DOC 2.9.33, ChpxFkp) to which a table leads."""
    count = max(0, len(places) - 4) // 8
    for number in struct.unpack_from(f"<{count}I", places, 4 * (count + 1) if count else 0):
        page = main[number * _PAGE :][:_PAGE]
        runs = page[-1]
        for at in page[4 * (runs + 1) :][:runs]:
            if at:
                _blank_dates(page[2 * at + 1 :][: page[2 * at]])


def _blank_dates(properties: memoryview) -> None:
    at = 0
    while at + 2 < len(properties):
        code = struct.unpack_from("<H", properties, at)[0]
        kind = code >> 13
        end = at + 2 + (1 + properties[at + 2] if kind == _ITS_OWN else _SIZES[kind])
        if code in _CHANGE_DATES:
            properties[max(at + 2, end - 4) : end] = bytes(len(properties[max(at + 2, end - 4) : end]))
        at = end


def _blank_strings(table: memoryview) -> None:
    """The strings of a table (MS-DOC 2.2.4, STTB) in two bytes a sign, each as long as it was."""
    if not table:
        return
    extended, count, extra = struct.unpack_from("<HHH", table)
    if extended != 0xFFFF:  # noqa: PLR2004 - what the format says
        raise ValueError("strings of one byte a sign")
    at = 6
    for _number in range(count):
        at = _blank_string(table, at) + extra


def _blank_names(table: memoryview) -> None:
    at = 0
    while at < len(table):
        at = _blank_string(table, at)


def _blank_string(table: memoryview, at: int) -> int:
    """Spaces instead of a string that begins with its length; returns where it ends."""
    length = struct.unpack_from("<H", table, at)[0]
    end = at + 2 + 2 * length
    table[at + 2 : end] = b" \0" * length
    return end


def _emptied(name: str, length: int) -> bytes:
    """As long as it was, and nothing in it; of properties a set of none."""
    kind = _PROPERTIES.get(name)
    if kind is None or length < _NO_PROPERTIES.size:
        return bytes(length)
    empty = _NO_PROPERTIES.pack(0xFFFE, 0, 0, b"", 1, bytes.fromhex(kind), _NO_PROPERTIES.size - 8, 8, 0)
    return empty.ljust(length, b"\0")


def _without_metadata(stream: bytearray) -> bytearray:
    """Pictures in it keep their length: what they say of cameras and places is blank."""
    for found in _PICTURE.finditer(bytes(stream)):
        blank = blank_jpeg if found[0].startswith(b"\xff") else blank_png
        blank(stream, found.start())
    return stream
