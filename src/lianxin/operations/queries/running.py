"""How the parts of the running system are doing. Tells of nobody: counts, ages, times of the system's own acts."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lianxin.kernel.keys import present_trouble
from lianxin.kernel.pending_migrations import missing_migrations
from lianxin.operations.queries.backups import is_half_restored

_JOBS = """
SELECT
    count(*) FILTER (WHERE j.status = 'todo'),
    min(coalesce(j.scheduled_at, deferred.at)) FILTER (WHERE j.status = 'todo'),
    (SELECT count(*) FROM procrastinate_events WHERE type = 'failed' AND at > now() - interval '1 day')
FROM procrastinate_jobs j
LEFT JOIN LATERAL (
    SELECT max(at) AS at FROM procrastinate_events WHERE job_id = j.id AND type = 'deferred'
) deferred ON true
WHERE j.status IN ('todo', 'doing') AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
"""
_WORKERS = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute'"


@dataclass(frozen=True)
class Jobs:
    waiting: int
    """Jobs that could run now and do not yet."""
    oldest_waiting_at: datetime | None
    failed_last_day: int
    workers: int
    """Workers whose heart beat within the last minute; it beats every ten seconds."""


def jobs() -> Jobs:
    with connection.cursor() as cursor:
        cursor.execute(_JOBS)
        waiting, oldest, failed = cursor.fetchone()
        cursor.execute(_WORKERS)
        return Jobs(waiting, oldest, failed, cursor.fetchone()[0])


def is_ready() -> bool:
    """Whether requests can be answered: the database is there, up to date and whole, and our keys are its keys."""
    return not is_half_restored() and not missing_migrations() and not present_trouble()
