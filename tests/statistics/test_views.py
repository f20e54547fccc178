"""The page of figures asks a question, answers it, and opens down to the rows, for those who answer for a unit."""

import re
from datetime import date
from html import unescape
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from lianxin.cases.models import Case
from lianxin.cases.services import handling, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from tests.cases.stories import day
from tests.factories.accounts import account_of
from tests.factories.cases import accepted, found_enterprise, rated, submit
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


def test_only_what_is_drawn_is_explained(get, house):
    rate_some(house, happy=3)
    page = get(house.dispatcher, **NOVEMBER)
    assert page.context["page"].units.pooled
    assert "95%" not in page.content.decode().partition("这些数字怎么算")[0]
    rate_some(house)
    assert "细线为 95% 置信区间" in get(house.dispatcher, **NOVEMBER).content.decode()


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
    title, head, whole, *rest = book.worksheets[0].iter_rows()
    assert title[0].value == "统计 · 东城供电公司 · 2026年11月1日 – 11月30日"
    values = dict(zip([cell.value for cell in head], whole, strict=True))
    shown = [values[name].value for name in ("满意率: 评为满意", "满意率: 首次评价", "满意率")]
    assert (shown, values["满意率"].number_format) == ([5, 6, 0.8333], "0.0%")
    assert [cell.data_type for row in rest for cell in row if cell.value == "=1+1"] == ["s"]
    assert book.worksheets[1].max_row > 9


def test_a_workbook_says_to_what_it_is_narrowed_in_title_sheet_and_name(get, house):
    rate_some(house)
    plain = get(house.dispatcher, "/figures/export/", **NOVEMBER)
    narrowed = get(house.dispatcher, "/figures/export/", kind="suggestion", channel="web", **NOVEMBER)
    names = [unquote(answer["Content-Disposition"].partition("UTF-8''")[2]) for answer in (plain, narrowed)]
    assert names == [
        "统计_东城供电公司_20261101-20261130.xlsx",
        "统计_东城供电公司_20261101-20261130_建议_网页.xlsx",
    ]
    sheet = load_workbook(BytesIO(narrowed.content)).worksheets[0]
    assert sheet.title == "统计·建议·网页·东城供电公司"
    assert sheet["A1"].value == "统计 · 东城供电公司 · 2026年11月1日 – 11月30日 · 建议 · 网页"
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.orientation) == ("C3", "$2:$2", "landscape")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.auto_filter.ref.startswith("A2:")


def in_units(house, *numbers):
    """Units of so many ratings, of which so many are dissatisfied: (name, dissatisfied, all)."""
    for name, unhappy, many in numbers:
        unit = UnitFactory(parent=house.company, name=name, code=name.upper())
        handler = PersonFactory(roles={"handler": unit})
        for n in range(many):
            asker = (house.li_na, house.wang_fang)[n % 2]
            case = accepted(house, submit(asker).case)
            triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=unit)
            perform("sign", actor=handler, case_id=case.pk)
            handling.reply_to_requester(actor=handler, case_id=case.pk, text="办好了。")
            resolved, satisfaction = ("no", 1) if n < unhappy else ("yes", 5)
            requester.rate_case(actor=asker, case_id=case.pk, resolved=resolved, satisfaction=satisfaction)


def test_units_are_compared_lowest_first_with_their_range_and_the_small_ones_as_one(get, house):
    in_units(house, ("甲班", 1, 5), ("乙班", 5, 6), ("丙班", 0, 12), ("丁班", 1, 2), ("戊班", 1, 3))
    page = get(house.dispatcher, **NOVEMBER)
    units = page.context["page"].units
    assert [(row.name, row.rate.numerator, row.rate.denominator, row.bar.range) for row in units.rows] == [
        ("乙班", 1, 6, "3.0% – 56.4%"),
        ("甲班", 4, 5, "37.6% – 96.4%"),
        ("丙班", 12, 12, "75.8% – 100.0%"),
    ]
    assert (units.pooled.name, units.pooled.said) == ("2 个单位各不足五件，合计", "60.0%")
    assert [name for name, _url in units.others] == ["丁班", "戊班"]
    assert units.answer == "明显低于整体 71.4% 的单位：乙班。"
    sheet = load_workbook(BytesIO(get(house.dispatcher, "/figures/export/", **NOVEMBER).content)).worksheets[0]
    _title, head, *rows = sheet.iter_rows(values_only=True)
    rated = {row[1]: row[head.index("满意率") - 2 : head.index("满意率") + 1] for row in rows if row[0] == "单位"}
    assert rated == {
        "甲班": (4, 5, 0.8),
        "乙班": (1, 6, 0.1667),
        "丙班": (12, 12, 1),
        "丁班": (None, None, None),
        "戊班": (None, None, None),
        "不足五件的单位合计": (3, 5, 0.6),
    }


def test_a_number_is_a_link_where_it_leads_to_rows_and_nowhere_else(get, house):
    rate_some(house)
    page = get(house.dispatcher, **NOVEMBER)
    links = set(re.findall(r'href="(/figures/cases/[^"]+)"', page.content.decode()))
    assert len(links) >= 10
    for link in links:
        assert get(house.dispatcher, unescape(link)).context["page"].object_list, link
    appraiser = PersonFactory(roles={"appraiser": house.company})
    page = get(appraiser, **NOVEMBER).content.decode()
    assert "/figures/cases/" not in page
    assert "没有链接的数字，背后的诉求您无权打开" in page


def test_the_trend_of_a_month_goes_by_weeks_and_names_what_it_counts(get, house):
    rate_some(house)
    page = get(house.dispatcher, **NOVEMBER).context["page"]
    assert page.chart["labels"] == ["11月1日起", "11月2日起", "11月9日起", "11月16日起", "11月23日起", "11月30日起"]
    assert [page.chart[name]["name"] for name in ("rate", "part", "whole")] == ["满意率", "评为满意", "首次评价"]
    year = get(house.dispatcher, period="year").context["page"]
    assert year.chart["labels"][0] == "2026年1月"


def test_three_figures_stand_large(get, house):
    rate_some(house)
    page = get(house.dispatcher, **NOVEMBER).context["page"]
    assert {tile.code for tile in page.large} == {"response", "resolution", "satisfaction"}
    assert not page.is_folded
    assert get(house.dispatcher, figure="reopen", **NOVEMBER).context["page"].is_folded


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
