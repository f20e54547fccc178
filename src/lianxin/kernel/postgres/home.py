"""The server's place in the data directory: its files, its passwords, its locks and its socket."""

import fcntl
import hashlib
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lianxin.kernel.cli_messages import cause_of
from lianxin.kernel.postgres.account import Account
from lianxin.kernel.postgres.errors import PostgresUnavailable

SUPERUSER = "postgres"
OWNER = "lianxin_owner"
APP = "lianxin_app"
PORT = 5432
"""Only a part of the socket's file name: the server listens on no network."""

GUARDIAN_LOCK = "guardian.lock"
"""Held by the one process that stops the server when nobody is left to use it."""

_LONGEST_SOCKET_DIR = 90  # bytes; a socket's whole path may have about 104
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Home:
    """`<data_dir>/postgres`, private to whoever starts the system; what is the server's own belongs to its account."""

    path: Path

    @classmethod
    def within(cls, data_dir: Path) -> "Home":
        return cls(Path(os.path.realpath(data_dir)) / "postgres")

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def staging(self) -> Path:
        """Where a cluster is made; it is renamed to `data` once it is complete."""
        return self.path / "data.new"

    @property
    def provisioned(self) -> Path:
        """Exists once the running server has its roles and its database."""
        return self.path / "provisioned"

    @property
    def log(self) -> Path:
        return self.path / "server.log"

    def create(self) -> None:
        """Make the folder, closed to everybody else.

        Raises:
            PostgresUnavailable: it cannot be made, or belongs to somebody else.
        """
        data_dir = self.path.parent
        try:
            data_dir.parent.mkdir(parents=True, exist_ok=True)
            data_dir.mkdir(mode=0o700, exist_ok=True)
            # As root the server's account passes through here; everything inside is closed to it but its own.
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
            self._share_owner(self.path)
            os.close(self.open_private("start.lock"))
        except OSError as error:
            zh, en = cause_of(error)
            raise PostgresUnavailable(
                f"无法在数据目录 {data_dir} 中写入：{zh}。请检查磁盘空间和权限，"
                "用建立它的那个用户启动，或用 LIANXIN_DATA_DIR 指定别的目录。",
                f"Cannot write in the data directory {data_dir}: {en}. Check disk space and permissions, "
                "start as the user who made it, or name another directory in LIANXIN_DATA_DIR.",
            ) from error

    def open_private(self, name: str) -> int:
        """Open one of our own files, made with mode 600 when missing; the caller closes the descriptor."""
        descriptor = os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        self._share_owner(self.path / name)
        return descriptor

    def _share_owner(self, path: Path) -> None:
        """Root at work in somebody's data directory leaves nothing there that they cannot use."""
        owner = self.path.parent.stat()
        if os.geteuid() == 0 and path.stat().st_uid != owner.st_uid:
            os.chown(path, owner.st_uid, owner.st_gid)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Only one process at a time starts, joins, leaves or stops the server."""
        descriptor = self.open_private("start.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def passwords(self) -> dict[str, str]:
        """The password of each role, made at the first call.

        Raises:
            PostgresUnavailable: the file is gone although there is a database.
        """
        kept = self.path / "credentials.json"
        if not kept.exists():
            if self.data.exists():
                raise PostgresUnavailable(
                    f"缺少 {kept}，没有它打不开数据库。请从备份恢复这个文件。",
                    f"{kept} is missing, and the database cannot be opened without it. Restore it from a backup.",
                )
            made = {role: secrets.token_urlsafe(32) for role in (SUPERUSER, OWNER, APP)}
            (self.path / "credentials.new").unlink(missing_ok=True)
            with os.fdopen(self.open_private("credentials.new"), "w", encoding="ascii") as file:
                json.dump(made, file)
                file.flush()
                os.fsync(file.fileno())
            (self.path / "credentials.new").rename(kept)
        return json.loads(kept.read_text(encoding="ascii"))

    def socket_dir(self) -> Path:
        """Where the socket is: where a running server says, else inside if the path allows, else in the temp folder."""
        lines = self.pid_file_lines()
        if len(lines) > 4 and lines[4]:  # noqa: PLR2004 - the fifth line of postmaster.pid
            return Path(lines[4])
        inside = self.path / "run"
        if len(os.fsencode(inside)) < _LONGEST_SOCKET_DIR and _PLAIN.fullmatch(str(inside)):
            return inside
        name = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"lianxin-{name}"

    def make_socket_dir(self, account: Account) -> Path:
        """Make that directory, open to the server's account alone; remove what a killed server left in it.

        Raises:
            PostgresUnavailable: in the shared temporary folder somebody else took the name.
        """
        path = self.socket_dir()
        try:
            path.mkdir(mode=0o700)
            account.own(path)
        except FileExistsError:
            found = path.lstat()
            if found.st_uid == 0 == os.geteuid():  # killed just between the two lines above
                account.own(path)
                found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & 0o077:
                raise PostgresUnavailable(
                    f"{path} 已被占用，而且不是只属于本系统的目录。请删除它，或为 LIANXIN_DATA_DIR 换个短的英文路径。",
                    f"{path} exists and is not a directory that only this system can use. Remove it, or choose a "
                    "shorter, plain ASCII path for LIANXIN_DATA_DIR.",
                ) from None
        for left in path.glob(".s.PGSQL.*"):
            left.unlink()
        return path

    def pid_file_lines(self) -> list[str]:
        """What a running (or killed) server wrote about itself: id, data, start, port, socket directory and more."""
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            return []
