"""The work lists: what is in them, for whom, and how they are counted."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from lianxin.cases import queries
from lianxin.cases.enums import CaseKind
from lianxin.cases.models import Case
from lianxin.cases.queries import CaseFilter, following_in_list, list_beside
from lianxin.cases.services import triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from tests.factories.cases import accepted, dispatched, in_progress, rated, replied, submit


@pytest.fixture
def busy(house):
    """Cases in every state a desk can have them in."""
    with timezone.frozen(timezone.now() - timedelta(days=10)):
        dispatched(house, submit(house.li_na, "食堂太咸").case, co_units=[house.workshop])
        rated(house, submit(house.li_na, "班车晚点").case, "no", 1)
    submit(house.li_na)
    submit(house.li_na, "主任克扣加班费", kind=CaseKind.CONDUCT)
    accepted(house, submit(house.wang_fang).case)
    working = submit(house.wang_fang, "空调坏了").case
    in_progress(house, working)
    perform("request_extension", actor=house.handler, case_id=working.pk, days=2, text="等配件")
    declined = submit(house.li_na, "讨个说法").case
    triage.decline_case(actor=house.dispatcher, case_id=declined.pk, reason="unclear", text="请写清楚")
    perform("appeal", actor=house.li_na, case_id=declined.pk, text="写得很清楚")
    asked = submit(house.li_na, "问个事").case
    desk_ask = perform("ask", actor=house.dispatcher, case_id=asked.pk, text="哪一天？")
    assert desk_ask.state == "waiting"
    replied(house, submit(house.wang_fang, "门锁坏了").case)
    return house


EXPECTED = {
    "dispatcher": {"to_accept": 1, "to_dispatch": 1, "overdue": 2, "waiting": 1, "open": 8},
    "handler": {"to_sign": 1, "to_answer": 1, "to_contribute": 0, "overdue": 2, "waiting": 0, "open": 4},
    "co_handler": {
        "to_sign": 0,
        "to_answer": 0,
        "to_contribute": 1,
        "overdue": 0,
        "waiting": 0,
        "open": 1,
    },
    "unit_leader": {"to_decide": 1, "overdue": 2, "supervised": 1, "waiting": 0, "open": 4},
    "supervisor": {
        "to_decide": 2,
        "to_redispatch": 1,
        "overdue": 2,
        "supervised": 1,
        "waiting": 1,
        "open": 8,
    },
    "inspector": {
        "to_accept": 1,
        "to_take_up": 0,
        "to_answer": 0,
        "to_decide": 0,
        "overdue": 0,
        "supervised": 0,
        "waiting": 0,
        "open": 1,
    },
    "li_na": {},
    "system_admin": {},
}


@pytest.mark.parametrize("who", EXPECTED)
def test_each_count_opens_to_just_as_many_cases(busy, who):
    viewer = getattr(busy, who)
    counts = queries.desk_counts(viewer=viewer)
    lists = {name: queries.desk_cases(viewer=viewer, chosen=CaseFilter(queue=name)).count() for name in counts}
    assert counts == lists == ({"danger": 0, **EXPECTED[who]} if EXPECTED[who] else {})


def test_what_awaits_somebody_is_counted_once(busy):
    assert queries.awaiting(viewer=busy.dispatcher) == 2
    assert queries.awaiting(viewer=busy.supervisor) == 3
    assert queries.awaiting(viewer=busy.inspector) == 1


def test_without_a_desk_nothing_is_asked(house, django_assert_num_queries):
    assert house.li_na.grants == ()
    with django_assert_num_queries(0):
        assert queries.awaiting(viewer=house.li_na) == 0


def test_a_list_is_narrowed_by_words_unit_and_days(busy):
    def found(**chosen):
        return {case.title for case in queries.desk_cases(viewer=busy.supervisor, chosen=CaseFilter(**chosen))}

    assert found(text="班车") == {"班车晚点"}
    assert found(unit="检修车间", text="空调") == {"空调坏了"}
    assert found(unit="EAST", text="空调") == {"空调坏了"}
    assert found(unit="西城", text="空调") == set()
    assert found(until=timezone.today() - timedelta(days=5)) == {"食堂太咸", "班车晚点"}
    assert found(state="replied") == {"门锁坏了"}


def test_the_live_word_changes_with_every_act_and_not_otherwise(house):
    case = submit(house.li_na).case
    chosen = CaseFilter(queue="open")

    def word():
        return queries.desk_version(viewer=house.dispatcher, chosen=chosen)

    first = word()
    assert word() == first
    accepted(house, case)
    second = word()
    submit(house.wang_fang)
    assert len({first, second, word()}) == 3


def test_beside_an_open_case_stand_the_ones_before_and_after_it_and_the_next_stays_known_when_it_is_done(house):
    cases = [submit(house.li_na, f"{n} 号楼没有热水").case for n in range(3)]
    chosen = CaseFilter(queue="to_accept", sort="submitted")
    beside = list_beside(viewer=house.dispatcher, chosen=chosen, case_id=cases[1].pk)
    assert [row.pk for row in beside.rows] == [case.pk for case in cases]
    assert (beside.previous.pk, beside.following.pk, beside.is_done) == (cases[0].pk, cases[2].pk, False)
    then = following_in_list(viewer=house.dispatcher, chosen=chosen, case_id=cases[1].pk)
    accepted(house, cases[1])
    beside = list_beside(viewer=house.dispatcher, chosen=chosen, case_id=cases[1].pk, then=then)
    assert (beside.previous, beside.following.pk, beside.is_done) == (None, cases[2].pk, True)
    # Without a word of what came next one begins again at the top, where the most urgent stand.
    assert list_beside(viewer=house.dispatcher, chosen=chosen, case_id=cases[1].pk).following.pk == cases[0].pk


def test_far_down_a_list_the_open_case_still_stands_in_it(house):
    cases = [submit(house.li_na, f"{n} 号楼没有热水").case for n in range(15)]
    Case.objects.filter(pk=cases[14].pk).update(urgency="urgent")
    chosen = CaseFilter(queue="open", sort="submitted")
    with patch.multiple("lianxin.cases.queries.work_queues", BESIDE=5, BESIDE_BEFORE=2):
        beside = list_beside(viewer=house.dispatcher, chosen=chosen, case_id=cases[8].pk)
    assert [row.pk for row in beside.rows] == [case.pk for case in cases[6:11]]
