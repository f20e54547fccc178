"""Files on their way in: what is large goes to the temporary directory, and says so where there is no room in it."""

import contextlib
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from lianxin.kernel.files.storage import StorageFull, no_room


class NotKept(UploadedFile):  # type: ignore[type-arg] # generic in the stubs only
    """A file that arrived and could not be kept."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(BytesIO(), name or "file", "application/octet-stream", size)

    def read(self, *_: Any) -> bytes:
        """There is nothing to read.

        Raises:
            StorageFull: always.
        """
        raise StorageFull(no_room())


class RoomyUploadHandler(TemporaryFileUploadHandler):
    """As Django's, but a temporary directory that is full, or that nobody may write in, is no server error: the form is
    read to its end, and the field says what happened.
    """

    _has_room = True

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        self._has_room = True
        try:
            super().new_file(*args, **options)
        except OSError:
            self._has_room = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Keep a piece of it, while there is room."""
        if not self._has_room:
            return
        try:
            self.file.write(raw_data)
        except OSError:
            self._give_up()

    def file_complete(self, file_size: int) -> UploadedFile | None:  # type: ignore[type-arg]
        """The file, or one that says that it could not be kept."""
        if self._has_room:
            try:
                self.file.flush()
                return super().file_complete(file_size)
            except OSError:
                self._give_up()
        return NotKept(self.file_name or "", file_size)

    def _give_up(self) -> None:
        self._has_room = False
        with contextlib.suppress(OSError):  # closing writes what is left
            self.file.close()


def has_arrived(upload: Any) -> None:
    """A form field's validator.

    Raises:
        ValidationError: the server had no room for the file.
    """
    if isinstance(upload, NotKept):
        raise ValidationError(no_room(), code="no_room")
