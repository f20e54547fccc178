"""Jobs of the board: thin, safe to run twice."""

from procrastinate.contrib.django import app

from lianxin.board import services


@app.periodic(cron="11 * * * *")
@app.task(name="board.count_endorsements", lock="board.count_endorsements", queueing_lock="board.count_endorsements")
def count_endorsements(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every hour; the first time on a day the numbers on the board are renewed."""
    services.count_endorsements()


@app.periodic(cron="10 * * * *")
@app.task(name="board.send_checkpoint", lock="board.send_checkpoint", queueing_lock="board.send_checkpoint")
def send_checkpoint(timestamp: int) -> None:  # noqa: ARG001
    """Every hour, so that the first checkpoint of a day is in that day's mail of the audit administrators."""
    services.send_checkpoint()
