"""Jobs of the cases: thin, ids in, safe to run twice."""

from lianxin.cases.services import clockwork
from lianxin.kernel import jobs


@jobs.periodic(name="cases.scan_clocks", cron="* * * * *")
def scan_clocks(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every minute: what has fallen due is done."""
    clockwork.scan()
