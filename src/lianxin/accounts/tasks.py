from lianxin.accounts import services
from lianxin.kernel import jobs


@jobs.periodic(name="accounts.forget_expired", cron="41 3 * * *")
def forget_expired(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    services.forget_expired()
