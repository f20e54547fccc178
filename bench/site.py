"""A site to measure: its own data directory, its own database, real servers on this machine alone."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from lianxin.config.database import joined

ROOT = Path(__file__).parent.parent


@contextmanager
def empty_system() -> Iterator[Path]:
    """A new system with its tables made; the environment points at it while it lasts."""
    with tempfile.TemporaryDirectory(prefix="lianxin-bench-") as folder, ExitStack() as stack:
        os.environ.update(
            LIANXIN_DATA_DIR=folder,
            DJANGO_SETTINGS_MODULE="lianxin.config.settings",
            LIANXIN_DB_POOL="8",
            PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'src'}",
        )
        os.environ.pop("DATABASE_URL", None)
        stack.enter_context(joined(os.environ, Path(folder)))
        lianxin("migrate", "--verbosity", "0")
        lianxin("collectstatic", "--noinput", "--verbosity", "0")
        yield Path(folder)


def lianxin(*words: str) -> None:
    """Run a command of the system."""
    subprocess.run([sys.executable, "-m", "lianxin.config.cli", *words], check=True)


@contextmanager
def serving(application: str, settings: str) -> Iterator[tuple[int, psutil.Process]]:
    """Serve a WSGI application with one worker; yields its port and its process."""
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    words += ["--workers", "1", "--blocking-threads", "8", "--no-access-log", "--log-level", "error"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": settings}
    with listening(lambda port: [*words, "--port", str(port), application], env) as found:
        yield found


@contextmanager
def listening(words: Callable[[int], list[str]], env: Mapping[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    """Run a server, whose command depends on its port, until it is no longer needed; yields port and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(words(port), env=env, cwd=ROOT)
    try:
        _wait(port)
        yield port, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not answer")


def cpu_of(process: psutil.Process) -> float:
    """CPU seconds that a server and its workers have used so far."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(member.cpu_times()[:2]) for member in family)


def cpu_of_database() -> float:
    """CPU seconds that the PostgreSQL backends that serve somebody at present have used so far."""
    folder = Path(os.environ["LIANXIN_DATA_DIR"]) / "postgres" / "data"
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    backends = [one for one in postmaster.children() if " ".join(one.cmdline()).startswith("postgres: lianxin_")]
    return sum(sum(one.cpu_times()[:2]) for one in backends)
