"""Two at once: real threads, real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import translation

from lianxin.cases.models import Case, Rating
from lianxin.cases.services import deadlines, handling, intake, requester, triage
from lianxin.kernel import timezone
from lianxin.kernel.errors import LianxinError, VersionConflict
from lianxin.ledger.models import Event
from lianxin.notifications.models import Notice
from lianxin.org.models import Person
from tests.cases.stories import TUESDAY, bring_to, day, fresh, trail
from tests.factories.cases import category, found_enterprise, submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db):
    return found_enterprise()


def at_once(*acts):
    """Start all acts at the same moment; what each returned or was refused with."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait(10)
            with translation.override("en"):
                return act()
        except LianxinError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def again(person):
    return Person.objects.get(pk=person.pk)


def test_of_two_dispatchers_one_succeeds_and_the_other_is_told_what_changed(house):
    case = submit(house.li_na).case
    results = at_once(
        lambda: triage.accept_case(
            actor=again(house.dispatcher), case_id=case.pk, kind="help", category=category(), expected=1
        ),
        lambda: triage.decline_case(
            actor=again(house.head_dispatcher), case_id=case.pk, reason="not_ours", text="不归我们管。", expected=1
        ),
    )
    refused = [result for result in results if isinstance(result, VersionConflict)]
    assert (len(refused), fresh(case).version, len(trail(case))) == (1, 2, 2)
    assert [event.action for event in refused[0].changes] == [trail(case)[1]]


def test_the_same_form_sent_eight_times_makes_one_case(house):
    key = str(uuid4())
    for person in (house.li_na, None):
        results = at_once(*[lambda who=person: submit(who and again(who), "宿舍没有热水。", submission_key=key)] * 8)
        assert len({result.case.pk for result in results}) == 1
        assert sorted(result.created for result in results) == [False] * 7 + [True]
        assert len({result.receipt for result in results}) == 1
    assert (Case.objects.count(), Event.objects.filter(action="submit").count()) == (2, 2)
    assert Notice.objects.filter(kind="to_accept").count() == 2


def test_of_few_numbers_everybody_gets_one_of_their_own_under_eight_threads(house, monkeypatch):
    few = iter([f"LX-2611-{n // 2:04d}" for n in range(400)])  # each is drawn twice
    monkeypatch.setattr(intake, "draw_number", lambda _at: next(few))

    def five():
        for n in range(5):
            submit(None, f"第{n}件。")

    at_once(*[five] * 8)
    assert len(set(Case.objects.values_list("number", flat=True))) == 40


def test_rated_twice_at_once_counts_once(house):
    case = bring_to(house, "replied")
    results = at_once(
        *[
            lambda: requester.rate_case(actor=again(house.li_na), case_id=case.pk, resolved="yes", satisfaction=5),
            lambda: requester.rate_case(actor=again(house.li_na), case_id=case.pk, resolved="no", satisfaction=1),
        ]
    )
    assert (Rating.objects.count(), sum(isinstance(one, LianxinError) for one in results)) == (1, 1)


def test_four_scanners_do_each_thing_once(house):
    with timezone.frozen(TUESDAY):
        lapsing = [bring_to(house, "replied") for _ in range(3)]
        overdue = [submit(house.li_na).case for _ in range(3)]

    def scan():
        with timezone.frozen(day(8)):
            return deadlines.scan()

    done = sum(at_once(*[scan] * 4)) + scan()
    assert done == 6
    assert [trail(case).count("lapse") for case in lapsing] == [1, 1, 1]
    assert [trail(case).count("overdue") for case in overdue] == [1, 1, 1]
    assert Notice.objects.filter(recipient=house.dispatcher, kind="overdue").count() == 3


def test_a_scanner_and_a_person_on_the_same_case_do_not_block_each_other(house):
    with timezone.frozen(TUESDAY):
        cases = [bring_to(house, "replied") for _ in range(6)]

    def scan():
        with timezone.frozen(day(8)):
            return deadlines.scan()

    def rate():
        done = 0
        for case in reversed(cases):
            try:
                requester.rate_case(actor=again(house.li_na), case_id=case.pk, resolved="yes", satisfaction=5)
                done += 1
            except LianxinError:
                continue
        return done

    results = at_once(scan, rate)
    assert all(isinstance(result, int) for result in results)
    ended = {fresh(case).state for case in cases}
    assert ended <= {"closed", "replied"}


def test_two_cases_merged_into_each_other_at_once_make_no_circle(house):
    first, second = submit(house.li_na).case, submit(house.wang_fang).case
    results = at_once(
        lambda: triage.merge_case(actor=again(house.dispatcher), case_id=first.pk, primary_id=second.pk),
        lambda: triage.merge_case(actor=again(house.head_dispatcher), case_id=second.pk, primary_id=first.pk),
    )
    assert sum(isinstance(result, LianxinError) for result in results) == 1
    assert sorted([fresh(first).state, fresh(second).state]) == ["merged", "submitted"]


def test_a_reply_and_a_merge_into_it_at_once_leave_no_follower_behind(house):
    primary, case = bring_to(house, "in_progress"), submit(house.wang_fang).case
    at_once(
        lambda: handling.reply_to_requester(actor=again(house.handler), case_id=primary.pk, text="修好了。"),
        lambda: triage.merge_case(actor=again(house.dispatcher), case_id=case.pk, primary_id=primary.pk),
    )
    case = fresh(case)
    assert case.state == "submitted" or case.deadlines.filter(kind="rating").count() == 1
