"""What an upload is once it is accepted, and why it may not be."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from lianxin.kernel.errors import LianxinError

MAX_FILES = 9
MAX_BYTES = 10 * 1024 * 1024


class FileRejected(LianxinError):  # noqa: N818 - reads as the sentence it is
    """A file cannot be taken; `str(error)` says why and what to do. `name` is its safe name."""

    def __init__(self, reason: object, name: str = "") -> None:
        super().__init__(reason)
        self.name = name


@dataclass(frozen=True)
class CleanFile:
    """A file that is what it says, freed of what tells about its author. `extension` has no dot.

    `width` and `height` are in pixels, for images only.
    """

    content: bytes
    content_type: str
    extension: str
    name: str
    width: int | None = None
    height: int | None = None

    @cached_property
    def sha256(self) -> str:
        """Of the cleaned content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_image(self) -> bool:
        """Whether it may be shown in a page; anything else is only ever downloaded."""
        return self.content_type.startswith("image/")
