"""Two at once: real threads, real connections."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from lianxin.alerts.models import Alert
from lianxin.alerts.services import handling
from lianxin.kernel import timezone
from lianxin.ledger.queries import events_of
from lianxin.org.models import Person, RoleGrant
from tests.alerts.stories import colleagues, looked, one_matter, raised
from tests.cases.stories import day
from tests.factories.cases import found_enterprise

pytestmark = pytest.mark.django_db(transaction=True)


def somebody_waits():
    """Whether a statement waits for a row that another transaction has locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else it is what it was when first looked at
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("next_one", [True, False])
def test_what_was_given_back_a_moment_ago_is_not_taken_from_the_next(transactional_db, next_one):
    """Two roles of one person end at once."""
    with timezone.frozen(day(0)):
        house = found_enterprise()
        one_matter([raised(person) for person in colleagues(house, 5)])
        (alert,) = looked()
        handling.acknowledge(actor=house.dispatcher, alert_id=alert.pk)
    RoleGrant.objects.filter(person=house.dispatcher).update(ended_on=day(-1).date())
    released = Event()

    def first():
        with timezone.frozen(day(0)), transaction.atomic():
            handling.release_of(house.dispatcher.pk)
            if next_one:
                handling.acknowledge(actor=Person.objects.get(pk=house.supervisor.pk), alert_id=alert.pk)
            released.set()
            until = time.monotonic() + 10
            while not somebody_waits() and time.monotonic() < until:
                time.sleep(0.02)
        connection.close()

    def second():
        released.wait(10)
        try:
            with timezone.frozen(day(0)):
                handling.release_of(house.dispatcher.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result()
    alert = Alert.objects.get()
    assert (alert.state, alert.taken_by) == (("taken", house.supervisor) if next_one else ("new", None))
    done = [event.action for event in events_of("hotissues.warning", alert.pk)]
    assert done == ["raise", "acknowledge", "release", *(["acknowledge"] if next_one else [])]
