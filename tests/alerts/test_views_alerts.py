"""The inbox of early warnings, and one of them: read, taken up, settled by whom it may be, and by nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.alerts.models import Alert
from lianxin.cases.services import triage
from lianxin.hotissues.models import Follow
from lianxin.org.enums import Role
from lianxin.ui.navigation import places
from tests.alerts.stories import CRISIS, colleagues, looked, one_matter, raised, read
from tests.factories.org import PersonFactory
from tests.pages import post_raw, send_form, text_of

SAID = "已联系后勤，今晚恢复热水。"
HOSTILE = '<script>alert(1)</script>‹b› & "引号" \' %s {{ x }}'


@pytest.fixture
def of_many(house):
    """Five people about one matter, and the alert of it."""
    issue = one_matter([raised(person) for person in colleagues(house, 5)])
    (alert,) = looked()
    return issue, alert


@pytest.fixture
def danger(house):
    """A person in crisis, and the alert of it."""
    case = raised(house.li_na, body=CRISIS)
    read()
    return case, Alert.objects.get(case=case)


def rows(answer):
    return [line.alert.pk for line, _look in answer.context["rows"]]


def address(alert, what=""):
    return f"/warnings/{alert.pk}/{what}"


def acknowledge(browser, alert, page=None):
    """Press the button that takes it up, on the page as it is now or as it was."""
    return send_form(browser, page or address(alert), to="/acknowledge/", follow=True)


def test_danger_stands_first_and_every_tab_and_count_opens(browser_of, house, of_many, danger):
    browser = browser_of(house.dispatcher)
    answer = browser.get("/warnings/")
    assert rows(answer) == [danger[1].pk, of_many[1].pk]
    assert [(str(tab.label), tab.count) for tab in answer.context["tabs"]] == [
        ("我的", 2),
        ("待跟进", 2),
        ("跟进中", 0),
        ("已关闭", 0),
    ]
    page = text_of(answer)
    assert page.index(danger[0].number) < page.index("三号楼热水")
    assert CRISIS not in page
    assert rows(browser.get("/warnings/", {"rule": "people"})) == [of_many[1].pk]
    assert rows(browser.get("/warnings/", {"rule": "people", "show": "settled"})) == []
    assert rows(browser.get("/warnings/", {"rule": "?", "show": "?", "page": "x"})) == [danger[1].pk, of_many[1].pk]
    acknowledge(browser, of_many[1])
    assert rows(browser.get("/warnings/")) == [danger[1].pk, of_many[1].pk]
    assert rows(browser.get("/warnings/", {"show": "waiting"})) == [danger[1].pk]
    assert rows(browser.get("/warnings/", {"show": "in_hand"})) == [of_many[1].pk]


def test_what_the_navigation_counts_is_what_its_page_shows(browser_of, house, of_many, danger):
    acknowledge(browser_of(house.dispatcher), of_many[1])
    for person, number in ((house.dispatcher, 2), (house.supervisor, 0), (house.head_supervisor, 0)):
        browser = browser_of(person)
        page = browser.get("/warnings/")
        assert [place.badge for place in places(page.wsgi_request, "desk") if place.url == "/hot/"] == [number]
        assert (len(rows(page)), page.context["tabs"][0].count) == (number, number)


def test_an_empty_inbox_says_what_it_is_for(browser_of, house):
    assert "规则发现紧急情况时" in text_of(browser_of(house.supervisor).get("/warnings/"))
    assert "还没有已关闭的预警" in text_of(browser_of(house.supervisor).get("/warnings/", {"show": "settled"}))


def test_a_warning_gives_the_reason_the_numbers_and_the_rows(browser_of, house, of_many):
    issue, alert = of_many
    answer = browser_of(house.supervisor).get(address(alert))
    page = text_of(answer)
    assert "至少 5 个不同的人" in page
    assert "这是怎么算出来的" in page
    assert {case.pk for case in answer.context["rows"]} == set(alert.rows.values_list("case", flat=True))
    assert f"/hot/{issue.pk}/" in page
    assert "我来跟进" in page


def test_it_is_taken_up_and_acted_on(browser_of, house, of_many):
    _issue, alert = of_many
    browser = browser_of(house.dispatcher)
    page = text_of(acknowledge(browser, alert))
    assert f"{house.dispatcher.name} 自" in page
    assert "我来跟进" not in page
    page = text_of(send_form(browser, address(alert, "act/"), {"text": SAID}, follow=True))
    alert.refresh_from_db()
    assert (alert.state, alert.note, alert.settled_by) == ("acted", SAID, house.dispatcher)
    assert SAID in page
    assert "记录处理情况" not in page


def test_it_is_dismissed_as_a_false_alarm_only_with_a_reason(browser_of, house, of_many):
    _issue, alert = of_many
    browser = browser_of(house.supervisor)
    refused = send_form(browser, address(alert, "dismiss/"), {"text": "  ", "false_alarm": True})
    assert refused.status_code == 422
    assert refused.context["form"].errors["text"]
    assert 'name="false_alarm" class="form-check-input"' in text_of(refused)
    assert "checked" in text_of(refused)
    page = text_of(send_form(browser, address(alert, "dismiss/"), {"text": "演练", "false_alarm": True}, follow=True))
    alert.refresh_from_db()
    assert (alert.state, alert.false_alarm) == ("dismissed", True)
    assert "误报" in page


def test_whoever_comes_second_is_told_plainly_and_loses_nothing(browser_of, house, of_many):
    _issue, alert = of_many
    first, second = browser_of(house.dispatcher), browser_of(house.supervisor)
    seen, form = second.get(address(alert)), second.get(address(alert, "act/"))
    acknowledge(first, alert)
    page = text_of(acknowledge(second, alert, seen))
    assert "已经有人在跟进" in page
    assert house.dispatcher.name in page
    reason = first.get(address(alert, "dismiss/"))
    late = send_form(second, form, {"text": SAID})
    assert (late.status_code, SAID in text_of(late), "已有人先处理了" in text_of(late)) == (409, True, True)
    assert late.context["form"]["expected"].value() == 2
    assert send_form(second, late, {"text": SAID}).status_code == 302
    over = send_form(first, reason, {"text": "我写的理由"})
    assert (over.status_code, "我写的理由" in text_of(over)) == (409, True)
    assert first.get(address(alert, "act/")).status_code == 409
    alert.refresh_from_db()
    assert (alert.state, alert.note) == ("acted", SAID)


def test_the_same_form_sent_twice_is_done_once(browser_of, house, of_many):
    _issue, alert = of_many
    browser = browser_of(house.dispatcher)
    page = browser.get(address(alert))
    for _n in range(2):
        assert "由您跟进" in text_of(acknowledge(browser, alert, page))
    form = browser.get(address(alert, "act/"))
    for _n in range(2):
        assert send_form(browser, form, {"text": SAID}).url == address(alert)
    alert.refresh_from_db()
    assert (alert.state, alert.version) == ("acted", 3)


def test_hostile_and_huge_words_do_no_harm(browser_of, house, of_many):
    _issue, alert = of_many
    browser = browser_of(house.dispatcher)
    huge = send_form(browser, address(alert, "act/"), {"text": "很" * 2001})
    assert huge.status_code == 422
    for wrong in ({}, {"text": SAID}, {"expected": "x", "text": SAID}, {"expected": 1, "text": "\0"}):
        assert post_raw(browser, address(alert, "act/"), wrong).status_code == 422
    page = text_of(send_form(browser, address(alert, "act/"), {"text": HOSTILE}, follow=True))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;‹b›" in page


def test_who_may_not(browser_of, house, of_many, danger):
    for alert in (of_many[1], danger[1]):
        for stranger in (house.li_na, house.system_admin):
            assert browser_of(stranger).get(address(alert)).status_code == 403
        for other in (house.outsider, house.inspector):
            for what in ("", "act/", "dismiss/"):
                assert browser_of(other).get(address(alert, what)).status_code == 404
            assert post_raw(browser_of(other), address(alert, "acknowledge/"), {"expected": 1}).status_code == 404
    assert rows(browser_of(house.outsider).get("/warnings/")) == []
    assert browser_of(house.li_na).get("/warnings/").status_code == 403


def test_a_follower_reads_and_does_not_act(browser_of, house):
    issue = one_matter([raised(person) for person in colleagues(house, 5)])
    follower = PersonFactory(unit=house.company, roles={Role.BRANCH_SECRETARY: house.company})
    Follow.objects.create(issue=issue, person=follower)
    (alert,) = looked()
    browser = browser_of(follower)
    page = text_of(browser.get(address(alert)))
    assert "我来跟进" not in page
    assert "您关注了这个热点" in page
    for what in ("act/", "dismiss/"):
        assert post_raw(browser, address(alert, what), {"expected": 1, "text": SAID}).status_code == 403
    assert post_raw(browser, address(alert, "acknowledge/"), {"expected": 1}).status_code == 403


def test_the_fragment_is_a_part_of_the_page(browser_of, house, of_many):
    browser = browser_of(house.dispatcher)
    part = text_of(browser.get(address(of_many[1], "act/"), headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert f'action="{address(of_many[1], "act/")}"' in part


def test_the_inbox_says_quietly_that_something_changed(browser_of, house, of_many):
    browser = browser_of(house.dispatcher)
    before = text_of(browser.get("/warnings/live/"))
    assert f'data-live-version="{before}"' in text_of(browser.get("/warnings/"))
    acknowledge(browser, of_many[1])
    assert text_of(browser.get("/warnings/live/")) != before


def issues_with_badges(browser):
    return {
        each.issue.pk for each, _url, badges, _waves in browser.get("/hot/", {"days": 365}).context["rows"] if badges
    }


def test_issue_hot_list_and_first_page_show_what_waits(browser_of, house, of_many):
    issue, alert = of_many
    browser = browser_of(house.supervisor)
    assert address(alert) in text_of(browser.get(f"/hot/{issue.pk}/"))
    assert "有 1 条预警等您处理" in text_of(browser.get("/"))
    assert issues_with_badges(browser) == {issue.pk}
    send_form(browser, address(alert, "act/"), {"text": SAID})
    assert issues_with_badges(browser) == set()
    assert "条预警等您处理" not in text_of(browser.get("/"))
    assert address(alert) in text_of(browser.get(f"/hot/{issue.pk}/"))


@pytest.mark.parametrize("shown", ["/warnings/", "/warnings/{}/"])
def test_pages_ask_the_database_as_often_however_much_there_is(browser_of, house, of_many, shown):
    browser = browser_of(house.supervisor)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(shown.format(of_many[1].pk)).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for n in range(3):
        one_matter([raised(person) for person in [PersonFactory(unit=house.workshop) for _n in range(5 + n)]])
    assert len(looked(at=1)) == 3
    assert asked() <= few


def opened_by(case):
    return set(case.access_log.values_list("person__name", flat=True))


def test_whoever_may_act_on_danger_reads_the_case_on_its_alert_and_that_is_on_record(browser_of, house, danger):
    case, alert = danger
    assert CRISIS in text_of(browser_of(house.dispatcher).get(address(alert)))
    assert opened_by(case) == {house.dispatcher.name}
    browser_of(house.dispatcher).get(address(alert))
    assert case.access_log.count() == 1  # once a person and day


def test_nobody_else_reads_a_word_of_it_there(browser_of, house, danger):
    case, alert = danger
    for person in (house.outsider, house.handler, house.unit_leader, house.inspector, house.li_na, house.system_admin):
        answer = browser_of(person).get(address(alert))
        assert CRISIS not in text_of(answer)
        assert answer.status_code in {403, 404}
    triage.name_people(actor=house.head_dispatcher, case_id=case.pk, people=[house.dispatcher])
    assert CRISIS not in text_of(browser_of(house.dispatcher).get(address(alert)))
    assert case.access_log.count() == 0


def test_an_alert_about_anything_else_shows_no_text(browser_of, house, of_many):
    _issue, alert = of_many
    answer = browser_of(house.dispatcher).get(address(alert))
    assert answer.context["pressing_case"] is None
