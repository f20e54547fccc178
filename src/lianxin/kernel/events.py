"""What has happened, told upwards: a context publishes a fact, contexts above it subscribe in their `apps.ready()`."""

from collections.abc import Callable
from typing import Generic, TypeVar

F = TypeVar("F")


class Event(Generic[F]):
    """One kind of fact.

    Handlers run at once, inside the publisher's transaction, in the order in which they subscribed; one that fails
    undoes the whole act. So a handler only changes rows and defers jobs, and anything slow is a job.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: list[Callable[[F], None]] = []

    def __repr__(self) -> str:
        return f"<Event {self.name}>"

    def subscribe(self, handler: Callable[[F], None]) -> Callable[[F], None]:
        """Have `handler` called with every fact published from now on; subscribing it again changes nothing."""
        if handler not in self._handlers:
            self._handlers.append(handler)
        return handler

    def publish(self, fact: F) -> None:
        """Tell everybody who subscribed."""
        for handler in self._handlers:
            handler(fact)
