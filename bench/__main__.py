"""`make bench`: all measurements of our own, each with its ratio; `python -m bench peers`: side by side with others;
`python -m bench million [words]`: the pages of a million cases, all or those whose name holds a word.
"""

import platform
import signal
import sys

import psutil

from bench import first_load, grouping, million, submit
from bench.peers import measure as side_by_side
from bench.site import empty_system


def main() -> None:
    """Measure and print. Ended from outside, it ends its servers and its database first."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    memory = psutil.virtual_memory().total / 2**30
    print(f"machine: {psutil.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}")
    if sys.argv[1:2] == ["million"]:
        million.measure(sys.argv[2:])
        return
    with empty_system():
        if sys.argv[1:] == ["peers"]:
            side_by_side.measure()
            return
        submit.measure()
        first_load.measure()
    million.measure()
    grouping.measure()


if __name__ == "__main__":
    main()
