"""What a request costs: CPU of the web server and of PostgreSQL, and time; of several servers in turn, so that whatever
else the machine does meets all of them.
"""

import http.client
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import psutil

from bench.forms import Request
from bench.site import cpu_of, cpu_of_database

WARM_UP = 40
ROUNDS = 6


@dataclass
class Subject:
    """A server and what is asked of it, one after the other over one connection."""

    name: str
    port: int
    server: psutil.Process
    requests: Sequence[Request]
    expected: frozenset[int] = frozenset({200, 302})
    web: float = 0.0
    database: float = 0.0
    times: list[float] = field(default_factory=list)

    @property
    def web_ms(self) -> float:
        """CPU of the web server, in milliseconds a request."""
        return self.web / len(self.times) * 1000

    @property
    def database_ms(self) -> float:
        """CPU of the backends, in milliseconds a request."""
        return self.database / len(self.times) * 1000

    @property
    def both_ms(self) -> float:
        return self.web_ms + self.database_ms

    def send(self, requests: Sequence[Request]) -> None:
        """Send some requests and add up what they cost."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        web, database = cpu_of(self.server), cpu_of_database()
        for request in requests:
            begin = time.perf_counter()
            connection.request(request.method, request.path, request.body or None, request.headers)
            response = connection.getresponse()
            response.read()
            self.times.append(time.perf_counter() - begin)
            if response.status not in self.expected:
                raise SystemExit(f"{self.name}: {request.path} answered {response.status}")
        self.web += cpu_of(self.server) - web
        self.database += cpu_of_database() - database
        connection.close()


def compare(*subjects: Subject) -> None:
    """Warm each up, then measure them by turns."""
    for subject in subjects:
        subject.send(subject.requests[:WARM_UP])
        subject.web, subject.database, subject.times = 0.0, 0.0, []
    for part in range(ROUNDS):
        for subject in subjects:
            rest = subject.requests[WARM_UP:]
            each = len(rest) // ROUNDS
            subject.send(rest[part * each : (part + 1) * each])


def table(subjects: Sequence[Subject]) -> str:
    """What was measured, a line each, in milliseconds a request."""
    lines = [f"{'milliseconds a request':34}{'web CPU':>9}{'PG CPU':>9}{'both':>9}{'median':>9}{'95 %':>9}"]
    for one in subjects:
        median, late = statistics.median(one.times) * 1000, statistics.quantiles(one.times, n=20)[-1] * 1000
        numbers = (one.web_ms, one.database_ms, one.both_ms, median, late)
        lines.append(f"{one.name:34}" + "".join(f"{number:9.2f}" for number in numbers))
    return "\n".join(lines)
