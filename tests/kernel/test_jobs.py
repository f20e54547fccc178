"""Jobs belong to the transaction that needs them, and outlive the worker that dies on them."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxin.cases.models import Case
from lianxin.cases.services import deadlines
from lianxin.cases.tasks import scan_clocks
from lianxin.kernel import tasks, timezone
from tests.cases.stories import TUESDAY, bring_to, day, trail
from tests.factories.cases import found_enterprise

pytestmark = pytest.mark.django_db(transaction=True)


def statuses():
    return list(ProcrastinateJob.objects.order_by("id").values_list("status", flat=True))


@asynccontextmanager
async def working():
    """The queue as a worker is connected to it."""
    with app.replace_connector(app.connector.get_worker_connector()) as connected:
        async with connected.open_async():
            yield connected


def run(coroutine):
    """Run it in a thread of its own: the browser tests keep an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def work_off():
    """Run a worker until nothing is left to do."""

    async def work():
        async with working() as worker:
            await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    run(work())


def die_on_the_next_job():
    """What a killed worker leaves behind: its job is being done, its heart stopped beating."""

    async def fetch():
        async with working() as dying:
            worker = await dying.job_manager.register_worker()
            await dying.job_manager.fetch_job(queues=None, worker_id=worker)

    run(fetch())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 minutes'")


def test_a_job_vanishes_with_its_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - what fails comes after
        scan_clocks.defer(timestamp=0)
        1 / 0  # noqa: B018
    assert statuses() == []


def test_a_periodic_job_is_deferred_once_however_many_workers_want_it():
    from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415

    scan_clocks.defer(timestamp=0)
    with pytest.raises(AlreadyEnqueued):
        scan_clocks.defer(timestamp=0)
    assert statuses() == ["todo"]


def test_a_job_whose_worker_was_killed_in_the_middle_is_finished_by_another_and_nothing_is_done_twice(monkeypatch):
    house = found_enterprise()
    with timezone.frozen(TUESDAY):
        cases = [bring_to(house, "replied") for _ in range(3)]
    monkeypatch.setattr(timezone, "now", lambda: day(8))
    scan_clocks.defer(timestamp=0)
    die_on_the_next_job()
    first = cases[0].deadlines.get(kind="rating")
    deadlines._attempt([(cases[0].pk, first.pk)], deadlines._attend)  # as far as the dead worker came
    assert statuses() == ["doing"]
    run(rescue())
    assert statuses() == ["todo"]
    work_off()
    assert set(statuses()) == {"succeeded"}
    assert [trail(case).count("lapse") for case in cases] == [1, 1, 1]
    assert set(Case.objects.values_list("state", flat=True)) == {"closed"}


async def rescue():
    async with working():
        await tasks.rescue_stalled_jobs(0)


def test_the_job_queue_holds_no_text():
    house = found_enterprise()
    bring_to(house, "replied")
    scan_clocks.defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        assert cursor.fetchall() == [('{"timestamp": 0}',)]
