"""The job queue: a thin façade over Procrastinate, whose jobs live in PostgreSQL.

A job is deferred inside the transaction that needs it, so it vanishes with it. Tasks take ids only: never text,
names or receipts.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from django.db import close_old_connections, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

P = ParamSpec("P")
R = TypeVar("R")

PAUSE_AFTER_FAILURE = 10.0
log = logging.getLogger(__name__)


def task(*, name: str, queue: str = "default", **options: Any) -> Callable[[Callable[P, R]], Any]:
    """Declare a job. It must be safe to run twice."""
    return app.task(name=name, queue=queue, **options)


def periodic(*, name: str, cron: str, queue: str = "default") -> Callable[[Callable[[int], Any]], Any]:
    """Declare a job that runs by the clock (five-field cron). Many workers defer it once: the queueing lock sees to
    that.
    """

    def declare(function: Callable[[int], Any]) -> Any:
        deferred = app.task(name=name, queue=queue, queueing_lock=name, lock=name)(function)
        return app.periodic(cron=cron, periodic_id=name)(deferred)

    return declare


def watch(*, every: float = 1.0) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Declare what each worker does all the time: called again `every` so many seconds, in a thread of its own.

    For what has to follow within a second, without a job for each: a job would keep the moment, and an anonymous
    case's is known to the hour only. It must be cheap when there is nothing to do, and safe in several places at once.
    """

    def declare(function: Callable[[], Any]) -> Callable[[], Any]:
        watches.append((function, every))
        return function

    return declare


watches: list[tuple[Callable[[], Any], float]] = []


def keep_watch(function: Callable[[], Any], every: float, stop: threading.Event) -> None:
    """Call a watch until `stop` is set. What goes wrong once is logged and tried again."""
    while not stop.wait(every):
        try:
            close_old_connections()
            function()
        except Exception:
            log.exception("A watch failed: %s", function.__qualname__)
            stop.wait(PAUSE_AFTER_FAILURE)
    connections.close_all()


def defer(name: str, **ids: int) -> None:
    """Have a declared job done once the present transaction is through; for services, which know no tasks.

    One with a queueing lock that waits already is not asked for a second time.
    """
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(name).defer(**ids)
