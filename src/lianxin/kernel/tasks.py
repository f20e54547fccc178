"""The kernel's own upkeep."""

from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from lianxin.kernel import rate_limit, spool

STALLED_SECONDS = 60
KEEP_FINISHED_HOURS = 24 * 7


@app.periodic(cron="* * * * *")
@app.task(name="kernel.rescue_stalled_jobs", queueing_lock="kernel.rescue_stalled_jobs", pass_context=False)
async def rescue_stalled_jobs(timestamp: int) -> None:  # noqa: ARG001 - the signature of a periodic task
    """Give back to the queue the jobs of workers that died: their heartbeat (every 10 s) has stopped for a minute."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:
            # The next of its kind is in the queue already, and waits only for this one's lock.
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)


@app.periodic(cron="7 * * * *")
@app.task(
    name="kernel.forget_expired_throttles",
    lock="kernel.forget_expired_throttles",
    queueing_lock="kernel.forget_expired_throttles",
)
def forget_expired_throttles(timestamp: int) -> None:  # noqa: ARG001
    rate_limit.forget_expired()


@app.periodic(cron="* * * * *")
@app.task(name="kernel.deliver_spool", lock="kernel.deliver_spool", queueing_lock="kernel.deliver_spool")
def deliver_spool(timestamp: int) -> None:
    """Every minute what is due at once, and at the full hour everything: then all cells are written anew."""
    spool.deliver(rewrite=timestamp % 3600 == 0)


@app.periodic(cron="23 3 * * *")
@app.task(name="kernel.remove_old_jobs", queueing_lock="kernel.remove_old_jobs")
async def remove_old_jobs(timestamp: int) -> None:  # noqa: ARG001
    """Finished jobs are kept a week."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_FINISHED_HOURS)
