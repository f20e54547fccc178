"""The receipt is shown again for ten minutes, to the browser that submitted the case and to no other."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianxin.cases.views import shown_receipt
from lianxin.kernel import timezone
from tests.factories.accounts import sign_in
from tests.pages import send_form, text_of

SHOWN = "/say/receipt/"


@pytest.fixture
def browser(house):
    client = Client()
    send_form(client, "/say/", {"body": "班组长让我们改考勤。"})
    return client


@pytest.fixture
def code(browser):
    return browser.get(SHOWN).context["receipt"]


def test_after_sending_one_is_led_to_a_page_that_can_be_shown_again(house):
    client = Client()
    answer = send_form(client, "/say/", {"body": "班组长让我们改考勤。"})
    assert (answer.status_code, answer.url) == (302, SHOWN)
    first, again = client.get(SHOWN), client.get(SHOWN)
    assert first.status_code == again.status_code == 200
    assert first.context["receipt"] == again.context["receipt"]
    assert "no-store" in again["Cache-Control"]
    assert "data:image/svg+xml" in text_of(again)


def test_the_code_stands_in_no_address_and_not_in_clear_in_the_cookie(browser, code):
    cookie = browser.cookies[shown_receipt.COOKIE]
    assert code not in cookie.value
    assert code.replace("-", "") not in cookie.value
    assert {name: cookie[name] for name in ("path", "httponly", "samesite", "max-age", "secure")} == {
        "path": SHOWN,
        "httponly": True,
        "samesite": "Strict",
        "max-age": 600,
        "secure": "",
    }


def test_over_https_the_cookie_is_secure(house, settings):
    settings.SESSION_COOKIE_SECURE = True
    answer = send_form(Client(), "/say/", {"body": "班组长让我们改考勤。"})
    assert answer.cookies[shown_receipt.COOKIE]["secure"] is True


def test_after_ten_minutes_it_is_shown_no_longer_whatever_the_browser_keeps(browser, code):
    with timezone.frozen(timezone.now() + timedelta(minutes=9, seconds=50)):
        assert code in text_of(browser.get(SHOWN))
    with timezone.frozen(timezone.now() + timedelta(minutes=10, seconds=1)):
        late = browser.get(SHOWN)
    assert late.status_code == 410
    assert code not in text_of(late)
    assert "提交后十分钟内" in text_of(late)


@pytest.mark.parametrize("value", ["", "forged", "AAAA", "\xd6\xd0", "A" * 300])
def test_a_forged_cookie_shows_nothing(house, value):
    client = Client()
    client.cookies[shown_receipt.COOKIE] = value
    assert client.get(SHOWN).status_code == 410


def test_another_browser_sees_nothing(browser, code, house):
    assert Client().get(SHOWN).status_code == 410
    assert code not in text_of(sign_in(Client(), house.li_na).get(SHOWN))


def test_it_can_be_removed_from_a_shared_device_at_once(browser, code):
    answer = send_form(browser, SHOWN, to=SHOWN)
    assert answer.url == "/receipt/"
    assert browser.get(SHOWN).status_code == 410


def test_showing_it_writes_nothing(browser):
    with CaptureQueriesContext(connection) as captured:
        browser.get(SHOWN)
    assert [each["sql"] for each in captured if not each["sql"].lstrip().startswith("SELECT")] == []


def test_how_anonymous_it_is_stands_on_a_page_in_both_languages(house):
    client = Client()
    assert 'href="/say/how-anonymous/"' in text_of(client.get("/say/"))
    page = text_of(client.get("/say/how-anonymous/"))
    for said in ("匿名到什么程度", "先后", "写入日志", "移动流量", "这里的运维人员关闭了这项保护", "人脸"):
        assert said in page
    client.cookies["lianxin_language"] = "en"
    page = text_of(client.get("/say/how-anonymous/"))
    for said in (
        "How anonymous is this?",
        "order",
        "change log",
        "mobile data",
        "switched off by its operators",
        "faces",
    ):
        assert said in page


def test_with_the_spool_the_page_says_that_only_the_hour_can_be_learned(house, spooling):
    page = text_of(Client().get("/say/how-anonymous/"))
    for said in ("哪一个小时", "到整点按随机顺序转交", "哪一分钟", "只有一个人在"):
        assert said in page
    assert "写入日志" not in page
