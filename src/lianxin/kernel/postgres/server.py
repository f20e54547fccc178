"""Starting, joining and leaving the server that several of our processes share."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from psycopg import pq

import lianxin
from lianxin.kernel.postgres.account import account_for
from lianxin.kernel.postgres.binaries import clean_environment, find_binaries
from lianxin.kernel.postgres.cluster import DATABASE, create_cluster, provision, server_command
from lianxin.kernel.postgres.errors import PostgresUnavailable, explain_failure
from lianxin.kernel.postgres.home import APP, GUARDIAN_LOCK, OWNER, PORT, Home

# Seconds. Recovery after a power cut may take minutes, and is left alone; whoever is silent is given up sooner.
_RECOVERY = 600
_SILENCE = 60
_FAST_STOP = 30
_GUARDIAN_ENDS = 5
_STEP = 0.02
_LARGEST_LOG = 5 * 1024 * 1024  # bytes


@dataclass
class Server:
    """The embedded server of one data directory."""

    home: Home
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings beside our own, by name (tests do without fsync)."""
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _guardian: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def dsn(self, role: Literal["owner", "app"]) -> str:
        """The address of the database, with the password, for that role. The server need not be running."""
        user = {"owner": OWNER, "app": APP}[role]
        password = quote(self.home.passwords()[user], safe="")
        host = quote(str(self.home.socket_dir()), safe="")
        return f"postgresql://{user}:{password}@/{DATABASE}?host={host}&port={PORT}"

    def is_running(self) -> bool:
        """Whether it answers now."""
        return self._ping() == pq.Ping.OK

    def ensure(self) -> bool:
        """Start the server if it is gone; return whether it was. Only for who is inside `embedded_server`.

        Raises:
            PostgresUnavailable: it does not start.
        """
        if self._process:
            self._process.poll()  # a server that we started and that was killed is not left as a zombie
        self._watch_over()
        if self.is_running():
            return False
        with self.home.starting():
            return self._start_or_adopt()

    def _ping(self) -> int:
        # No password is needed to ask; a short path is all that libpq wants.
        host = os.fsencode(self.home.socket_dir()).replace(b"\\", b"\\\\").replace(b"'", b"\\'")
        return pq.PGconn.ping(b"host='%s' port=%d dbname=postgres connect_timeout=3" % (host, PORT))

    def _start_or_adopt(self) -> bool:
        """Return whether the server had to be started.

        Every process of a server (and `initdb`) inherits a locked descriptor. Whoever gets that lock knows, whatever
        process ids and files say, that nothing is alive; whoever does not waits until the server answers or is gone.
        """
        begun = heard = time.monotonic()
        alive = self.home.open_private("alive.lock")
        try:
            while not _locks(alive):
                answer = self._ping()
                if answer == pq.Ping.OK:
                    self._provision()
                    return False
                now = time.monotonic()
                heard = now if answer == pq.Ping.REJECT else heard
                if now - heard > _SILENCE or now - begun > _RECOVERY:
                    raise PostgresUnavailable(
                        f"{self.home.data} 的数据库进程还在，但没有响应。请等它结束或重启机器，再重新启动。",
                        f"Processes of the database in {self.home.data} are still there but do not answer. Wait until "
                        "they end, or restart the machine, then start again.",
                    )
                time.sleep(_STEP)
            self._start(alive)
            self._provision()
            return True
        finally:
            os.close(alive)

    def _watch_over(self) -> None:
        """See to it that a guardian stops the server when all who use it were killed."""
        if self._guardian and self._guardian.poll() is None:
            return
        descriptor = self.home.open_private(GUARDIAN_LOCK)
        try:
            if not _locks(descriptor):
                return  # somebody else's watches
            with suppress(OSError):  # without one all works, but for a killed master
                self._guardian = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    [sys.executable, "-m", "lianxin.kernel.postgres.guardian", str(self.home.path.parent)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**clean_environment(), "PYTHONPATH": str(Path(lianxin.__file__).parent.parent)},
                    pass_fds=[descriptor],  # it holds the lock as long as it lives
                    start_new_session=True,
                )
        finally:
            os.close(descriptor)

    def _dismiss_guardian(self) -> None:
        """Once the server is stopped there is nothing left to watch over."""
        if self._guardian:
            self._guardian.kill()
            self._guardian.wait()
            self._guardian = None

    def _provision(self) -> None:
        """Make roles and database after each start, even when whoever started the server was killed before doing so."""
        if not self.home.provisioned.exists():
            provision(self.home.socket_dir(), self.home.passwords())
            os.close(self.home.open_private(self.home.provisioned.name))

    def _start(self, alive: int) -> None:
        home = self.home
        exists = home.data.exists()
        binaries = find_binaries(int((home.data / "PG_VERSION").read_text()) if exists else None)
        account = account_for(home.data if exists else home.path.parent, home.path, binaries / "postgres")
        if not exists:
            create_cluster(account, binaries, home, alive)
        # We hold the lock, so whatever process has the recorded id now, it is not this server.
        (home.data / "postmaster.pid").unlink(missing_ok=True)
        home.provisioned.unlink(missing_ok=True)
        socket_dir = home.make_socket_dir(account)
        log, begin = self._open_log()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own wheel's program
                server_command(account, binaries, home, socket_dir, self.settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=clean_environment(),
                pass_fds=[alive],
                start_new_session=True,  # Ctrl-C is for us, not for the server
            )
        finally:
            os.close(log)
        self._wait_until_ready(self._process, begin)

    def _open_log(self) -> tuple[int, int]:
        """The log's descriptor and its present size; a long log gives way to a new one, and one old one is kept."""
        with suppress(FileNotFoundError):
            if self.home.log.stat().st_size > _LARGEST_LOG:
                self.home.log.replace(self.home.log.with_suffix(".log.1"))
        log = self.home.open_private(self.home.log.name)
        return log, os.fstat(log).st_size

    def _wait_until_ready(self, process: subprocess.Popen[bytes], begin: int) -> None:
        deadline = time.monotonic() + _RECOVERY
        while self._ping() != pq.Ping.OK:
            if process.poll() is not None or time.monotonic() > deadline:
                raise explain_failure(
                    "内置数据库无法启动",
                    "The embedded database does not start",
                    _end_of(self.home.log, begin),
                    self.home.log,
                )
            time.sleep(_STEP)

    def _stop(self) -> None:
        """Stop the server: sessions end, everything is written. Only for the last one, under the start lock."""
        alive = self.home.open_private("alive.lock")
        try:
            self._signal(signal.SIGINT)
            if not _locks_within(alive, _FAST_STOP):
                self._signal(signal.SIGQUIT)
                _locks_within(alive, _FAST_STOP)
        finally:
            os.close(alive)
            if self._process:
                self._process.poll()

    def _signal(self, number: signal.Signals) -> None:
        """Signal the server, if its recorded id is surely its own: one that listens wrote (and watches) that file."""
        lines = self.home.pid_file_lines()
        with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(self.home.socket_dir() / f".s.PGSQL.{PORT}"))
            os.kill(int(lines[0]), number)


@contextmanager
def embedded_server(data_dir: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Use the embedded PostgreSQL of `data_dir` for a while: the first to come starts it, the last to leave stops it.

    A server that outlived a killed process of ours is used as it is; when nobody is left to use it, a guardian stops
    it. Everything is made at the first call.

    Raises:
        PostgresUnavailable: there is no database to work with; the message says why.
    """
    home = Home.within(data_dir)
    home.create()
    server = Server(home, settings or {})
    user = home.open_private("users.lock")
    try:
        with home.starting():
            fcntl.flock(user, fcntl.LOCK_SH)
            server._watch_over()  # noqa: SLF001 - this is the other half of the class
            server._start_or_adopt()  # noqa: SLF001
        was_last = False
        try:
            yield server
        finally:
            with home.starting():
                if was_last := _locks(user):
                    server._stop()  # noqa: SLF001
                    server._dismiss_guardian()  # noqa: SLF001
    finally:
        os.close(user)
    if was_last:
        _wait_for_guardian(home)


def stop_unused(home: Home) -> bool:
    """Stop the server unless somebody uses it; return whether it is stopped now."""
    if not home.path.exists():
        return True
    users = home.open_private("users.lock")
    try:
        with home.starting():
            if not _locks(users):
                return False
            Server(home)._stop()  # noqa: SLF001 - this is the other half of the class
            return True
    finally:
        os.close(users)


def _wait_for_guardian(home: Home) -> None:
    """One that somebody else started sees by itself that nobody is left, and ends."""
    with suppress(OSError):
        descriptor = home.open_private(GUARDIAN_LOCK)
        try:
            _locks_within(descriptor, _GUARDIAN_ENDS)
        finally:
            os.close(descriptor)


def _locks(descriptor: int) -> bool:
    """Whether the lock could be had alone, now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _locks_within(descriptor: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not _locks(descriptor):
        if time.monotonic() > deadline:
            return False
        time.sleep(_STEP)
    return True


def _end_of(log: Path, begin: int) -> str:
    with suppress(OSError), log.open("rb") as file:
        file.seek(max(begin, log.stat().st_size - 10_000))
        return file.read().decode(errors="replace")
    return ""
