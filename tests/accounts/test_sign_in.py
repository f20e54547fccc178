"""Signing in with number or phone and password."""

import statistics
import time

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from lianxin.accounts.models import SignIn, User
from lianxin.kernel import timezone
from tests.factories.accounts import PASSWORD, UserFactory, account_of, sign_in
from tests.pages import post_raw, send_form

pytestmark = pytest.mark.django_db

WRONG = "The employee number or password is incorrect."


def try_to(client, login, password, **headers):
    client.cookies["lianxin_language"] = "en"
    return send_form(client, "/sign-in/", {"login": login, "password": password}, **headers)


@pytest.mark.parametrize(
    "typed", ["E10001", "e10001", " E10001 ", "Ｅ１０００１", "13900000001", "139 0000 0001", "+86 139-0000-0001"]
)
def test_li_na_signs_in_with_number_or_phone_however_she_types_it(client, li_na, typed):
    account_of(li_na)
    assert try_to(client, typed, PASSWORD).status_code == 302
    assert client.get("/own-page/").content.decode() == "李娜"


def test_unknown_account_and_wrong_password_look_the_same(client, li_na):
    account_of(li_na)
    wrong, unknown = try_to(client, "E10001", "x"), try_to(client, "E99999", "x")
    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in wrong.content.decode()
    text = [page.content.decode().replace("E99999", "E10001") for page in (wrong, unknown)]
    assert _without_tokens(text[0]) == _without_tokens(text[1])


def _without_tokens(page):
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_unknown_account_and_wrong_password_take_the_same_time(settings, li_na, wang_qiang):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    account_of(li_na)
    waiting = UserFactory(person=wang_qiang)
    waiting.set_unusable_password()
    waiting.save()

    def median(login):
        spans = []
        for _round in range(3):
            start = time.process_time()
            try_to(Client(), login, "x")
            spans.append(time.process_time() - start)
        return statistics.median(spans)

    wrong, unknown, unset = median("E10001"), median("E99999"), median("E10002")
    assert 0.5 < unknown / wrong < 2
    assert 0.5 < unset / wrong < 2


def test_signing_in_keeps_neither_address_nor_browser_nor_time_of_day(li_na):
    sign_in(Client(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) SecretBrowser/7", REMOTE_ADDR="203.0.113.77"), li_na)
    assert {field.name for field in User._meta.get_fields()}.isdisjoint({"last_login"})
    assert SignIn.objects.get().device == "phone"
    end = Session.objects.get().expire_date.astimezone(timezone.zone())
    assert (end.hour, end.minute, end.second, end.microsecond) == (0, 0, 0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM django_session t UNION ALL SELECT t::text FROM accounts_signin t")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert "SecretBrowser" not in rows
    assert "203.0.113.77" not in rows
    assert "_auth_user_id" not in rows


def test_the_session_is_another_after_signing_in(client, li_na):
    account_of(li_na)
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies["lianxin_session"] = planted = session.session_key
    sign_in(client, li_na)
    assert client.session.session_key != planted


def test_without_the_form_s_token_nothing_happens(li_na):
    account_of(li_na)
    strict = Client(enforce_csrf_checks=True)
    assert post_raw(strict, "/sign-in/", {"login": "E10001", "password": PASSWORD}).status_code == 403
    page = strict.get("/sign-in/")
    before = strict.cookies["lianxin_csrf"].value
    assert send_form(strict, page, {"login": "E10001", "password": PASSWORD}).status_code == 302
    assert strict.cookies["lianxin_csrf"].value != before


def test_signed_out_one_is_led_to_sign_in_and_back(client, li_na):
    account_of(li_na)
    answer = client.get("/own-page/?a=1")
    assert answer.headers["Location"] == "/sign-in/?next=%2Fown-page%2F%3Fa%3D1"
    answer = send_form(client, answer.headers["Location"], {"login": "E10001", "password": PASSWORD})
    assert answer.headers["Location"] == "/own-page/?a=1"


def test_a_foreign_address_to_go_on_to_is_not_taken(client, li_na):
    account_of(li_na)
    answer = send_form(client, "/sign-in/?next=//evil.example/", {"login": "E10001", "password": PASSWORD})
    assert answer.headers["Location"] == "/"


def test_what_is_posted_after_the_session_ended_is_answered_with_the_draft_kept(client, db):
    client.cookies["lianxin_language"] = "en"
    answer = post_raw(client, "/own-page/", {"text": "热水"})
    assert answer.status_code == 401
    assert "Your text is saved in this browser" in answer.content.decode()


def test_htmx_is_told_where_to_sign_in(client, db):
    answer = client.get("/own-page/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in/?next=%2Fown-page%2F")


def test_unidentified_page_reads_neither_session_nor_account(signed_in, li_na, django_assert_num_queries):
    client = signed_in(li_na)
    with django_assert_num_queries(0):
        answer = client.get("/unidentified-page/")
    assert answer.content == b"signed in: False"
    assert "lianxin_session" not in answer.cookies


def test_a_page_may_be_unidentified_only_for_what_is_sent_anonymously(signed_in, li_na, django_assert_num_queries):
    client = signed_in(li_na)
    assert post_raw(client, "/either-page/").content == b"signed in: True"
    with django_assert_num_queries(0):
        assert post_raw(client, "/either-page/", {"anonymous": "on"}).content == b"signed in: False"


def test_a_signed_in_page_costs_few_queries(signed_in, li_na, django_assert_max_num_queries):
    client = signed_in(li_na)
    client.get("/own-page/")
    with django_assert_max_num_queries(3):  # session, account with person
        client.get("/own-page/")


def test_signing_out_ends_the_session(signed_in, li_na):
    client = signed_in(li_na)
    assert send_form(client, "/sign-out/", to="/sign-out/").status_code == 302
    assert client.get("/own-page/").status_code == 302
    assert not SignIn.objects.exists()
    assert client.get("/sign-out/").status_code == 302


def test_the_page_itself(client, db):
    page = client.get("/sign-in/").content.decode()
    assert "<h1" in page
    assert "工号" in page
