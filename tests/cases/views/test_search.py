"""Searching at the desk, and among one's own cases."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.cases.enums import CaseKind
from lianxin.cases.models import Case, CaseAccessLog
from tests.factories.cases import accepted, replied, submit
from tests.pages import post_raw


def test_a_search_costs_as_many_queries_whatever_is_found(house, desk_of):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            page = browser.get("/desk/?queue=all&text=热水&kind=help&unit=EAST&category=housing")
        assert page.status_code == 200
        return len(seen)

    browser = desk_of(house.dispatcher)
    accepted(house, submit(house.li_na, "热水停了。").case)
    asked()
    first = asked()
    for _n in range(5):
        replied(house, submit(house.wang_fang, "热水停了。").case)
    assert asked() == first


def test_the_page_shows_where_the_words_stand_and_escapes_the_rest(house, desk_of):
    case = submit(house.li_na, "<script>alert(1)</script>热水停了三天。", title="宿舍<b>热水</b>").case
    browser = desk_of(house.dispatcher)
    page = browser.get("/desk/?text=热水").content.decode()
    assert "宿舍&lt;b&gt;<mark>热水</mark>&lt;/b&gt;" in page
    assert "停了三天" not in page
    browser.get(f"/case/{case.pk}/")
    page = browser.get("/desk/?text=热水").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>热水</mark>停了三天。" in page


def test_nobody_reads_in_a_list_what_they_have_not_opened_on_the_record(house, desk_of):
    """The requester is promised to see who read it; so nothing beyond the title is shown before that is noted."""
    case = submit(house.li_na, "热水停了三天。夜里锅炉房还冒白烟，很吓人。", title="宿舍热水").case
    accepted(house, case)
    dispatcher, supervisor = desk_of(house.dispatcher), desk_of(house.supervisor)
    for browser in (dispatcher, supervisor):
        page = browser.get("/desk/?queue=all&text=白烟").content.decode()
        assert case.number in page
        assert "很吓人" not in page
        assert "在正文里。打开这件诉求才能看到" in page
    assert not CaseAccessLog.objects.filter(case=case).exists()
    dispatcher.get(f"/case/{case.pk}/")
    assert list(CaseAccessLog.objects.values_list("person", flat=True)) == [house.dispatcher.pk]
    assert "<mark>白烟</mark>，很吓人" in dispatcher.get("/desk/?queue=all&text=白烟").content.decode()
    assert "很吓人" not in supervisor.get("/desk/?queue=all&text=白烟").content.decode()


def test_the_words_of_a_sealed_case_stand_in_no_list(house, desk_of):
    case = submit(house.li_na, "班长私下收钱，一次两百。", title="班长收钱", kind=CaseKind.CONDUCT).case
    browser = desk_of(house.head_inspector)
    browser.get(f"/case/{case.pk}/")
    assert CaseAccessLog.objects.filter(case=case, person=house.head_inspector).exists()
    page = browser.get("/desk/?queue=all&text=两百").content.decode()
    assert case.number in page
    assert "私下" not in page


def test_a_search_in_one_list_offers_all_cases(house, desk_of):
    replied(house, submit(house.li_na, "热水停了。").case)
    browser = desk_of(house.dispatcher)
    page = browser.get("/desk/?queue=to_accept&text=热水").content.decode()
    assert "<mark>" not in page
    assert 'href="?queue=all&amp;text=%E7%83%AD%E6%B0%B4"' in page
    assert "<mark>热水</mark>" in browser.get("/desk/?queue=all&text=热水").content.decode()


def test_ones_own_cases_can_be_searched_once_there_is_something_to_search(house, desk_of):
    submit(house.li_na, "热水停了。")
    submit(house.li_na, "食堂太咸。")
    submit(house.wang_fang, "热水又停了。")
    browser = desk_of(house.li_na)
    assert 'type="search"' not in browser.get("/mine/").content.decode()
    page = browser.get("/mine/?text=热水").content.decode()
    assert ("热水停了" in page, "食堂太咸" in page, "热水又停了" in page) == (True, False, False)
    assert "热水停了" not in browser.get("/mine/?text=电梯").content.decode()


def test_a_number_is_found_however_it_is_typed_and_a_slip_in_it_is_said(house, desk_of):
    Case.objects.filter(pk=submit(house.li_na, "热水停了。").case.pk).update(number="LX-2611-7K4QM")
    own, desk = desk_of(house.li_na), desk_of(house.dispatcher)
    for typed in ("LX-2611-7K4QM", "lx 26l1 7k4qm", "ＬＸ—２６１１—７Ｋ４ＱＭ"):
        assert "LX-2611-7K4QM" in {row["case"].number for row in desk.get("/desk/", {"text": typed}).context["rows"]}
        assert [case.number for case, _word in own.get("/mine/", {"text": typed}).context["rows"]] == ["LX-2611-7K4QM"]
    for wrong in ("LX-2611-7K4MQ", "LX-2611-7K4QN", "LX-2612-7K4QM"):
        for browser, address in ((own, "/mine/"), (desk, "/desk/")):
            page = browser.get(address, {"text": wrong})
            assert list(page.context["rows"]) == []
            assert "请核对编号" in page.content.decode()
    assert "请核对编号" not in desk.get("/desk/", {"text": "LX-2611-N8WEJ"}).content.decode()


def test_a_slip_in_the_number_of_the_case_to_follow_is_said(house, desk_of):
    case, other = submit(house.li_na, "热水停了。").case, submit(house.li_na, "食堂太咸。").case
    Case.objects.filter(pk=other.pk).update(number="LX-2611-7K4QM")
    page = post_raw(
        desk_of(house.dispatcher), f"/case/{case.pk}/do/merge/", {"number": "LX-2611-7K4QN", "expected": case.version}
    )
    assert "请核对编号：有一位写错了，或有两位写颠倒了。" in page.content.decode()
    assert Case.objects.get(pk=case.pk).primary is None
