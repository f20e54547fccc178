"""The first set-up of an empty system."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from lianxin.accounts import queries, services
from lianxin.kernel import timezone
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.errors import ValidationFailed
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.queries import Person, Unit
from lianxin.ui.shown_again import SHOWN_FOR
from tests.factories.org import UnitFactory
from tests.pages import post_raw, send_form

THREE = {
    "enterprise": "江城供电公司",
    "system_admin_name": "钱系",
    "system_admin_number": "A1",
    "security_admin_name": "赵安",
    "security_admin_number": "A2",
    "audit_admin_name": "孙审",
    "audit_admin_number": "A3",
}


@pytest.mark.django_db
def test_three_administrators_are_set_up_and_each_signs_in_with_a_slip(client):
    page = send_form(client, "/setup/", {**THREE, "code": services.issue_setup_code()}, follow=True)
    slips = re.findall(
        r"<h2>(\w+)</h2>\s*<p>(\w+)</p>.*?<code>([0-9A-Z-]{14})</code>", page.content.decode(), re.DOTALL
    )
    assert [(name, number) for name, number, _code in slips] == [("钱系", "A1"), ("赵安", "A2"), ("孙审", "A3")]
    assert Unit.objects.get().name == "江城供电公司"
    assert [person.grants[0].role for person in Person.objects.order_by("employee_no")] == list(ADMINISTRATORS)
    for _name, number, code in slips:
        data = {"login": number, "code": code, "password1": "三员分立 2026", "password2": "三员分立 2026"}
        browser = Client()
        assert send_form(browser, "/activate/", data).status_code == 302
        assert browser.get("/own-page/").headers["Location"] == "/me/second-step/"


@pytest.mark.django_db
def test_the_first_slips_can_be_shown_again_for_ten_minutes_in_this_browser_alone(client):
    with timezone.frozen(timezone.now()):
        first = send_form(client, "/setup/", {**THREE, "code": services.issue_setup_code()}, follow=True)
        codes = re.findall(r"<code>([0-9A-Z-]{14})</code>", first.content.decode())
        assert len(codes) == 3
        again = client.get("/setup/slips/")
        assert [code in again.content.decode() for code in codes] == [True, True, True]
        assert "no-store" in again.headers["Cache-Control"]
        assert Client().get("/setup/slips/").headers["Location"] == "/activate/"
    with timezone.frozen(timezone.now() + SHOWN_FOR + timedelta(seconds=1)):
        assert client.get("/setup/slips/").headers["Location"] == "/activate/"


@pytest.mark.django_db
def test_whoever_runs_the_server_can_give_a_code_to_an_administrator_who_lost_theirs(client, capsys):
    send_form(client, "/setup/", {**THREE, "code": services.issue_setup_code()})
    call_command("issue_code", "A2")
    told = capsys.readouterr().out
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", told).group()
    data = {"login": "A2", "code": code, "password1": "三员分立 2026", "password2": "三员分立 2026"}
    assert "赵安" in told
    assert send_form(Client(), "/activate/", data).status_code == 302
    with pytest.raises(Refusal, match="A9"):
        call_command("issue_code", "A9")


@pytest.mark.django_db
def test_slips_carry_the_public_address_whatever_host_was_asked_for(client, settings):
    page = post_raw(
        client,
        "/setup/",
        {**THREE, "code": services.issue_setup_code()},
        follow=True,
        headers={"host": "127.0.0.1:8000"},
    )
    text = page.content.decode()
    assert "https://say.example.com/activate/" in text
    assert "127.0.0.1" not in text


@pytest.mark.django_db
def test_slips_of_a_system_that_does_not_know_its_address_say_so(client, settings):
    settings.LIANXIN_PUBLIC_URL = ""
    page = post_raw(client, "/setup/", {**THREE, "code": services.issue_setup_code()}, follow=True)
    text = page.content.decode()
    assert ("LIANXIN_PUBLIC_URL" in text, "testserver" in text, "data:image/svg+xml" in text) == (True, False, False)


@pytest.mark.django_db
def test_the_address_told_at_set_up_is_the_public_one(capsys, settings):
    call_command("welcome", address="http://127.0.0.1:8000/")
    assert "  https://say.example.com/setup/\n" in capsys.readouterr().out
    settings.LIANXIN_PUBLIC_URL = ""
    call_command("welcome", address="http://127.0.0.1:8000/")
    told = capsys.readouterr().out
    assert "  http://127.0.0.1:8000/setup/\n" in told
    assert "只在本机有效" in told


@pytest.mark.django_db
def test_afterwards_there_is_no_such_page(client):
    code = services.issue_setup_code()
    assert client.get("/setup/").status_code == 200
    send_form(client, "/setup/", {**THREE, "code": code})
    assert client.get("/setup/").status_code == 404
    assert post_raw(client, "/setup/", {**THREE, "code": code}).status_code == 404
    assert services.issue_setup_code() is None


@pytest.mark.django_db
def test_without_the_code_nothing_is_set_up(client):
    right = services.issue_setup_code()
    assert [send_form(client, "/setup/", {**THREE, "code": "AAAA-BBBB-CCCC"}).status_code for _n in range(6)] == [
        *[422] * 5,
        429,
    ]
    assert send_form(client, "/setup/", {**THREE, "code": right}).status_code == 429
    assert queries.setup_is_open()


@pytest.mark.django_db
def test_one_person_cannot_be_two_administrators(client):
    client.cookies["lianxin_language"] = "en"
    answer = send_form(client, "/setup/", {**THREE, "audit_admin_number": "A1", "code": services.issue_setup_code()})
    assert answer.status_code == 422
    assert "These must be three different people." in answer.content.decode()
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_a_later_code_voids_the_earlier_one():
    first, second = services.issue_setup_code(), services.issue_setup_code()
    assert not services.setup_code_is_right(first)
    assert services.setup_code_is_right(second)


@pytest.mark.django_db
def test_a_system_with_units_offers_no_set_up(client):
    UnitFactory()
    assert services.issue_setup_code() is None
    assert client.get("/setup/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_up_at_once_one_succeeds():
    code = services.issue_setup_code()
    start = Barrier(2)

    def set_up(number):
        start.wait()
        try:
            newcomers = {role: services.Newcomer(f"{role}", f"{number}{role}") for role in ADMINISTRATORS}
            return len(services.set_up(code=code, enterprise=f"公司{number}", administrators=newcomers))
        except ValidationFailed as error:
            return sorted(error.fields)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(set_up, "AB"))
    assert sorted(results, key=str) == [3, ["code"]]
    assert Unit.objects.count() == 1
    assert Person.objects.filter(role_grants__role=Role.AUDIT_ADMIN).count() == 1


@pytest.mark.django_db
def test_welcome_prints_the_code_of_an_empty_system_and_nothing_later(client, capsys):
    call_command("welcome", address="http://127.0.0.1:8000")
    said = capsys.readouterr().out
    assert "https://say.example.com/setup/" in said
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", said).group()
    assert services.setup_code_is_right(code)
    send_form(client, "/setup/", {**THREE, "code": code})
    call_command("welcome")
    assert capsys.readouterr().out == ""
