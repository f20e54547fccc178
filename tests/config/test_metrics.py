"""The processes of the web server count together, and a full disk does not stop them."""

import errno
import os
import subprocess
import sys

from lianxin.config.metrics import reserve_metrics, share_metrics

COUNT = """
import sys
from lianxin.config.metrics import reserve_metrics
reserve_metrics()
from prometheus_client import Counter
Counter("asked", "x").inc(float(sys.argv[1]))
"""
TOTAL = """
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def test_several_processes_count_together_and_a_new_start_counts_anew(tmp_path, monkeypatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    share_metrics(tmp_path)
    assert (tmp_path / "metrics").stat().st_mode & 0o777 == 0o700
    for number in (2, 3):
        subprocess.run([sys.executable, "-c", COUNT, str(number)], check=True)
    told = subprocess.run([sys.executable, "-c", TOTAL], check=True, capture_output=True, text=True).stdout
    assert "asked_total 5.0" in told
    # Each file has all its room: none can fail when it is written to.
    assert {path.stat().st_blocks * 512 >= 1 << 20 for path in (tmp_path / "metrics").iterdir()} == {True}
    share_metrics(tmp_path)
    assert list((tmp_path / "metrics").iterdir()) == []


def test_on_a_full_disk_each_counts_for_itself(tmp_path, monkeypatch):
    def full(*_words):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    monkeypatch.setattr(os, "posix_fallocate", full)
    reserve_metrics()
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    assert list(tmp_path.iterdir()) == []
