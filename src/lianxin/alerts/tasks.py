"""Jobs of alerts: thin, safe to run twice. Their names are those of before, for there may be jobs that wait."""

from procrastinate.contrib.django import app

from lianxin.alerts.services import creation, scanning
from lianxin.hotissues.services import reclustering


@app.periodic(cron="7 * * * *")
@app.task(name="hotissues.scan_warnings", lock="hotissues.scan_warnings", queueing_lock="hotissues.scan_warnings")
def scan_alerts(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every hour: all rules look at everything, and whoever came to hold an alert is told.

    Issues found by words alone are found anew once meaning counts: not by a job of its own, which would keep the
    moment at which a case was read.
    """
    reclustering.regroup_if_meant()
    scanning.scan()
    creation.notify_newcomers()


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="hotissues.raise_unattended", lock="hotissues.raise_unattended", queueing_lock="hotissues.raise_unattended"
)
def escalate_unattended(timestamp: int) -> None:  # noqa: ARG001
    """Every ten minutes: what nobody has taken up in time goes one level up."""
    creation.escalate()
