"""The requester takes the agreement back while a dispatcher puts the case up: real connections, both orders."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from lianxin.board.models import Post
from lianxin.board.queries import posts_for
from lianxin.cases.models import Case
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.errors import VersionConflict
from lianxin.ledger.queries import events_of
from tests.board.stories import MONDAY, put_up, shared
from tests.factories.cases import found_enterprise

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db):
    return found_enterprise()


@contextmanager
def meanwhile(act):
    """Let a thread with a connection of its own act until it waits for what this transaction holds; what it returned,
    or was refused with, is the one thing in the list afterwards.
    """

    def acting():
        try:
            with timezone.frozen(MONDAY):
                return act()
        except VersionConflict as refusal:
            return refusal
        finally:
            connection.close()

    outcome = []
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            yield outcome
            later = pool.submit(acting)
            _until_somebody_waits()
        outcome.append(later.result(10))


def _until_somebody_waits():
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def actions(case):
    return [event.action for event in events_of("case", case.pk)][-2:]


def test_who_publishes_while_the_agreement_is_taken_back_is_told_and_nothing_is_up(house):
    with timezone.frozen(MONDAY):
        case = shared(house)
        with meanwhile(lambda: put_up(house, case)) as outcome:
            perform("unshare", actor=house.li_na, case_id=case.pk)
    assert isinstance(outcome[0], VersionConflict)
    assert (Post.objects.exists(), Case.objects.get(pk=case.pk).publication_consent_at) == (False, None)
    assert actions(case) == ["share", "unshare"]


def test_what_is_published_while_the_agreement_is_taken_back_is_down_again(house):
    with timezone.frozen(MONDAY):
        case = shared(house)
        with meanwhile(lambda: perform("unshare", actor=house.li_na, case_id=case.pk)) as outcome:
            put_up(house, case)
    assert outcome[0].publication_consent_at is None
    assert (Post.objects.exists(), Case.objects.get(pk=case.pk).publication_consent_at) == (False, None)
    assert actions(case) == ["publish", "unshare"]
    assert list(posts_for(viewer=house.wang_fang)) == []
