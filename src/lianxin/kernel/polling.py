"""What each worker calls every second, in threads beside its jobs.

For what has to follow at once, without a job for each: a job's row keeps the moment, and that of an anonymous case is
known to the hour only.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.db import close_old_connections, connections

PAUSE_AFTER_FAILURE = 10.0
"""Seconds until a function that failed is called again."""

log = logging.getLogger(__name__)
_polled: list[tuple[Callable[[], Any], float]] = []


def register_poll(function: Callable[[], Any], *, every: float = 1.0) -> None:
    """Have each worker call `function` again `every` so many seconds after it ended; for a context's `tasks.py`.

    It must be cheap when there is nothing to do, and safe in several workers at once.
    """
    _polled.append((function, every))


def start_polling(stop: threading.Event) -> list[threading.Thread]:
    """Start one thread for each registered function; they end when `stop` is set."""
    threads = [
        threading.Thread(target=poll, args=(function, every, stop), name=function.__qualname__)
        for function, every in _polled
    ]
    for thread in threads:
        thread.start()
    return threads


def poll(function: Callable[[], Any], every: float, stop: threading.Event) -> None:
    """Call `function` until `stop` is set. What fails is logged and called again."""
    while not stop.wait(every):
        try:
            close_old_connections()
            function()
        except Exception:
            log.exception("Polling failed: %s", function.__qualname__)
            stop.wait(PAUSE_AFTER_FAILURE)
    connections.close_all()
