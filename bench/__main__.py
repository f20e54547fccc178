"""`make bench`: all measurements of our own, each with its ratio. `python -m bench NAME [words]` takes one alone:
`submit`, `first_load`, `roster` (of 20,000 people, or so many), `million` (all pages of a million cases, or those whose
name holds a word), `grouping` (or what so many mixed messages cost), `record` (of a million events, or so many),
`spool`, and `peers`, which is side by side with others and only taken when asked for.
"""

import platform
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial

import psutil

from bench import first_load, grouping, million, record, roster, spool, submit
from bench.peers import measure as side_by_side
from bench.site import empty_system


def main() -> None:
    """Measure and print. Ended from outside, it ends its servers and its database first."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    if sys.argv[1:]:
        MEASUREMENTS[sys.argv[1]](sys.argv[2:])
        return
    memory = psutil.virtual_memory().total / 2**30
    print(f"machine: {psutil.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}", flush=True)
    for name in ("submit", "first_load", "million", "grouping", "roster", "record", "spool"):
        # Each in a process of its own: Django keeps to the database with which it was set up.
        subprocess.run([sys.executable, "-m", "bench", name], check=True)


def _on_an_empty_system(measure: Callable[[], None]) -> Callable[[Sequence[str]], None]:
    def measured(_words: Sequence[str]) -> None:
        with empty_system():
            measure()

    return measured


MEASUREMENTS: dict[str, Callable[[Sequence[str]], None]] = {
    "submit": _on_an_empty_system(submit.measure),
    "first_load": _on_an_empty_system(first_load.measure),
    "million": million.measure,
    "grouping": grouping.measure,
    "roster": lambda words: _on_an_empty_system(partial(roster.measure, *map(int, words)))(words),
    "record": lambda words: _on_an_empty_system(partial(record.measure, *map(int, words)))(words),
    "spool": _on_an_empty_system(spool.measure),
    "peers": _on_an_empty_system(side_by_side.measure),
}


if __name__ == "__main__":
    main()
