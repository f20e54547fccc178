"""Jobs of the record: thin, safe to run twice."""

from procrastinate.contrib.django import app

from lianxin.ledger import services


@app.periodic(cron="5 * * * *")
@app.task(name="ledger.close_batch", lock="ledger.close_batch", queueing_lock="ledger.close_batch")
def close_batch(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every hour: what was recorded gets its place in the tree, and the tree a checkpoint."""
    services.close_batch()
