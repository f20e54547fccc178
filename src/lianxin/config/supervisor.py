"""`lianxin serve`: the database, the web server and the worker as one program that starts, heals and stops together."""

import argparse
import contextlib
import fcntl
import hashlib
import http.client
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lianxin
from lianxin.config.address import note_public_url, public_url
from lianxin.config.database import database_address, for_the_worker, joined
from lianxin.config.environment import Environment
from lianxin.config.metrics import reserve_metrics, share_metrics
from lianxin.config.processes import Child, child_env, die_with, end, spawn
from lianxin.kernel.cli_messages import say
from lianxin.kernel.keys import refuse_other_keys
from lianxin.kernel.postgres import PostgresUnavailable, Server
from lianxin.kernel.temporary import ADVICE, temporary_directory

THREADS = 32
"""Requests that one web process works on at a time; most of that is waiting, for a phone's upload or the database."""
MOST_CONNECTIONS = 80
"""What all web processes together may take of the database's 100; the worker and the administrator need some."""

_LONGEST_SOCKET_PATH = 100  # bytes; the system takes about 104

_CHECKED = "--skip-checks"  # Django's look at the program; `migrate` has it at each start

_TICK = 0.2  # seconds between two looks at the children
_GRACE = 15.0  # seconds for requests and jobs to finish when stopping
_READY_WITHIN = 60.0  # seconds for the web server to answer for the first time


class CannotServe(Exception):  # noqa: N818 - reads as the sentence it is
    """The system cannot start; both languages' sentences say why and what to do."""


class Stopped(Exception):  # noqa: N818
    """Somebody asked to stop while the system was still starting."""


def serve_command(words: Sequence[str], data_dir: Path) -> int:
    """`lianxin serve`: parse its options, serve until told to stop, and return the exit status."""
    parser = argparse.ArgumentParser(prog="lianxin serve")
    parser.add_argument("--host", default=os.environ.get("LIANXIN_HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or "8000", help="or PORT in the environment")
    parser.add_argument("--web-workers", type=int, default=min(4, os.cpu_count() or 1), metavar="N")
    parser.add_argument("--demo", action="store_true", help="with the sample enterprise, if the system is empty")
    parser.add_argument(
        "--data-dir", metavar="DIR", help="where everything is kept; or LIANXIN_DATA_DIR (default: ./data)"
    )
    options = parser.parse_args(words)
    public_url(os.environ)  # refuses at once what each child would refuse
    Environment().int("LIANXIN_TRUSTED_PROXIES", 0)
    stop = threading.Event()
    _stop_on_signals(stop)
    supervisor = Supervisor(data_dir, options.host, options.port, max(1, options.web_workers), stop, demo=options.demo)
    try:
        supervisor.run()
    except CannotServe as reason:
        say(*reason.args, error=True)
        return 1
    except Stopped:
        pass
    say("已停止。", "Stopped.")
    return 0


def _stop_on_signals(stop: threading.Event) -> None:
    def told(*_: object) -> None:
        if stop.is_set():  # the second time: at once
            raise KeyboardInterrupt
        stop.set()

    signal.signal(signal.SIGINT, told)  # even where a script's shell has it ignored in the background
    signal.signal(signal.SIGTERM, told)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        signal.signal(signal.SIGHUP, told)


@dataclass
class Supervisor:
    """One running system: `run()` returns when `stop` is set and everything has ended."""

    data_dir: Path
    host: str
    port: int
    web_workers: int
    stop: threading.Event
    demo: bool = False
    children: list[Child] = field(default_factory=list)
    greeting: subprocess.Popen[bytes] | None = None
    """Says who can sign in; while it does, the others are looked after, and it may fail."""
    aside: Path | None = None
    """A folder for the web server's socket, where the path of the data directory is too long for one."""

    @property
    def address(self) -> str:
        shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - what to show for it
        return f"http://{shown}:{self.port}/"

    def shown_addresses(self, public: str) -> str:
        """Where the site is: the address that people use, and beside it the server's own where that is another."""
        public = f"{public.rstrip('/')}/"
        return self.address if public in {"/", self.address} else f"{public} ({self.address})"

    def run(self) -> None:
        """Start everything, keep it running, and stop it.

        Raises:
            CannotServe: another one runs on this data directory, the port is taken, or a part does not start.
            Stopped: `stop` was set before everything ran.
            PostgresUnavailable: there is no database.
        """
        self.check_port()
        self.check_temporary()
        os.environ["LIANXIN_ADDRESS"] = self.address  # for `welcome`
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.alone(), joined(os.environ, self.data_dir) as server:
            refuse_other_keys(database_address(os.environ), self.data_dir)
            try:
                self.prepare()
                note_public_url(self.data_dir, public_url(os.environ))
                self.start_children()
                self.wait_until_ready()
                shown = self.shown_addresses(os.environ.get("LIANXIN_PUBLIC_URL", ""))
                say(f"连心桥已启动：{shown}（按 Ctrl-C 停止）", f"Lianxin is running: {shown} (Ctrl-C stops it)")
                self.greeting = spawn(["optional", "welcome", _CHECKED], child_env())
                self.watch(server)
            finally:
                self.stop_children()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one that serves this data directory."""
        with (self.data_dir / "serve.lock").open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                who = lock.read().strip()
                raise CannotServe(
                    f"这个数据目录已有一个连心桥在运行（{who}）：{self.data_dir}。请先停止它，或换 LIANXIN_DATA_DIR。",
                    f"A Lianxin already runs on this data directory ({who}): {self.data_dir}. Stop it, or choose "
                    "another LIANXIN_DATA_DIR.",
                ) from None
            lock.truncate(0)
            lock.write(f"pid {os.getpid()}, {self.address}")
            lock.flush()
            yield

    def check_port(self) -> None:
        """See that the address can be listened at, before anything else takes time."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((self.host, self.port))
        except (OSError, OverflowError) as error:
            raise CannotServe(
                f"无法使用 {self.host} 的端口 {self.port}（{error.args[-1]}）。"
                "如果别的程序占用了它，请换一个，例如 PORT=8001。",
                f"Cannot listen at {self.host} port {self.port} ({error.args[-1]}). If another program uses the port, "
                "choose another, for example PORT=8001.",
            ) from error

    @staticmethod
    def check_temporary() -> None:
        """Say so where no temporary file can be written; all but large files works without."""
        try:
            temporary_directory()
        except OSError as error:
            chinese, english = ADVICE
            say(
                f"临时目录写不进去：{error}。{chinese}",
                f"No temporary file can be written: {error}. {english}",
                error=True,
            )

    def prepare(self) -> None:
        """Bring the database up to date, and fill an empty one with the sample enterprise when asked."""
        with self.static_files_collected():
            self.run_command("migrate", "--verbosity=0", env=child_env(owner=True))
        if self.demo:
            os.environ["LIANXIN_DEMO"] = "1"
            self.run_command("demo", "--if-empty", _CHECKED, env=child_env(), kind="optional")

    @contextlib.contextmanager
    def static_files_collected(self) -> Iterator[None]:
        """Meanwhile put the static files where they are served from, when they are not the ones of the last start."""
        stamp = self.data_dir / "static.stamp"
        now = static_files_now()
        if stamp.exists() and stamp.read_text(encoding="ascii") == now:
            yield
            return
        process = spawn(["optional", "collectstatic", "--noinput", "--verbosity=0"], child_env())
        try:
            yield
            self.finish(process, "collectstatic")
        finally:
            end([process], _GRACE)
        stamp.write_text(now, encoding="ascii")

    def run_command(self, *words: str, env: Mapping[str, str], kind: str = "command") -> None:
        """Run a management command to its end, unless told to stop."""
        self.finish(spawn([kind, *words], env), words[0])

    def finish(self, process: subprocess.Popen[bytes], name: str) -> None:
        while process.poll() is None:
            if self.stop.wait(_TICK / 10):
                end([process], _GRACE)
                raise Stopped
        if process.returncode != 0:
            raise CannotServe(
                f"{name} 没有成功，原因见上。系统没有启动。",
                f"{name} did not succeed; the reason is above. The system did not start.",
            )

    def start_children(self) -> None:
        pool = min(THREADS, max(2, MOST_CONNECTIONS // self.web_workers))
        web = ["web", str(self.web_socket()), str(self.web_workers)]
        entrance = ["front", self.host, str(self.port), str(self.web_socket()), str(self.web_workers)]
        worker = ["command", "work", _CHECKED, f"--shutdown-graceful-timeout={_GRACE - 5:.0f}"]
        self.children = [
            Child(("网站", "The web server"), web, {**child_env(), "LIANXIN_DB_POOL": str(pool)}),
            Child(("后台任务", "The worker"), worker, {**child_env(), **for_the_worker(os.environ)}),
            Child(("网站入口", "What listens at the address"), entrance, child_env()),
        ]
        for child in self.children:
            child.start()

    def web_socket(self) -> Path:
        """Where the web processes listen: for the front alone."""
        inside = self.data_dir / "web.sock"
        if len(os.fsencode(inside)) <= _LONGEST_SOCKET_PATH:
            return inside
        if self.aside is None:
            self.aside = Path(tempfile.mkdtemp(prefix="lianxin-web-"))
        return self.aside / "web.sock"

    def wait_until_ready(self) -> None:
        """Wait for the web server's first answer, whatever it says."""
        deadline = time.monotonic() + _READY_WITHIN
        while not self.answers():
            if any(child.died() for child in self.children[::2]) or time.monotonic() > deadline:
                raise CannotServe("网站没有启动成功，原因见上。", "The web server did not start; the reason is above.")
            if self.stop.wait(_TICK / 2):
                raise Stopped

    def answers(self) -> bool:
        shown = self.address.removeprefix("http://").removesuffix("/")
        connection = http.client.HTTPConnection(shown, timeout=5)
        try:
            connection.request("HEAD", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        else:
            return True
        finally:
            connection.close()

    def watch(self, server: Server | None) -> None:
        """Keep everything running until told to stop."""
        trouble = ""
        while not self.stop.wait(_TICK):
            try:
                if server and server.ensure():
                    say(
                        "内置数据库意外退出，已重新启动。",
                        "The embedded database had ended and was restarted.",
                        error=True,
                    )
                trouble = ""
            except PostgresUnavailable as error:
                if str(error) != trouble:
                    say(str(error), str(error), error=True)
                trouble = str(error)
            for child in self.children:
                child.look_after()
            if self.greeting:
                self.greeting.poll()  # so that it is no zombie afterwards

    def stop_children(self) -> None:
        running = [child.process for child in self.children] + [self.greeting]
        end([process for process in running if process], _GRACE)
        if self.aside:
            shutil.rmtree(self.aside, ignore_errors=True)


def static_files_now() -> str:
    """A fingerprint of our packages' static files."""
    package = Path(lianxin.__file__).parent
    found = sorted((str(path), path.stat()) for path in package.glob("*/static/**/*") if path.is_file())
    told = "\n".join(f"{path} {status.st_size} {status.st_mtime_ns}" for path, status in found)
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()


def web_application() -> Callable[..., Any]:
    """What each process of the web server loads."""
    if parent := multiprocessing.parent_process():
        die_with(parent.pid or 0)
    reserve_metrics()
    from lianxin.config.front import with_peer  # noqa: PLC0415
    from lianxin.config.wsgi import application  # noqa: PLC0415 - only in a web process
    from lianxin.kernel import spool  # noqa: PLC0415 - its table is known only now

    spool.start()
    return with_peer(application)


def run_web(backend: Path, workers: int) -> None:
    from granian import Granian  # noqa: PLC0415 - only in the web server
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    share_metrics(Path(os.environ["LIANXIN_DATA_DIR"]))
    backend.unlink(missing_ok=True)  # of a web server that was killed
    Granian(
        "lianxin.config.supervisor:web_application",
        factory=True,
        uds=backend,
        uds_permissions=0o600,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=THREADS,  # the front hands on no more than all processes together can work on
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=int(_GRACE - 5),
        log_access=False,  # an access log would hold addresses
        log_level=LogLevels.error,
    ).serve()


def child_main(words: Sequence[str]) -> int:
    """What a child runs: `PARENT web SOCKET WORKERS`, `PARENT front HOST PORT SOCKET WORKERS`, `PARENT command NAME …`,
    or `PARENT optional NAME …`.
    """
    parent, kind, *rest = words
    die_with(int(parent))
    if kind == "web":
        run_web(Path(rest[0]), int(rest[1]))
        return 0
    if kind == "front":
        from lianxin.config import front  # noqa: PLC0415 - only there

        proxies = Environment().int("LIANXIN_TRUSTED_PROXIES", 0)
        front.run(rest[0], int(rest[1]), Path(rest[2]), at_once=int(rest[3]) * THREADS, proxies=proxies)
        return 0
    from lianxin.config import cli  # noqa: PLC0415 - it imports this module

    return 0 if kind == "optional" and not cli.knows(rest[0]) else cli.main(rest)


if __name__ == "__main__":
    sys.exit(child_main(sys.argv[1:]))
