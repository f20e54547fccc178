"""Jobs of what goes out: thin, safe to run twice."""

from lianxin.kernel import jobs
from lianxin.notifications import services


@jobs.periodic(name="notifications.deliver", cron="* * * * *")
def deliver(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Every minute: what waits in the inboxes and is due goes out."""
    services.deliver()


@jobs.periodic(name="notifications.settle_read_marks", cron="0 * * * *")
def settle_read_marks(timestamp: int) -> None:  # noqa: ARG001
    """Every full hour: what confidential requesters have looked at counts as read, all together."""
    services.settle_read_marks()


@jobs.periodic(name="notifications.forget_old_deliveries", cron="52 3 * * *")
def forget_old_deliveries(timestamp: int) -> None:  # noqa: ARG001
    """Every night: what ended a month ago goes."""
    services.forget_old_deliveries()
