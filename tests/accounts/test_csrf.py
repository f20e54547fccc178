"""A form whose check fails: the page says why, gives back what was typed, and offers to send it again."""

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, account_of, sign_in
from tests.factories.cases import found_enterprise
from tests.pages import post_raw, send_form

pytestmark = pytest.mark.django_db
OURS = {"origin": "http://testserver"}
WORDS = "宿舍三楼没有热水，已经三天了。"


@pytest.fixture
def browser():
    client = Client(enforce_csrf_checks=True, headers=OURS)
    client.cookies["lianxin_language"] = "en"
    return client


@pytest.fixture(autouse=True)
def house(settings):
    settings.ROOT_URLCONF = "lianxin.config.urls"
    return found_enterprise()


def text_of(answer):
    return answer.content.decode()


def test_an_expired_form_keeps_what_was_typed_and_is_sent_with_one_tap(browser):
    form = browser.get("/say/")
    del browser.cookies["lianxin_csrf"]
    refused = send_form(browser, form, {"body": WORDS})
    assert refused.status_code == 403
    assert WORDS in text_of(refused)
    assert "no-store" in refused["Cache-Control"]
    sent = send_form(browser, refused, to="/say/", press="Submit again")
    assert (sent.status_code, sent.url) == (302, "/say/receipt/")


def test_without_cookies_it_says_so_at_once_and_surely_the_second_time(browser):
    form = browser.get("/say/")
    browser.cookies.pop("lianxin_csrf")
    first = send_form(browser, form, {"body": WORDS})
    assert "Your browser sent no cookie" in text_of(first)
    assert "Allow cookies for this site and submit" in text_of(first)
    browser.cookies.pop("lianxin_csrf")
    second = send_form(browser, first, to="/say/")
    assert second.status_code == 403
    assert "Your browser does not accept cookies" in text_of(second)
    assert WORDS in text_of(second)


def test_another_sites_form_cannot_be_sent_on(browser):
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
        answer = post_raw(browser, "/say/", {"body": WORDS, "identity": "anonymous"}, headers=headers)
        assert answer.status_code == 403
        assert "Submit again" not in text_of(answer)
    silent = Client(enforce_csrf_checks=True)
    assert 'name="sent_again"' not in text_of(post_raw(silent, "/say/", {"body": WORDS, "identity": "anonymous"}))


def test_a_password_is_never_given_back(browser, house):
    account_of(house.li_na)
    form = browser.get("/sign-in/")
    browser.cookies.pop("lianxin_csrf")
    answer = send_form(browser, form, {"login": "1001", "password": PASSWORD})
    assert answer.status_code == 403
    assert PASSWORD not in text_of(answer)
    assert 'href="/sign-in/"' in text_of(answer)


def test_an_anonymous_form_that_fails_does_not_look_who_is_signed_in(house, django_assert_num_queries):
    client = sign_in(Client(), house.li_na)
    client.handler.enforce_csrf_checks = True
    with django_assert_num_queries(0):
        answer = post_raw(client, "/say/", {"body": WORDS, "identity": "anonymous"}, headers=OURS)
    assert answer.status_code == 403
    assert house.li_na.name not in text_of(answer)


def test_after_the_session_ended_what_was_typed_can_be_copied(house):
    from tests.factories.cases import submit  # noqa: PLC0415

    case = submit(house.li_na).case
    client = sign_in(Client(), house.li_na)
    page = client.get(f"/case/{case.pk}/")
    client.logout()
    answer = send_form(client, page, {"text": "四楼也没有热水。"}, to="/add/")
    assert answer.status_code == 401
    assert "四楼也没有热水。" in text_of(answer)
