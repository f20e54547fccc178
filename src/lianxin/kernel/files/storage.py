"""Where accepted files lie: below MEDIA_ROOT, under random names, dated to the day at most."""

import contextlib
import errno
import os
import re
import uuid
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import LianxinError
from lianxin.kernel.files.cleanfile import CleanFile

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StorageFull(LianxinError):  # noqa: N818 - reads as the sentence it is
    """There is no room for the file; nothing of it was kept."""


def store(clean: CleanFile) -> str:
    """Write the file durably, all or nothing, and return the key under which it lies.

    Raises:
        StorageFull: the disk or the quota is full.
    """
    name = uuid.uuid4().hex
    key = f"{name[:2]}/{name}"
    path = _path(key)
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(unfinished, clean.content)
        unfinished.rename(path)
        _settle(path.parent)
        os.utime(settings.MEDIA_ROOT, _midnight())  # the folder may be new in it
    except OSError as error:
        for leftover in (unfinished, path):
            leftover.unlink(missing_ok=True)
        if error.errno in _FULL:
            raise StorageFull(no_room()) from error
        raise
    return key


def no_room() -> str:
    """What a user is told when a file cannot be kept."""
    return _("The server has no space for files at the moment. Your text is kept; please try again later.")


def open_stored(key: str) -> BinaryIO:
    """The file's content, to be closed by the caller.

    Raises:
        FileNotFoundError: there is none (any more).
        ValueError: not a key.
    """
    path = _path(key)
    try:
        # Otherwise the file would keep the moment at which somebody looked at it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOATIME", 0))
    except PermissionError:  # only a file's owner may ask for this
        return path.open("rb")
    return os.fdopen(descriptor, "rb")


def delete_stored(key: str) -> None:
    """Remove the file; one that is gone already is fine."""
    path = _path(key)
    path.unlink(missing_ok=True)
    with contextlib.suppress(FileNotFoundError):
        _settle(path.parent)


def stored_keys() -> Iterator[str]:
    """The keys of all stored files in order, one folder at a time; files still being written are left out."""
    for folder in sorted(Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]")):
        yield from sorted(key for path in folder.iterdir() if _KEY.fullmatch(key := f"{folder.name}/{path.name}"))


def stored_status(key: str) -> os.stat_result:
    """The size of the file, and the day on which it was stored.

    Raises:
        FileNotFoundError: there is none (any more).
    """
    return _path(key).stat()


def put_back(key: str, content: bytes, moment: float) -> None:
    """Write a file out of a backup durably to its place, as of its own day (in seconds since 1970)."""
    path = _path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, content, (moment, moment))
    os.utime(path.parent, (moment, moment))


def delete_strays(in_use: Callable[[set[str]], Collection[str]], *, older_than_days: int = 2) -> int:
    """Remove files that no record knows: left by a process that was killed in the middle. Return how many.

    Args:
        in_use: which of these keys stand in a record; asked for some hundreds at a time.
        older_than_days: younger files may belong to a transaction that is still running.
    """
    youngest = _midnight()[0] - older_than_days * 86400
    removed = 0
    for folder in Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]"):
        old = {f"{folder.name}/{path.name}": path for path in folder.iterdir() if path.stat().st_mtime < youngest}
        for key in old.keys() - set(in_use({key for key in old if _KEY.fullmatch(key)})):
            old[key].unlink(missing_ok=True)
            removed += 1
    return removed


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise ValueError("not a storage key")
    return Path(settings.MEDIA_ROOT) / key


def _write(path: Path, content: bytes, moments: tuple[float, float] | None = None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(descriptor, left) :]
        os.utime(path, moments or _midnight())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _settle(folder: Path) -> None:
    """Make the folder's entries durable, and keep the time of day of a requester's visit out of it too."""
    os.utime(folder, _midnight())
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _midnight() -> tuple[float, float]:
    moment = datetime.combine(timezone.today(), time.min, tzinfo=UTC).timestamp()
    return moment, moment
