"""Jobs of the organisation: thin, ids in, safe to run twice."""

from lianxin.kernel import jobs
from lianxin.org import roster


@jobs.task(name="org.compare_roster")
def compare_roster(roster_id: int) -> None:
    roster.compare_roster(roster_id=roster_id)


@jobs.task(name="org.apply_roster", lock="org.apply_roster")
def apply_roster(roster_id: int) -> None:
    roster.apply_roster(roster_id=roster_id)


@jobs.periodic(name="org.forget_old_rosters", cron="47 3 * * *")
def forget_old_rosters(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every night: uploaded files that nobody applies go, and what was told about rows."""
    roster.forget_old_rosters()
