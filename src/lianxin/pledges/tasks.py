"""Reminds of pledges that are due, every morning of a day."""

from procrastinate.contrib.django import app

from lianxin.pledges.services import remind_of_due


@app.periodic(cron="20 0 * * *")  # half past eight in the morning in China
@app.task(name="pledges.remind", queueing_lock="pledges.remind")
def remind(timestamp: int) -> int:  # noqa: ARG001 - Procrastinate's own argument
    return remind_of_due()
