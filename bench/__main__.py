"""`make bench`: all measurements, each with its ratio."""

import platform

import psutil

from bench import first_load, submit
from bench.site import empty_system


def main() -> None:
    """Measure and print."""
    memory = psutil.virtual_memory().total / 2**30
    print(f"machine: {psutil.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}")
    with empty_system():
        submit.measure()
        first_load.measure()


if __name__ == "__main__":
    main()
