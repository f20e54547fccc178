"""Jobs of hot issues: thin, safe to run twice."""

from lianxin.hotissues.services import regrouping
from lianxin.kernel import jobs


@jobs.periodic(name="hotissues.regroup_nightly", cron="33 18 * * *")
def regroup_nightly(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every night (02:33 in China): who belongs where is found anew."""
    regrouping.regroup()


@jobs.task(name="hotissues.regroup", queueing_lock="hotissues.regroup", lock="hotissues.regroup_nightly")
def regroup() -> None:
    """The same, on demand."""
    regrouping.regroup()
