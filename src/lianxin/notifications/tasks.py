"""Jobs of what goes out: thin, safe to run twice."""

from procrastinate.contrib.django import app

from lianxin.kernel.polling import register_poll
from lianxin.notifications import services

register_poll(services.deliver_codes)


@app.periodic(cron="* * * * *")
@app.task(name="notifications.deliver", lock="notifications.deliver", queueing_lock="notifications.deliver")
def deliver(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every minute: what waits in the inboxes and is due goes out."""
    services.deliver()


@app.periodic(cron="0 * * * *")
@app.task(
    name="notifications.settle_read_marks",
    lock="notifications.settle_read_marks",
    queueing_lock="notifications.settle_read_marks",
)
def settle_read_marks(timestamp: int) -> None:  # noqa: ARG001
    """Every full hour: what confidential requesters have looked at counts as read, all together."""
    services.settle_read_marks()


@app.periodic(cron="52 3 * * *")
@app.task(
    name="notifications.forget_old_deliveries",
    lock="notifications.forget_old_deliveries",
    queueing_lock="notifications.forget_old_deliveries",
)
def forget_old_deliveries(timestamp: int) -> None:  # noqa: ARG001
    """Every night: what ended a month ago goes."""
    services.forget_old_deliveries()
