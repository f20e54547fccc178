"""Whom a case is about, on the pages of its requester and of the desk."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case, CaseSubject
from lianxin.cases.services import subject_recognition
from lianxin.kernel.crowds import Limit
from tests.factories.accounts import sign_in
from tests.factories.cases import category, dispatched, submit
from tests.factories.org import PersonFactory
from tests.pages import post_raw, send_form, text_of

CHECK = "/say/about/"


@pytest.fixture(autouse=True)
def _nobody_has_asked(monkeypatch):
    limit = Limit(per_source=3, together=100, window=subject_recognition.CHECK_WINDOW)
    monkeypatch.setattr(subject_recognition, "_checks", limit)
    cache.clear()


def asked(browser, words):
    return text_of(post_raw(browser, CHECK, {"about": words}))


def test_a_name_in_full_is_said_back_as_typed_and_nothing_else_of_anybody(house):
    page = asked(Client(), "检修车间 孙 强师傅")
    assert "已识别：检修车间、孙 强" in page
    assert (house.handler.employee_no in page, "后勤" in page) == (False, False)


def test_who_may_be_meant_is_not_told(house):
    page = asked(Client(), "赵主任")
    assert "可能涉及某些人" in page
    assert (house.dispatcher.name in page, "已识别" in page) == (False, False)
    assert asked(Client(), "赵主任") == page.replace("赵敏", "")


def test_a_surname_nobody_bears_is_answered_as_one_that_many_bear(house):
    assert asked(Client(), "赵主任") == asked(Client(), "亓主任")


def test_what_was_not_recognised_is_said(house):
    assert "有的内容没有识别出来" in asked(Client(), "主任")
    assert asked(Client(), "  ").strip() == ""


def test_after_too_many_questions_there_is_no_answer(house):
    browser = Client()
    answers = [asked(browser, "孙强") for _ in range(4)]
    assert [("已识别" in answer) for answer in answers] == [True, True, True, False]
    assert "暂时不能再查了" in answers[-1]
    assert "已识别" not in asked(sign_in(Client(), house.li_na), "孙强"), "the account makes no difference"


def test_asking_writes_nothing_and_does_not_learn_who_asks(house, caplog):
    browser = sign_in(Client(), house.li_na)
    with CaptureQueriesContext(connection) as queries:
        answer = post_raw(browser, CHECK, {"about": "孙强 2003"})
    words = " ".join(query["sql"] for query in queries)
    assert not re.search(r"INSERT|UPDATE|DELETE|session|accounts_", words)
    assert (caplog.text, answer.cookies.keys() & {"lianxin_session"}) == ("", set())
    assert browser.get(CHECK).status_code == 405


def test_the_form_promises_no_more_than_is_true(house):
    page = text_of(Client().get("/say/"))
    assert "识别出来的人看不到这件诉求" in page
    assert 'hx-post="/say/about/"' in page
    assert "hx-include" in page


@pytest.mark.parametrize(("about", "said"), [("孙强师傅", "已识别：孙强"), ("赵主任", "可能涉及某些人")])
def test_without_script_it_is_said_after_sending(house, about, said):
    filled = {
        "body": "宿舍没有热水。",
        "identity": "named",
        "key": "8c0e3d51-90c1-4f4b-8a43-0a4f4ce1a001",
        "about": about,
    }
    for browser, identity, place in (
        (sign_in(Client(), house.li_na), "named", house.workshop),
        (Client(), "anonymous", house.root),
    ):
        page = text_of(post_raw(browser, "/say/", {**filled, "identity": identity}, follow=True))
        assert said in page
        assert f"您写的涉及的人或单位：“{about}”" in page
        assert f"由负责“{place.name}”、与此事无关的受理员受理" in page


# At the desk


def open_case(house, person, case):
    return text_of(sign_in(Client(), person).get(reverse("cases:case", args=[case.pk])))


def test_the_work_list_marks_a_case_of_which_it_is_open_who_is_meant(house):
    unsettled = submit(house.li_na, about="赵主任", place=house.workshop).case
    submit(house.li_na, "食堂太咸。", place=house.workshop)
    page = text_of(sign_in(Client(), house.head_dispatcher).get(reverse("cases:desk")))
    assert page.count("待确认：涉及的人或单位") == 1
    assert unsettled.title in page


def test_the_page_asks_first_who_is_meant(house):
    case = submit(house.li_na, about="赵主任", place=house.workshop).case
    page = open_case(house, house.head_dispatcher, case)
    assert "请先确认这件诉求涉及的人或单位" in page
    assert page.index("/do/settle_subjects/") < page.index("/do/accept/")
    assert "诉求人写的是“赵主任”" in page


def test_who_may_be_meant_stands_in_the_form_with_where_they_work(house):
    PersonFactory(name="赵云", employee_no="3001", unit=house.workshop)
    case = submit(house.li_na, about="赵主任", place=house.workshop).case
    browser = sign_in(Client(), house.head_dispatcher)
    url = reverse("cases:act", args=[case.pk, "settle_subjects"])
    page = text_of(browser.get(url))
    assert ("赵敏 …2001 东城供电公司" in page, "赵云 …3001 检修车间" in page) == (True, True)
    assert send_form(browser, url).status_code == 422
    assert send_form(browser, url, {"people": [house.dispatcher.pk]}).status_code == 302
    assert [row.person for row in CaseSubject.objects.all()] == [house.dispatcher]


def test_that_nobody_is_meant_is_ticked(house):
    case = submit(house.li_na, about="赵主任", place=house.workshop).case
    browser = sign_in(Client(), house.head_dispatcher)
    url = reverse("cases:act", args=[case.pk, "settle_subjects"])
    assert send_form(browser, url, {"nobody": True, "people": [house.dispatcher.pk]}).status_code == 422
    assert send_form(browser, url, {"nobody": True}).status_code == 302
    assert Case.objects.get().subjects_unsettled is False


def test_an_unsettled_case_is_accepted_without_being_dispatched(house):
    case = submit(house.li_na, about="赵主任", place=house.workshop).case
    browser = sign_in(Client(), house.head_dispatcher)
    url = reverse("cases:act", args=[case.pk, "accept"])
    assert 'name="lead_unit"' not in text_of(browser.get(url))
    filled = {"expected": 1, "kind": "help", "category": category().pk, "urgency": "normal"}
    assert post_raw(browser, url, {**filled, "lead_unit": house.logistics.pk}).status_code == 302
    assert Case.objects.get().state == CaseState.ACCEPTED


@pytest.mark.parametrize("action", ["accept", "dispatch"])
def test_the_page_that_accepts_or_dispatches_says_whom_it_is_about(house, action):
    case = submit(house.li_na, about="孙强师傅", place=house.workshop).case
    browser = sign_in(Client(), house.dispatcher)
    if action == "dispatch":
        filled = {"expected": 1, "kind": "help", "category": category().pk, "urgency": "normal"}
        assert post_raw(browser, reverse("cases:act", args=[case.pk, "accept"]), filled).status_code == 302
    page = text_of(browser.get(reverse("cases:act", args=[case.pk, action])))
    assert re.search(r"涉及的人或单位</dt>\s*<dd>\s*孙强\s*</dd>", page)
    assert "孙强师傅" in page
    other = submit(house.li_na, place=house.workshop).case
    assert "没有指明" in text_of(browser.get(reverse("cases:act", args=[other.pk, "accept"])))


def test_names_in_the_text_are_a_question_to_the_dispatcher(house):
    case = submit(house.wang_fang, "昨天李娜和孙强在库房吵架，李娜受伤了。", place=house.workshop).case
    assert not CaseSubject.objects.exists()
    page = open_case(house, house.dispatcher, case)
    assert ("正文里提到“李娜”" in page, "正文里提到“孙强”" in page) == (True, True)
    form = text_of(sign_in(Client(), house.dispatcher).get(reverse("cases:act", args=[case.pk, "name_people"])))
    assert "孙强 …2003" in form
    url = reverse("cases:act", args=[case.pk, "name_people"])
    assert send_form(sign_in(Client(), house.dispatcher), url, {"people": [house.handler.pk]}).status_code == 302
    page = open_case(house, house.dispatcher, case)
    assert ("正文里提到“李娜”" in page, "正文里提到“孙强”" in page) == (True, False)


def test_the_requester_and_handlers_are_asked_nothing(house):
    case = submit(house.wang_fang, "昨天李娜和王芳在库房吵架。", place=house.workshop).case
    assert "正文里提到“王芳”" not in open_case(house, house.dispatcher, case)
    dispatched(house, case)
    assert "正文里提到" not in open_case(house, house.handler, case)
