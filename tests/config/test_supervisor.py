"""`lianxin serve` as a person starts it: whole processes, real signals, a small site in place of the large one."""

import http.client
import os
import random
import re
import signal
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from lianxin.config.cli import take_data_dir
from lianxin.kernel.postgres import embedded_server
from lianxin.kernel.postgres.home import Home
from tests.processes.system import free_port
from tests.processes.system import lianxin as start

pytestmark = pytest.mark.processes

SMALL = {"DJANGO_SETTINGS_MODULE": "tests.config.small_site"}


def lianxin(*words, **more):
    return start(*words, **{**SMALL, **more})


@pytest.fixture
def data_dir():
    with tempfile.TemporaryDirectory(prefix="lx-") as path:
        yield Path(path) / "data"


class System:
    """A serving system under test, and all processes it ever had."""

    def __init__(self, data_dir, port, *words):
        self.data_dir, self.port = data_dir, port
        self.master = lianxin("serve", "--web-workers=2", *words, PORT=str(port), LIANXIN_DATA_DIR=str(data_dir))
        self.said = []
        for line in self.master.stdout:
            self.said.append(line)
            if line.startswith("Lianxin is running"):
                break
        else:
            raise AssertionError("".join(self.said))
        threading.Thread(target=self.said.extend, args=[self.master.stdout], daemon=True).start()

    def processes(self):
        return psutil.Process(self.master.pid).children(recursive=True)

    def postmaster(self):
        return psutil.Process(int(Home.within(self.data_dir).pid_file_lines()[0]))

    def web_master(self):
        return next(p for p in self.processes() if "web" in p.cmdline() and p.ppid() == self.master.pid)

    def web_workers(self):
        return self.web_master().children()

    def worker(self):
        return next(p for p in self.processes() if "work" in p.cmdline())

    def note(self, number):
        """Submit a number; True when it was acknowledged."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", f"/note/{number}")  # what writes is never asked for twice
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def end(self):
        """Whatever a failed test leaves."""
        everything = []
        with suppress(psutil.NoSuchProcess, OSError, IndexError):
            everything = [*self.processes(), self.postmaster()]
        for process in [psutil.Process(self.master.pid), *everything] if self.master.poll() is None else everything:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.master.wait()


@pytest.fixture
def serve(data_dir):
    started = []

    def start(*words, port=None):
        started.append(System(data_dir, port or free_port(), *words))
        return started[-1]

    yield start
    for system in started:
        system.end()


def all_gone(processes, within=10):
    _, alive = psutil.wait_procs(processes, timeout=within)
    return [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []


def test_it_serves_refuses_a_second_self_and_ctrl_c_leaves_nothing(serve, data_dir):
    system = serve()
    assert system.said[-1] == f"Lianxin is running: http://127.0.0.1:{system.port}/ (Ctrl-C stops it)\n"
    assert data_dir.stat().st_mode & 0o777 == 0o700

    twin = lianxin("serve", "--port", free_port(), "--data-dir", data_dir)
    told = twin.communicate(timeout=20)[0]
    assert twin.returncode == 1
    assert re.search(
        rf"already runs on this data directory \(pid {system.master.pid}, http://127.0.0.1:{system.port}/\)", told
    )

    other = lianxin("serve", "--data-dir", data_dir.with_name("other"), PORT=str(system.port))
    told = other.communicate(timeout=20)[0]
    assert other.returncode == 1
    assert f"port {system.port}" in told
    assert "PORT=8001" in told
    assert not data_dir.with_name("other").exists()

    everything = [*system.processes(), system.postmaster()]
    assert len(everything) >= 5
    os.killpg(system.master.pid, signal.SIGINT)  # what a terminal does at Ctrl-C
    assert system.master.wait(20) == 0
    assert all_gone(everything, within=1)
    assert "Traceback" not in "".join(system.said)


@pytest.mark.stress
def test_kill_9_of_any_part_loses_no_acknowledged_row_and_all_heals(serve, data_dir):
    """Li Mei's colleagues keep submitting while the parts of the system are killed one by one, the master at last."""
    system = serve()
    with psycopg.connect(dsn(data_dir)) as owner:
        owner.execute("CREATE TABLE note (number int)")
    acknowledged, done, numbers, current = [], threading.Event(), iter(range(1_000_000)), [system]

    def submit():
        while not done.is_set():
            number = next(numbers)
            if current[0].note(number):
                acknowledged.append(number)
            else:
                time.sleep(0.02)

    clients = [threading.Thread(target=submit, daemon=True) for _ in range(3)]
    for client in clients:
        client.start()
    parts = [lambda: system.web_workers()[0], system.worker, system.postmaster, system.web_master]
    random.shuffle(parts)
    for part in parts:
        time.sleep(random.uniform(0.1, 0.5))
        victim = part()
        victim.kill()
        assert all_gone([victim])
        heals(system, acknowledged)
    server = system.postmaster()
    ours = [process for process in system.processes() if process.name() != "postgres"]
    system.master.kill()
    system.master.wait()
    assert len(ours) >= 4
    assert all_gone(ours)
    assert all_gone([server])  # nothing outlives whoever started it

    current[0] = serve(port=system.port)
    heals(current[0], acknowledged)
    done.set()
    for client in clients:
        client.join()
    with psycopg.connect(dsn(data_dir)) as owner:
        rows = [number for (number,) in owner.execute("SELECT number FROM note")]
    assert len(rows) == len(set(rows))
    assert set(acknowledged) <= set(rows)
    assert len(acknowledged) > 50


def heals(system, acknowledged):
    """Submissions are acknowledged again, and every part is there again."""
    deadline, before = time.monotonic() + 30, len(acknowledged)
    while time.monotonic() < deadline:
        with suppress(psutil.NoSuchProcess, StopIteration, IndexError):
            complete = (
                len(system.web_workers()) >= 2 and system.worker().is_running() and system.postmaster().is_running()
            )
            if complete and len(acknowledged) > before + 5:
                return
        time.sleep(0.05)
    raise AssertionError("".join(system.said))


def dsn(data_dir):
    with embedded_server(data_dir) as server:
        return server.dsn("owner")


def test_sigterm_while_starting_leaves_nothing(data_dir):
    master = lianxin("serve", PORT=str(free_port()), LIANXIN_DATA_DIR=str(data_dir))
    deadline = time.monotonic() + 20
    while not (data_dir / "postgres" / "data" / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    everything = psutil.Process(master.pid).children(recursive=True)
    master.terminate()
    told = master.communicate(timeout=20)[0]
    assert master.returncode == 0, told
    assert everything
    assert all_gone(everything, within=1)
    assert "Traceback" not in told


def test_a_site_that_cannot_start_says_so_and_stops(data_dir):
    master = lianxin(
        "serve", PORT=str(free_port()), LIANXIN_DATA_DIR=str(data_dir), DJANGO_SETTINGS_MODULE="no.such.site"
    )
    told = master.communicate(timeout=30)[0]
    assert master.returncode == 1
    assert "did not start" in told
    assert not Home.within(data_dir).pid_file_lines()


def test_a_management_command_brings_its_database_and_takes_it_away(data_dir):
    script = (
        "from django.db import connection as c; r = c.cursor(); r.execute('SELECT current_user'); print(r.fetchone())"
    )
    migrate = lianxin("migrate", "--verbosity=0", f"--data-dir={data_dir}")
    assert migrate.communicate(timeout=60)[0] == ""
    assert migrate.returncode == 0
    shell = lianxin("shell", "-v0", "-c", script, "--data-dir", data_dir)
    assert "('lianxin_app',)" in shell.communicate(timeout=30)[0]
    assert not Home.within(data_dir).pid_file_lines()


def test_a_command_without_a_database_says_why_in_the_terminals_language(data_dir):
    unreachable = "postgresql://u:geheim@127.0.0.1:9/service"
    for language, word in (
        ("en_GB.UTF-8", "Cannot reach the database"),
        ("zh_CN.UTF-8", "连不上"),
        ("C.UTF-8", "连不上"),
    ):
        told = lianxin("migrate", DATABASE_URL=unreachable, LANG=language, LIANXIN_DATA_DIR=str(data_dir)).communicate(
            timeout=20
        )[0]
        assert word in told
        assert "Traceback" not in told
        assert "geheim" not in told


def test_where_the_data_is(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LIANXIN_DATA_DIR", raising=False)
    assert take_data_dir(["migrate"]) == tmp_path / "data"
    monkeypatch.setenv("LIANXIN_DATA_DIR", "/srv/lianxin")
    assert take_data_dir(["migrate"]) == Path("/srv/lianxin")
    words = ["import-messages", "--data-dir", "elsewhere", "file.xlsx"]
    assert take_data_dir(words) == tmp_path / "elsewhere"
    assert words == ["import-messages", "file.xlsx"]
