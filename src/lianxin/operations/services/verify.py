"""Reading a backup: whether it is whole, ours, and one that this version of the program can restore."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from django.db.migrations.loader import MigrationLoader

from lianxin.kernel.cli_messages import Refusal, cause_of
from lianxin.operations.services import archive
from lianxin.operations.services.backup import KEYS, Advance
from lianxin.operations.services.encryption import decrypted_from, is_encrypted


@dataclass(frozen=True)
class Checked:
    """What an archive that was read to its end says of itself."""

    manifest: dict[str, Any]
    keys: dict[str, str]
    files: int

    @property
    def rows(self) -> int:
        return sum(self.manifest["rows"].values())


class Source:
    """An archive on the disk, which is read twice: once to see that it is whole, once to load it."""

    def __init__(self, path: Path, passphrase: str | None) -> None:
        self._path, self._passphrase = path, passphrase

    def members(self, begin: Callable[[int], Advance]) -> Iterator[archive.Member]:
        """Its members, each known to be whole.

        Raises:
            Refusal: it cannot be read, is damaged, or needs a passphrase.
        """
        try:
            with self._path.open("rb") as file:
                advance = begin(os.fstat(file.fileno()).st_size)
                with self._plain(file) as plain:
                    for member in archive.read(plain):
                        advance(len(member.content))
                        yield member
        except OSError as error:
            zh, en = cause_of(error)
            raise Refusal(f"读不了 {self._path}：{zh}。", f"Cannot read {self._path}: {en}.") from error

    def _plain(self, file: BinaryIO) -> AbstractContextManager[BinaryIO]:
        if not is_encrypted(file):
            return nullcontext(file)
        if not self._passphrase:
            raise Refusal(
                "这份备份加了密，请用 --passphrase-file 给出口令。",
                "This backup is encrypted; give its passphrase with --passphrase-file.",
            )
        return decrypted_from(file, self._passphrase)


def check(path: Path, *, passphrase: str | None = None, begin: Callable[[int], Advance]) -> Checked:
    """Read an archive to its end and see that it is whole and that this version of the program can restore it.

    Raises:
        Refusal: not so; the message says why.
    """
    manifest: dict[str, Any] = {}
    keys: dict[str, str] = {}
    files = 0
    for member in Source(path, passphrase).members(begin):
        if member.kind == "manifest":
            manifest = _understood(member)
        elif member.kind == "keys":
            keys = {name: str(value) for name, value in member.parsed().items() if name in KEYS}
        files += member.kind == "upload"
    return Checked(manifest, keys, files)


def _understood(member: archive.Member) -> dict[str, Any]:
    manifest = member.parsed()
    shapes = {"format": int, "migrations": dict, "rows": dict, "key_check": str, "created": str, "version": str}
    if manifest.get("program") != "lianxin" or any(not isinstance(manifest.get(n), s) for n, s in shapes.items()):
        raise Refusal("文件不是连心桥的备份。", "The file is not a backup of Lianxin.")
    known = MigrationLoader(None).disk_migrations
    unknown = [name for app, names in manifest["migrations"].items() for name in names if (app, name) not in known]
    if unknown or manifest["format"] != archive.FORMAT:
        raise Refusal(
            f"备份由较新的连心桥 {manifest['version']} 作成，这里是 {version('lianxin')}。请先升级程序，再恢复。",
            f"The backup was made by a newer Lianxin, {manifest['version']}; this is {version('lianxin')}. Upgrade the "
            "program first, then restore.",
        )
    return manifest
