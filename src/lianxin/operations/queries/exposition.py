"""The metrics, in the form that Prometheus reads.

Nothing in them is about a person: labels are names of pages, never addresses, and pages that do not know who asks are
not counted (see `operations.middleware`).
"""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from lianxin.cases.services.deadlines import oldest_overdue_scan
from lianxin.kernel import timezone
from lianxin.notifications.queries import delivery_health, mail_status
from lianxin.operations.queries.backups import last_backup
from lianxin.operations.queries.running import jobs

COUNTED = CollectorRegistry()
"""What this process has counted; with several web processes they share files instead."""


def exposition() -> bytes:
    """All metrics: counts since the web server's start, over all its processes, and gauges as of now."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Counted())
    registry.register(_Gauges())
    return generate_latest(registry)


class _Counted(Collector):
    def collect(self) -> Iterator[Metric]:
        yield from COUNTED.collect()


class _Gauges(Collector):
    def describe(self) -> list[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            figures = [*_of_the_database(), ("lianxin_database_up", "1 while the database answers.", 1.0)]
        except DatabaseError:
            figures = [("lianxin_database_up", "1 while the database answers.", 0.0)]
        for name, says, value in [*figures, *_of_the_machine()]:
            yield GaugeMetricFamily(name, says, value=value)


def _of_the_database() -> Iterator[tuple[str, str, float]]:
    queue, mail = jobs(), delivery_health()
    yield "lianxin_workers", "Workers whose heart beat within the last minute.", float(queue.workers)
    yield "lianxin_jobs_waiting", "Jobs that could run now and do not yet.", float(queue.waiting)
    yield "lianxin_jobs_oldest_waiting_seconds", "Age of the oldest of them.", _age(queue.oldest_waiting_at)
    yield "lianxin_jobs_failed_last_day", "Jobs that failed within 24 hours.", float(queue.failed_last_day)
    lag = _age(oldest_overdue_scan())
    yield "lianxin_scanner_lag_seconds", "How far the scanner of deadlines is behind; it runs every minute.", lag
    yield "lianxin_mail_waiting", "Mails that could be sent now and are not yet.", float(mail.queued)
    yield "lianxin_mail_oldest_waiting_seconds", "Age of the oldest of them.", _age(mail.oldest_queued_at)
    if (status := mail_status()).set_up:
        is_up = float(status.outage is None)
        yield "lianxin_mail_up", "0 while no mail goes out (as on the mail settings page), else 1.", is_up
    yield "lianxin_mail_failed_last_day", "Mails given up within 24 hours.", float(mail.failed_last_day)


def _of_the_machine() -> Iterator[tuple[str, str, float]]:
    yield (
        "lianxin_disk_free_bytes",
        "Free space for data and uploads.",
        float(shutil.disk_usage(settings.DATA_DIR).free),
    )
    if (last := last_backup()) is not None:
        yield "lianxin_backup_age_seconds", "Time since the last complete backup.", _age(last)


def _age(moment: datetime | None) -> float:
    """Seconds since then; 0 for nothing."""
    return max(0.0, (timezone.now() - moment).total_seconds()) if moment else 0.0
