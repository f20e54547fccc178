"""The spool: what it writes all day, how long a request waits, how quickly it is delivered."""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from statistics import median
from typing import Any

TICKS = 100
CASES = 50


def measure() -> None:
    """Print what the spool costs in a system of its own."""
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from lianxin.kernel import spool, timezone  # noqa: PLC0415
    from lianxin.kernel.spool.writer import Writer  # noqa: PLC0415

    texts: list[str] = []

    def keep(content: Mapping[str, Any]) -> None:
        texts.append(content["text"])

    spool.handled_by("bench", keep)

    def wal() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_lsn() - '0/0'")
            return int(cursor.fetchone()[0])

    def message(characters: int) -> spool.Message:
        text = "".join(chr(0x4E00 + (n * 7919 + characters) % 20000) for n in range(characters))
        return spool.Message(kind="bench", content={"text": text}, due=timezone.now())

    def milliseconds(what: Callable[[], object], times: int) -> float:
        took = []
        for _ in range(times):
            begun = time.perf_counter()
            what()
            took.append((time.perf_counter() - begun) * 1000)
        return median(took)

    writer = Writer()
    writer.write()
    before = wal()
    tick = milliseconds(writer.write, TICKS)
    each = (wal() - before) / TICKS
    a_day = each * 86400 / settings.LIANXIN_SPOOL_SECONDS / 1e6
    print(f"one writing: {tick:.1f} ms, {each / 1000:.1f} kB of write-ahead log; a day and web process {a_day:.0f} MB")
    print(f"reading all cells: {milliseconds(lambda: spool.waiting('bench'), 20):.1f} ms")
    for characters in (300, 2500, 8000):
        entry, ticks = writer.take(message(characters)), 0
        while not entry.is_in.is_set():
            writer.write()
            ticks += 1
        print(f"a message of {characters:,} characters is in after {ticks} writings")
    entries = [writer.take(message(300 + n)) for n in range(CASES)]
    while not all(entry.is_in.is_set() for entry in entries):
        writer.write()
    begun = time.perf_counter()
    with timezone.frozen(timezone.now() + timedelta(hours=1)):
        count = spool.deliver(rewrite=True)
    print(f"delivering {count} messages and writing all cells: {(time.perf_counter() - begun) * 1000:.0f} ms")
