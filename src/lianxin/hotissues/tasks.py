"""Jobs of hot issues: thin, safe to run twice."""

from procrastinate.contrib.django import app

from lianxin.hotissues.events import issues_regrouped
from lianxin.hotissues.services import reclustering


@app.periodic(cron="33 18 * * *")
@app.task(name="hotissues.regroup_nightly", lock="hotissues.regroup_nightly", queueing_lock="hotissues.regroup_nightly")
def regroup_nightly(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every night (02:33 in China): who belongs where is found anew, and what follows from it."""
    reclustering.regroup()
    issues_regrouped.send(sender=None)


@app.task(name="hotissues.regroup", queueing_lock="hotissues.regroup", lock="hotissues.regroup_nightly")
def regroup() -> None:
    """The same, on demand."""
    reclustering.regroup()
    issues_regrouped.send(sender=None)
