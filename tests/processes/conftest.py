"""Systems to start: made once, then copied, because the first start of a system takes longest."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from tests.processes.system import System, environment, leftovers


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.processes)


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


@pytest.fixture(scope="session")
def first(workplace):
    """The first start of a system, which Ctrl-C has ended."""
    system = System(workplace / "first")
    deadline = time.monotonic() + 30
    while "Set-up code" not in system.told() and time.monotonic() < deadline:
        time.sleep(0.05)
    system.seconds_to_stop = system.stop(signal.SIGINT)
    return system


@pytest.fixture(scope="session")
def _peopled(first, workplace):
    path = copied(first.data_dir, workplace / "peopled")
    subprocess.run(
        [sys.executable, "-m", "tests.processes.house"], check=True, env=environment(LIANXIN_DATA_DIR=str(path))
    )
    assert leftovers(path) == []
    return path


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
