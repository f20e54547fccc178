"""What the pages of the kept enterprise cost: run as a program, with its database at hand; prints JSON.

The requests go through the whole stack of the application but the web server: middleware, session, second factor,
views, templates. Time stands still at `stock.NOW`, so that what is overdue stays so.
"""

import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import psutil
from django.db import connection, transaction
from django.test import Client

import lianxin.config.wsgi  # noqa: F401 - loads all that a web process does
from bench.million.asked import PAGES, Asked
from bench.million.stock import NOW
from lianxin.accounts.models import User
from lianxin.cases.services import deadlines
from lianxin.kernel import timezone

TIMES, SCANS = 15, 4
_A_CASE = re.compile(rb'href="/case/([0-9a-f-]{36})/')
"""What stands in a list that is no table."""
OK = 200


@dataclass
class Cost:
    """Times in milliseconds; CPU of the application and of PostgreSQL, a request; how many rows the page lists."""

    name: str
    median: float
    late: float
    queries: int
    cpu: float
    database: float
    rows: int = 0


@dataclass
class _Counter:
    queries: int = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        self.queries += 1
        return execute(*given)


def main(words: list[str]) -> None:
    """Measure all pages, or those whose name holds one of the words."""
    with timezone.frozen(NOW):
        clients: dict[int, Client] = {}
        for asked in PAGES:
            if words and not any(word in asked.name for word in words):
                continue
            client = clients.setdefault(asked.person, _signed_in(asked.person))
            print(json.dumps(asdict(_cost(asked, client))), flush=True)
        if not words or "scanner" in words:
            for cost in _scanner():
                print(json.dumps(asdict(cost)), flush=True)


def _signed_in(person: int) -> Client:
    client = Client(headers={"accept-language": "zh"})
    client.force_login(User.objects.get(person_id=person))
    return client


def _cost(asked: Asked, client: Client) -> Cost:
    addresses = asked.addresses(TIMES)
    listed: list[int] = []

    def one(turn: int) -> int:
        counter = _Counter()
        with connection.execute_wrapper(counter):
            answer = client.get(addresses[turn % len(addresses)])
        if answer.status_code != OK:
            raise SystemExit(f"{asked.name}: {addresses[turn % len(addresses)]} answered {answer.status_code}")
        rows, cases = answer.content.count(b"row-link"), set(_A_CASE.findall(answer.content))
        listed.append(max(rows, len(cases)))
        return counter.queries

    cost = _measured(asked.name, one, TIMES)
    cost.rows = max(listed)
    return cost


def _measured(name: str, one: Callable[[int], int], often: int) -> Cost:
    """Do it once to warm up, then so often."""
    one(0)
    times, queries = [], []
    with _cpu() as used:
        for turn in range(often):
            begun = time.perf_counter()
            queries.append(one(turn))
            times.append((time.perf_counter() - begun) * 1000)
    application, database = used()
    return Cost(
        name=name,
        median=statistics.median(times),
        late=statistics.quantiles(times, n=20)[-1],
        queries=max(queries),
        cpu=application / often * 1000,
        database=database / often * 1000,
    )


@contextmanager
def _cpu() -> Iterator[Callable[[], tuple[float, float]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    ours, theirs = time.process_time(), sum(backend.cpu_times()[:2])
    yield lambda: (time.process_time() - ours, sum(backend.cpu_times()[:2]) - theirs)


def _scanner() -> Iterator[Cost]:
    """The scanner in an ordinary minute and at the close of business; what it did is taken back."""

    def scan(_turn: int) -> int:
        counter = _Counter()
        with transaction.atomic(), connection.execute_wrapper(counter):
            done.append(deadlines.scan())
            transaction.set_rollback(True)
        return counter.queries

    done: list[int] = []
    for label, at in (("an ordinary minute", NOW), ("close of business", NOW.replace(hour=9, minute=30))):
        with timezone.frozen(at):
            done.clear()
            cost = _measured(f"scanner: {label}", scan, SCANS)
        cost.name += f", {done[-1]} things done"
        yield cost


if __name__ == "__main__":
    main(sys.argv[1:])
