"""The words of running the system."""

from enum import StrEnum


class Level(StrEnum):
    """How something stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
