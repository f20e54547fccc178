"""The desk's pages take the same number of queries, whatever there is on them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.cases.models import SimilarCase
from lianxin.cases.services import triage
from lianxin.cases.services.transitions import perform
from lianxin.org.enums import Role
from tests.factories.cases import dispatched, in_progress, submit
from tests.factories.org import PersonFactory
from tests.kit import assert_no_n_plus_one


def queries_of(browser, address):
    browser.get(address)  # what is noted once a day is there now
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("queue", ["to_accept", "open", "overdue"])
def test_a_work_list_costs_the_same_with_three_cases_or_with_thirty(house, desk_of, queue):
    address = reverse("cases:desk") + f"?queue={queue}&text=宿舍"
    for _ in range(3):
        submit(house.li_na)
    few = queries_of(desk_of(house.dispatcher), address)
    for _ in range(14):
        submit(house.li_na)
        submit(house.wang_fang)
    many = queries_of(desk_of(house.dispatcher), address)
    assert len(few) == len(many), "\n".join(many)


def test_a_step_costs_the_same_however_many_people_were_told_of_the_case(house):
    def colleagues(number):
        for _ in range(number):
            PersonFactory(unit=house.company, roles={Role.DISPATCHER: house.company})
            PersonFactory(unit=house.logistics, roles={Role.HANDLER: house.logistics})

    def there_and_back():
        case = dispatched(house, submit(house.li_na).case)
        perform("recall", actor=house.dispatcher, case_id=case.pk)

    assert_no_n_plus_one(few=lambda: colleagues(1), more=lambda: colleagues(5), page=there_and_back)


@pytest.mark.parametrize("action", ["", "merge"])
def test_a_case_costs_the_same_with_one_like_it_or_with_four(house, desk_of, action):
    case = submit(house.li_na).case
    dispatcher, place = desk_of(house.dispatcher), reverse("cases:case", args=[case.pk])

    def alike(number):
        for _ in range(number):
            other = submit(house.wang_fang).case
            triage.decline_case(actor=house.head_dispatcher, case_id=other.pk, reason="unclear", text="请写明楼号")
            perform("appeal", actor=house.wang_fang, case_id=other.pk, text="三楼")
            SimilarCase.objects.create(case=case, other=other, similarity=0.9)

    def page():
        answer = dispatcher.get(f"{place}do/{action}/" if action else place)
        assert "申诉待裁定" in answer.content.decode()

    assert_no_n_plus_one(few=lambda: alike(1), more=lambda: alike(3), page=page)


def test_a_case_costs_the_same_with_a_short_history_or_a_long_one(house, desk_of):
    case = submit(house.li_na).case
    in_progress(house, case, co_units=[house.workshop])
    perform("note", actor=house.handler, case_id=case.pk, text="先打电话")
    address = reverse("cases:case", args=[case.pk]) + "?queue=to_answer"
    few = queries_of(desk_of(house.handler), address)
    for n in range(12):
        perform("note", actor=house.handler, case_id=case.pk, text=f"第 {n} 次电话")
        perform("contact", actor=house.handler, case_id=case.pk, text=f"第 {n} 次回话")
    for _ in range(5):
        follower = submit(house.wang_fang).case
        triage.merge_case(actor=house.dispatcher, case_id=follower.pk, primary_id=case.pk)
    many = queries_of(desk_of(house.handler), address)
    assert len(few) == len(many), "\n".join(many)
