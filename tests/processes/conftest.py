"""Systems to start: made once, then copied, because the first start of a system takes longest."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from tests.processes.system import System, environment, leftovers

DRILLS = {"test_backup", "test_disk", "test_jobs", "test_keys", "test_killed", "test_slow_clients", "test_spooled"}
"""They take minutes, and run by `make stress`."""


@pytest.hookimpl(tryfirst=True)  # before the marks are looked at that leave tests out
def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.processes)
            if item.path.stem in DRILLS:
                item.add_marker(pytest.mark.stress)


@pytest.fixture(scope="session")
def workplace():
    """A short path, so that the database's socket lies inside it; removed at the end."""
    with tempfile.TemporaryDirectory(prefix="lxp-") as path:
        Path(path).chmod(0o755)  # for the account that PostgreSQL runs as
        yield Path(path)
        left = leftovers(path)
        for process in left:
            process.kill()
        assert left == []


@dataclass(frozen=True)
class First:
    """The first start of a system, which Ctrl-C has ended."""

    data_dir: Path
    port: int
    said: str

    def told(self):
        return self.said


@pytest.fixture(scope="session")
def first(workplace):
    """Made by one of the test processes, for all of them."""
    shared = Path(os.environ["LIANXIN_TEST_DATA"]) / "processes"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = shared / "first.json"
        if not told.exists():
            told.write_text(json.dumps(_started_once(workplace / "made", shared / "first")))
    return First(shared / "first", **json.loads(told.read_text()))


def _started_once(data_dir, kept):
    """Start a system where the path is short, then keep it."""
    system = System(data_dir)
    deadline = time.monotonic() + 30
    while "Setup code" not in system.told() and time.monotonic() < deadline:
        time.sleep(0.05)
    system.stop(signal.SIGINT)
    copied(data_dir, kept)
    return {"port": system.port, "said": system.told()}


@pytest.fixture(scope="session")
def _peopled(first, workplace):
    kept = first.data_dir.with_name("peopled")
    with kept.with_name("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            path = copied(first.data_dir, workplace / "peopled")
            env = environment(LIANXIN_DATA_DIR=str(path))
            subprocess.run([sys.executable, "-m", "tests.processes.house"], check=True, env=env)
            assert leftovers(path) == []
            path.rename(kept)
    return kept


@pytest.fixture
def empty(first, workplace):
    """The data directory of a system that was started once."""
    yield from _one_test(first.data_dir, workplace)


@pytest.fixture
def peopled(_peopled, workplace):
    """The data directory of a system with an enterprise."""
    yield from _one_test(_peopled, workplace)


def _one_test(source, workplace):
    path = copied(source, workplace / uuid4().hex[:8])
    yield path
    left = leftovers(path)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=10)
    shutil.rmtree(path)
    assert left == [], "left running"


def copied(source, target):
    """A stopped system's copy, which belongs to the same accounts."""
    subprocess.run(["cp", "-a", source, target], check=True)
    return target
