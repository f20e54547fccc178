"""Answers that hardly ever change, kept for half a minute, or as long as said, in each process."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

KEEP_SECONDS = 30.0
_all: list["Kept[object]"] = []


class Kept(Generic[T]):
    """A function without arguments whose answer is kept for `seconds`; `forget()` after a change in this process."""

    def __init__(self, read: Callable[[], T], *, seconds: float = KEEP_SECONDS) -> None:
        self._read, self._seconds = read, seconds
        self._answer: tuple[float, T] | None = None
        self.__doc__ = read.__doc__
        _all.append(self)  # type: ignore[arg-type]

    def __call__(self) -> T:
        moment = time.monotonic()
        if self._answer is None or moment - self._answer[0] > self._seconds:
            self._answer = (moment, self._read())
        return self._answer[1]

    def forget(self) -> None:
        """Read anew at the next call."""
        self._answer = None


def forget_everything() -> None:
    """Forget all that is kept (between tests)."""
    for kept in _all:
        kept.forget()
