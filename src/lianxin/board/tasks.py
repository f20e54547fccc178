"""Jobs of the board: thin, safe to run twice."""

from lianxin.board import services
from lianxin.kernel import jobs


@jobs.periodic(name="board.count_endorsements", cron="11 * * * *")
def count_endorsements(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every hour; the first time on a day the numbers on the board are renewed."""
    services.count_endorsements()
