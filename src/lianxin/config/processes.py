"""The processes that make up a running system: how they are started, looked after and ended."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lianxin.kernel.cli_messages import say

_HEALTHY = 60.0  # seconds after which a child's earlier deaths are forgotten
_LONGEST_PAUSE = 30.0  # seconds before a child that keeps dying is tried again
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process of ours that is started again when it dies."""

    name: tuple[str, str]
    """In Chinese and in English."""
    words: Sequence[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    """Seconds to wait after the last death."""

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = spawn(self.words, self.env)

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def look_after(self) -> None:
        """Start it again once it has died: at once the first time, then after growing pauses."""
        now = time.monotonic()
        if self.died() and self.process:
            if now - self.started > _HEALTHY:
                self.pause = 0.0
            say(
                f"{self.name[0]}意外退出（{self.process.returncode}），将重新启动。",
                f"{self.name[1]} ended unexpectedly ({self.process.returncode}) and will be restarted.",
                error=True,
            )
            self.process, self.started = None, now
        if self.process is None and now - self.started >= self.pause:
            self.pause = min(_LONGEST_PAUSE, self.pause * 2 or 1.0)
            self.start()


def child_env(*, owner: bool = False) -> dict[str, str]:
    """The environment of a child: only who migrates gets the key to the tables."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_OWNER_URL")}
    if owner:
        return {**os.environ, "LIANXIN_DB_ROLE": "owner"}
    return {**env, "LIANXIN_DB_ROLE": "app"}


def spawn(words: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a part of the system, which dies when we do. Ctrl-C does not reach it: we tell it when to stop."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "lianxin.config.supervisor", str(os.getpid()), *words],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(processes: Sequence[subprocess.Popen[bytes]], grace: float) -> None:
    """Ask the processes to stop, and after `grace` seconds make them."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + grace
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def die_with(parent: int) -> None:
    """See to it that this process does not outlive its parent, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch_parent, args=[parent], daemon=True).start()
    if os.getppid() != parent:  # it ended just before
        os._exit(1)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
