"""Jobs of hot issues: thin, safe to run twice."""

from procrastinate.contrib.django import app

from lianxin.hotissues.services import reclustering
from lianxin.hotissues.services.early_warning import raising, scanning


@app.periodic(cron="33 18 * * *")
@app.task(name="hotissues.regroup_nightly", lock="hotissues.regroup_nightly", queueing_lock="hotissues.regroup_nightly")
def regroup_nightly(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every night (02:33 in China): who belongs where is found anew, and what follows from it."""
    reclustering.regroup()
    scanning.scan()


@app.task(name="hotissues.regroup", queueing_lock="hotissues.regroup", lock="hotissues.regroup_nightly")
def regroup() -> None:
    """The same, on demand."""
    reclustering.regroup()
    scanning.scan()


@app.periodic(cron="7 * * * *")
@app.task(name="hotissues.scan_warnings", lock="hotissues.scan_warnings", queueing_lock="hotissues.scan_warnings")
def scan_warnings(timestamp: int) -> None:  # noqa: ARG001
    """Every hour: all rules look at everything, and whoever came to hold a warning is told.

    Issues found by words alone are found anew once meaning counts: not by a job of its own, which would keep the
    moment at which a case was read.
    """
    reclustering.regroup_if_meant()
    scanning.scan()
    raising.tell_newcomers()


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="hotissues.raise_unattended", lock="hotissues.raise_unattended", queueing_lock="hotissues.raise_unattended"
)
def raise_unattended(timestamp: int) -> None:  # noqa: ARG001
    """Every ten minutes: what nobody has taken up in time goes one level up."""
    raising.rise()
