"""The job queue: a thin façade over Procrastinate, whose jobs live in PostgreSQL.

A job is deferred inside the transaction that needs it, so it vanishes with it. Tasks take ids only: never text,
names or receipts.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from procrastinate.contrib.django import app

P = ParamSpec("P")
R = TypeVar("R")


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


def defer(name: str, **ids: int) -> None:
    """Have a declared job done once the present transaction is through; for services, which know no tasks."""
    app.configure_task(name).defer(**ids)
