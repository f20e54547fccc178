"""The archive: a plain tar, each of whose members carries its SHA-256, the last one that of them all.

    manifest.json           what it is, of when, and how many rows each table has
    keys.json               the system's keys, unless they were left out
    database/000000 …       pieces of one dump in PostgreSQL's custom format: `cat database/* | pg_restore …`
    uploads/ab/ab12…        the files, by their storage keys
    complete.json           the number of members before it, and the SHA-256 of the lines "SHA-256  name" of them all

Names are compared with these shapes and nothing is ever unpacked by its name, so an archive cannot write anywhere.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lianxin.kernel.cli_messages import Refusal

FORMAT = 1
PIECE = 4 * 1024 * 1024
"""Bytes of a piece of the database; a member is in memory as a whole."""
_LARGEST_MEMBER = 256 * 1024 * 1024
_DIGEST = "LIANXIN.sha256"
_PARTS = {
    "manifest": re.compile(r"manifest\.json"),
    "keys": re.compile(r"keys\.json"),
    "database": re.compile(r"database/[0-9]{6,}"),
    "upload": re.compile(r"uploads/(?P<key>[0-9a-f]{2}/[0-9a-f]{32})"),
    "complete": re.compile(r"complete\.json"),
}
"""The kinds of members, in the order in which they come."""


@dataclass(frozen=True)
class Member:
    kind: str
    name: str
    content: bytes
    moment: float
    """Its modification time, in seconds since 1970."""

    @property
    def key(self) -> str:
        """The storage key of an upload."""
        return self.name.partition("/")[2]

    def parsed(self) -> dict[str, Any]:
        """The content, when it is JSON.

        Raises:
            Refusal: it is not.
        """
        try:
            found = json.loads(self.content)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise damaged(self.name)
        return found


class Writer:
    """Writes members one after another; without `finish` the archive is refused by who reads it."""

    def __init__(self, out: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by finish
        self._whole, self._count = hashlib.sha256(), 0

    def add(self, name: str, content: bytes, moment: float = 0.0) -> None:
        digest = hashlib.sha256(content).hexdigest()
        header = tarfile.TarInfo(name)
        header.size, header.mode, header.mtime = len(content), 0o600, int(moment)
        header.pax_headers = {_DIGEST: digest}
        self._tar.addfile(header, io.BytesIO(content))
        self._tar.members.clear()  # type: ignore[attr-defined] # it would remember each one
        self._whole.update(_line(digest, name))
        self._count += 1

    def finish(self) -> None:
        told = {"members": self._count, "sha256": self._whole.hexdigest()}
        self.add("complete.json", json.dumps(told).encode())
        self._tar.close()


def read(source: BinaryIO) -> Iterator[Member]:
    """Each member once its content is known to be whole; at the end, that nothing is missing.

    Raises:
        Refusal: this is no archive of ours, or it is damaged, incomplete or not in order.
    """
    whole, count, last = hashlib.sha256(), 0, (-1, "")
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            for header in tar:
                tar.members.clear()  # type: ignore[attr-defined]
                member = _checked(header, tar)
                place = (list(_PARTS).index(member.kind), member.name)
                if place <= last or (count == 0) != (member.kind == "manifest"):
                    raise damaged(member.name)
                if member.kind == "complete":
                    told = member.parsed()
                    if (told.get("members"), told.get("sha256")) != (count, whole.hexdigest()):
                        raise damaged(member.name)
                whole.update(_line(hashlib.sha256(member.content).hexdigest(), member.name))
                last, count = place, count + 1
                yield member
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        if count == 0:
            raise Refusal("文件不是连心桥的备份。", "The file is not a backup of Lianxin.") from error
        raise damaged(last[1]) from error
    if last[0] != list(_PARTS).index("complete"):
        raise Refusal("备份文件不完整，后半部分没有了。", "The backup is incomplete: its end is missing.")


def _checked(header: tarfile.TarInfo, tar: tarfile.TarFile) -> Member:
    kind = next((kind for kind, shape in _PARTS.items() if shape.fullmatch(header.name)), None)
    if kind is None or header.type != tarfile.REGTYPE or header.sparse or not 0 <= header.size <= _LARGEST_MEMBER:
        raise Refusal(
            "文件不是连心桥的备份：里面有备份不会有的东西。",
            "The file is not a backup of Lianxin: it holds what a backup never does.",
        )
    file = tar.extractfile(header)
    content = file.read() if file else b""
    if len(content) != header.size or hashlib.sha256(content).hexdigest() != header.pax_headers.get(_DIGEST):
        raise damaged(header.name)
    return Member(kind, header.name, content, float(header.mtime))


def _line(digest: str, name: str) -> bytes:
    return f"{digest}  {name}\n".encode()


def damaged(name: str) -> Refusal:
    return Refusal(
        f"备份文件损坏（{name}）。请用另一份备份。", f"The backup is damaged ({name}). Please use another one."
    )
