"""`python -m bench record [EVENTS]`: what it costs that the record proves itself. Closing an hour, the write-ahead log
a day, a proof, and verifying a million events.
"""

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django

EVENTS, AN_HOUR, BUSY = 1_000_000, 1000, 500
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
_FILL = """
INSERT INTO ledger_event (id, subject_type, subject_id, action, from_state, to_state, version, role, internal, at, data)
SELECT gen_random_uuid(), 'case', gen_random_uuid()::text, 'accept', 'submitted', 'accepted', 2, 'dispatcher', false,
    %s + n * interval '1 millisecond', '{"kind": "help", "urgency": "normal"}' FROM generate_series(1, %s) n
"""


def measure(events: int = EVENTS) -> None:
    """Fill a record hour by hour, then look at it."""
    django.setup()
    from lianxin.kernel import timezone  # noqa: PLC0415
    from lianxin.ledger.models import Event  # noqa: PLC0415
    from lianxin.ledger.queries import consistency_between, proof_of  # noqa: PLC0415
    from lianxin.ledger.queries.copying import tables_of_database  # noqa: PLC0415
    from lianxin.ledger.services import close_batch  # noqa: PLC0415
    from lianxin.ledger.verification import verify  # noqa: PLC0415

    clock = iter(BEGIN + timedelta(hours=number) for number in range(100_000))

    def hour(number: int) -> tuple[float, int]:
        """Record so many events and close their hour; return the seconds and the bytes of log of closing it."""
        at = next(clock)
        _run(_FILL, [at, number])
        before = _log()
        with timezone.frozen(at + timedelta(hours=1)):
            seconds = _timed(close_batch)
        return seconds, _log() - before

    hour(0)
    told: dict[str, tuple[float, int]] = {}
    for name, number in (("idle", 0), ("busy", BUSY)):
        found = sorted(hour(number) for _ in range(9))
        told[name] = found[4]
        print(f"closing an hour of {number} events: {found[4][0] * 1000:.0f} ms, {found[4][1] / 1000:.0f} kB of log")
    before = _log()
    _run(_FILL, [next(clock), 10_000])
    event = (_log() - before) / 10_000
    day = 16 * told["idle"][1] + 8 * told["busy"][1]
    print(
        f"write-ahead log a day with 8 busy hours: batches {day / 1e6:.1f} MB, events {8 * BUSY * event / 1e6:.1f} MB"
    )
    print(f"  of an event with its place in the queue: {event:.0f} B")
    for _ in range(events // AN_HOUR):
        hour(AN_HOUR)
    size, kept = _sizes()
    print(f"tables: events {size / 1e6:.0f} MB, tiles {kept / 1e6:.0f} MB")
    one = Event.objects.order_by("id")[0]
    print(f"a proof: {_timed(lambda: proof_of(one.pk)) * 1000:.0f} ms")
    last = verify(tables_of_database).size
    print(f"a consistency proof: {_timed(lambda: consistency_between(256, last)) * 1000:.0f} ms")
    seconds = _timed(lambda: print(f"  findings: {verify(tables_of_database).findings}"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"verify-record of {Event.objects.count():,} events: {seconds:.1f} s, {memory:.0f} MB")


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _run(statement: str, values: list[object]) -> list[tuple[int, ...]]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def _log() -> int:
    return int(_run("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn", [])[0][0])


def _sizes() -> tuple[int, int]:
    ((events, tiles),) = _run(
        "SELECT pg_total_relation_size('ledger_event'), pg_total_relation_size('ledger_tile')", []
    )
    return events, tiles
