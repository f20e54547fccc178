"""Jobs of the organisation: thin, ids in, safe to run twice."""

from procrastinate.contrib.django import app

from lianxin.org import roster


@app.task(name="org.compare_roster")
def compare_roster(roster_id: int) -> None:
    roster.compare_roster(roster_id=roster_id)


@app.task(name="org.apply_roster", lock="org.apply_roster")
def apply_roster(roster_id: int) -> None:
    roster.apply_roster(roster_id=roster_id)


@app.periodic(cron="47 3 * * *")
@app.task(name="org.forget_old_rosters", lock="org.forget_old_rosters", queueing_lock="org.forget_old_rosters")
def forget_old_rosters(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every night: uploaded files that nobody applies go, and what was told about rows."""
    roster.forget_old_rosters()
