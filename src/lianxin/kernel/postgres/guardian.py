"""Stops the embedded server once nobody uses it any more, even when all of its users were killed.

A process of its own beside the server, started and looked after by whoever uses the server. It waits for the lock
that every user of the server holds: the kernel gives it up with the process, however that ends.
"""

import fcntl
import os
import signal
import sys
from pathlib import Path

from lianxin.kernel.postgres.home import Home
from lianxin.kernel.postgres.server import stop_unused


def main(data_dir: str) -> int:
    """Wait until nobody uses the server of `data_dir`, then stop it. Its starter has locked `guardian.lock`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    home = Home.within(Path(data_dir))
    while True:
        # Waited for and given up at once: whoever comes meanwhile holds the start lock and waits for this one.
        users = home.open_private("users.lock")
        fcntl.flock(users, fcntl.LOCK_EX)
        os.close(users)
        if stop_unused(home):
            return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
