from procrastinate.contrib.django import app

from lianxin.accounts import services
from lianxin.kernel.polling import register_poll

register_poll(services.issue_requested_codes)


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.forget_expired", lock="accounts.forget_expired", queueing_lock="accounts.forget_expired")
def forget_expired(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    services.forget_expired()
