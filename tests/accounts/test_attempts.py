"""Guessing is slowed, an office is not."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from lianxin.accounts.models import User
from lianxin.accounts.services import attempts
from lianxin.kernel import timezone
from tests.factories.accounts import PASSWORD, UserFactory, account_of
from tests.pages import send_form

pytestmark = pytest.mark.django_db

OFFICE = {"REMOTE_ADDR": "198.51.100.20"}
NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


def guess(login, password, client=None, **where):
    answer = send_form(
        client or Client(), "/sign-in/", {"login": login, "password": password, "remember": True}, **where
    )
    return answer.status_code


@pytest.mark.parametrize("colleagues", [60, pytest.param(500, marks=pytest.mark.stress)])
def test_all_colleagues_behind_one_address_sign_in_and_nobody_is_refused(team, colleagues):
    rng = random.Random(7)
    users = UserFactory.create_batch(colleagues)
    statuses = []
    with timezone.frozen(NOW):
        for user in users:
            for _typo in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
                assert guess(user.username, PASSWORD.lower() + "x", **OFFICE) == 422
            statuses.append(guess(user.username, PASSWORD, **OFFICE))
    assert statuses == [302] * colleagues


def test_one_account_that_is_hammered_rests_while_others_sign_in(li_na, wang_qiang):
    account_of(li_na)
    account_of(wang_qiang)
    with timezone.frozen(NOW):
        assert [guess("E10001", f"guess {n}", **OFFICE) for n in range(7)] == [422] * 5 + [429] * 2
        assert guess("13900000001", PASSWORD, **OFFICE) == 429, "by phone it is the same account"
        assert guess("E10001", PASSWORD, REMOTE_ADDR="203.0.113.9") == 429, "from elsewhere too"
        assert guess("E10002", PASSWORD, **OFFICE) == 302
    with timezone.frozen(NOW + attempts.WINDOW):
        assert guess("E10001", PASSWORD, **OFFICE) == 302


def test_a_refusal_says_when_to_come_back(li_na):
    account_of(li_na)
    with timezone.frozen(NOW + timedelta(minutes=4)):
        for _n in range(5):
            guess("E10001", "x")
        client = Client()
        client.cookies["lianxin_language"] = "en"
        page = send_form(client, "/sign-in/", {"login": "E10001", "password": PASSWORD})
    assert "Please try again in 11 minutes." in page.content.decode()


def test_an_account_that_does_not_exist_is_refused_as_one_that_does(db):
    with timezone.frozen(NOW):
        assert [guess("E99999", "x") for _n in range(6)] == [422] * 5 + [429]
        assert guess(" e99999", "x") == 429


def test_the_owner_s_own_device_is_not_locked_out_by_a_stranger(li_na):
    account_of(li_na)
    phone = Client()
    with timezone.frozen(NOW):
        assert guess("E10001", PASSWORD, phone) == 302
        send_form(phone, "/sign-out/", to="/sign-out/")
        for _n in range(9):
            guess("E10001", "x", REMOTE_ADDR="203.0.113.9")
        assert guess("E10001", PASSWORD) == 429
        assert guess("E10001", PASSWORD, phone) == 302


def test_a_known_device_may_not_guess_for_ever_either(li_na):
    account_of(li_na)
    phone = Client()
    with timezone.frozen(NOW):
        guess("E10001", PASSWORD, phone)
        send_form(phone, "/sign-out/", to="/sign-out/")
        assert [guess("E10001", "x", phone) for _n in range(6)] == [422] * 5 + [429]


def test_the_device_cookie_goes_to_the_sign_in_pages_alone(li_na):
    account_of(li_na)
    client = Client()
    guess("E10001", PASSWORD, client)
    assert client.cookies["lianxin_device"]["path"] == "/sign-in/"


def test_a_machine_that_tries_many_accounts_from_one_address_is_slowed(li_na, monkeypatch):
    monkeypatch.setattr(attempts, "FAILURES_AN_ADDRESS", 50)
    account_of(li_na)
    machine = {"REMOTE_ADDR": "203.0.113.66"}
    with timezone.frozen(NOW):
        statuses = [guess(f"E2{n:04d}", "123456", **machine) for n in range(60)]
        assert statuses == [422] * 50 + [429] * 10
        assert guess("E10001", PASSWORD, **machine) == 429
        assert guess("E10001", PASSWORD, **OFFICE) == 302


def test_behind_a_proxy_each_address_counts_for_itself_whatever_a_client_writes(li_na, monkeypatch, settings):
    monkeypatch.setattr(attempts, "FAILURES_AN_ADDRESS", 20)
    settings.LIANXIN_TRUSTED_PROXIES = 1
    account_of(li_na)

    def through_proxy(login, password, source, written=""):
        forwarded = ", ".join(filter(None, [written, source]))
        return guess(login, password, REMOTE_ADDR="10.0.0.2", headers={"X-Forwarded-For": forwarded})

    with timezone.frozen(NOW):
        statuses = [through_proxy(f"E2{n:04d}", "x", "203.0.113.66", f"198.51.100.{n}") for n in range(25)]
        assert statuses == [422] * 20 + [429] * 5, "another address in the header is not believed"
        assert through_proxy("E10001", PASSWORD, "203.0.113.66") == 429
        assert through_proxy("E10001", PASSWORD, "198.51.100.20") == 302, "its neighbour behind the proxy signs in"


def test_a_success_gives_back_only_ones_own_failures_from_there(li_na, monkeypatch):
    monkeypatch.setattr(attempts, "FAILURES_AN_ADDRESS", 6)
    account_of(li_na)
    machine = {"REMOTE_ADDR": "203.0.113.66"}
    with timezone.frozen(NOW):
        for n in range(5):
            guess(f"E2000{n}", "x", **machine)
        guess("E10001", "x", **OFFICE)
        assert guess("E10001", PASSWORD, **machine) == 302
        assert guess("E20006", "x", **machine) == 422
        assert guess("E20007", "x", **machine) == 429


def test_nothing_that_is_counted_names_anybody(li_na):
    account_of(li_na)
    guess("E10001", "x", REMOTE_ADDR="203.0.113.9")
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM kernel_throttle t")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert rows
    assert "203.0.113.9" not in rows
    assert "E10001" not in rows
    assert User.objects.get().username == "E10001"
