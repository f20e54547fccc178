"""The page of figures asks a question, answers it, and opens down to the rows, for those who answer for a unit."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianxin.cases.models import Case
from lianxin.kernel import timezone
from tests.cases.stories import day
from tests.factories.accounts import account_of
from tests.factories.cases import found_enterprise, rated, submit
from tests.factories.org import PersonFactory, UnitFactory

NOVEMBER = {"since": "2026-11-01", "until": "2026-11-30"}


@pytest.fixture
def house(db):
    with timezone.frozen(day(0)):
        yield found_enterprise()


@pytest.fixture
def get(client, settings):
    settings.DEMO = True  # no second step in these tests

    def get(person, address="/figures/", **words):
        client.force_login(account_of(person))
        return client.get(address, words)

    return get


def rate_some(house, unhappy=1, happy=5):
    for n in range(happy + unhappy):
        case = submit(house.li_na if n % 2 else house.wang_fang).case
        rated(house, case, *(("no", 1) if n < unhappy else ("yes", 5)))


def test_the_page_answers_its_question_unit_by_unit(get, house):
    rate_some(house)
    page = get(house.dispatcher, **NOVEMBER).content.decode()
    assert "哪些地方的职工不满意？" in page
    assert "83.3%" in page
    assert "后勤服务中心" in page
    assert "这些数字怎么算？" in page
    assert "分子：首次评价为“非常满意”" in page
    assert "哪些地方的答复超时？" in get(house.dispatcher, figure="on_time").content.decode()


def test_below_five_the_two_numbers_stand_alone(get, house):
    rate_some(house, happy=3)
    page = get(house.dispatcher, **NOVEMBER).content.decode()
    assert "3 / 4" in page
    assert "75.0%" not in page


def test_a_number_leads_to_its_cases(get, house):
    rate_some(house)
    page = get(house.dispatcher, "/figures/cases/", measure="rated", lacking="satisfied", **NOVEMBER)
    unhappy = Case.objects.get(ratings__satisfaction=1, ratings__round=1)
    assert [case.number for case in page.context["page"]] == [unhappy.number]
    assert "以下是评为不满意的诉求。" in page.content.decode()
    assert get(house.dispatcher, "/figures/cases/", measure="nothing").status_code == 404


def test_a_role_reaches_its_own_units_and_no_others(get, house):
    assert get(house.unit_leader).context["scope"].unit == house.logistics
    assert get(house.unit_leader, unit="EAST").status_code == 404
    assert get(house.head_dispatcher, unit="EAST").status_code == 200
    assert get(house.handler).status_code == 403
    assert get(house.li_na).status_code == 403


@pytest.mark.parametrize("role", ["appraiser", "branch_secretary"])
def test_who_answers_for_people_without_a_desk_begins_with_figures(get, house, role):
    rate_some(house)
    submit(house.li_na)
    submit(house.li_na, kind="conduct")
    person = PersonFactory(roles={role: house.company})
    home = get(person, "/")
    assert home.templates[0].name == "home/overview.html"
    assert dict(home.context["page"].open_matters) == {
        "未办结": "2", "已超时": "0", "等职工回答": "0", "等职工评价": "0",
    }  # fmt: skip
    cases = get(person, "/figures/cases/", measure="raised", **NOVEMBER)
    assert not cases.context["page"].object_list


def test_the_workbook_holds_the_same_numbers_and_no_formula(get, house):
    unit = UnitFactory(parent=house.company, name="=1+1", code="EVIL")
    submit(house.li_na, place=unit)
    rate_some(house)
    answer = get(house.dispatcher, "/figures/export/", **NOVEMBER)
    book = load_workbook(BytesIO(answer.content))
    head, whole, *rest = book.worksheets[0].iter_rows()
    values = dict(zip([cell.value for cell in head], [cell.value for cell in whole], strict=True))
    assert (values["满意率: 分子"], values["满意率: 分母"], values["满意率 (%)"]) == (5, 6, 83.3)
    assert [cell.data_type for row in rest for cell in row if cell.value == "=1+1"] == ["s"]
    assert book.worksheets[1].max_row > 9


def test_the_page_asks_the_database_as_often_however_much_there_is(get, house):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            get(house.dispatcher, **NOVEMBER)
        return len(queries)

    rate_some(house, happy=0)
    get(house.dispatcher)
    few = asked()
    for n in range(4):
        submit(house.li_na, place=UnitFactory(parent=house.company, name=f"班组{n}"))
    rate_some(house)
    assert asked() <= few


def test_every_address_shows_something(get, house):
    for words in ({"period": "never"}, {"since": "x"}, {"kind": "conduct"}, {"category": "nope"}, {"figure": "?"}):
        assert get(house.dispatcher, **words).status_code == 200
    page = get(house.dispatcher, period="last_year")
    assert page.context["scope"].period.since == date(2025, 1, 1)
