"""How far a job is, told outside its transaction."""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

from django.db import connection

from lianxin.org.models import RosterProgress


class Progress:
    """Counts the steps of a job; a thread with a connection of its own lets others see them at once."""

    def __init__(self, roster_id: int, total: int) -> None:
        self._roster_id, self._total, self._done = roster_id, total, 0
        self._teller = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        self._teller.submit(self._tell, 0)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._teller.shutdown(cancel_futures=True)

    def expect(self, more: int) -> None:
        """There are more steps than was known at the beginning."""
        self._total += more

    def step(self) -> None:
        """One more step is done."""
        self._done += 1
        self._teller.submit(self._tell, self._done)

    def _tell(self, done: int) -> None:
        try:
            RosterProgress.objects.filter(roster_id=self._roster_id).update(done=done, total=self._total)
        finally:
            connection.close()
