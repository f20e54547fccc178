"""Frees pictures, PDF, Word, WPS and Excel files of what tells about their authors, in a process of its own.

A hostile file can unpack to any size, keep a parser busy for hours or crash it; in a process with bounded time and
memory it takes nobody with it (`__main__`; the side of the web process is `kernel.files.cleaning`). Only what
cleaning needs is imported here, above all no Django, so that the process starts quickly.
"""

from enum import IntEnum
from typing import NamedTuple


class Reason(IntEnum):
    """Why a file cannot be taken: the exit status of the process."""

    PICTURE_DAMAGED = 10
    PICTURE_TOO_LARGE = 11
    PDF_DAMAGED = 20
    PDF_LOCKED = 21
    PDF_WITH_FILES = 22
    DOCUMENT_DAMAGED = 30
    DOCUMENT_TOO_LARGE = 31
    DOCUMENT_WITH_MACROS = 32
    DOCUMENT_WITH_FILES = 33
    DOCUMENT_WITH_ALIEN_PICTURE = 34
    DOCUMENT_OLD_OR_LOCKED = 35


class RefusedError(Exception):
    """A file cannot be taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


class Cleaned(NamedTuple):
    """A cleaned file; `extension` has no dot, `width` and `height` are in pixels and for pictures only."""

    content: bytes
    extension: str
    width: int | None = None
    height: int | None = None
