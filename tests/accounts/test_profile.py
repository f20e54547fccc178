"""我的, the language, and the sample enterprise's one click."""

import pytest
from django.core.management import call_command
from django.test import Client

from lianxin.accounts.models import User
from lianxin.org.enums import Role
from tests.factories.accounts import PASSWORD, account_of
from tests.factories.org import PersonFactory
from tests.pages import post_raw, send_form

pytestmark = pytest.mark.django_db


def test_my_page_shows_name_number_unit_and_roles(company, team, signed_in):
    handler = PersonFactory(name="陈浩", employee_no="E3", unit=team, roles={Role.HANDLER: company})
    page = signed_in(handler).get("/me/").content.decode()
    for said in ("陈浩", "E3", "带电作业班", "江城供电公司"):
        assert said in page


def test_the_language_is_chinese_unless_chosen_whatever_the_browser_wishes(client):
    page = client.get("/sign-in/", headers={"Accept-Language": "en"})
    assert page.headers["Content-Language"] == "zh-hans"
    send_form(client, "/sign-in/", to="/language/", press="en")
    assert client.get("/sign-in/").headers["Content-Language"] == "en"
    send_form(client, "/sign-in/", to="/language/", press="zh-hans")
    assert client.get("/sign-in/").headers["Content-Language"] == "zh-hans"


def test_a_language_that_is_not_there_and_a_foreign_address_are_not_taken(client):
    answer = post_raw(client, "/language/", {"language": "xx", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"
    assert "lianxin_language" not in answer.cookies


def test_the_language_follows_the_account_to_another_device(li_na, signed_in):
    send_form(signed_in(li_na), "/me/", to="/language/", press="en")
    assert User.objects.get(person=li_na).language == "en"
    assert signed_in(li_na).get("/me/").headers["Content-Language"] == "en"


@pytest.fixture
def cast(company, team, li_na, wang_qiang):
    PersonFactory(name="周派", employee_no="D1", unit=company, roles={Role.DISPATCHER: company})
    PersonFactory(name="吴检", employee_no="I1", unit=company, roles={Role.INSPECTOR: company})


def test_in_the_sample_enterprise_one_click_signs_in(settings, cast, li_na):
    settings.DEMO = True
    client = Client()
    groups = client.get("/sign-in/").context["demo_groups"]
    assert [(group.role, [person.name for person in group.people]) for group in groups] == [
        (None, ["李娜", "王强"]),
        (Role.DISPATCHER, ["周派"]),
        (Role.INSPECTOR, ["吴检"]),
    ]
    assert send_form(client, "/sign-in/", to=f"/sign-in/as/{li_na.pk}/").status_code == 302
    assert client.get("/own-page/").content.decode() == "李娜"


def test_elsewhere_there_is_no_such_thing(settings, cast, li_na):
    settings.DEMO = False
    account_of(li_na)
    client = Client()
    page = client.get("/sign-in/")
    assert page.context["demo_groups"] == []
    assert "/sign-in/as/" not in page.content.decode()
    assert post_raw(client, f"/sign-in/as/{li_na.pk}/").status_code == 404
    assert client.get("/own-page/").status_code == 302


def test_one_click_needs_a_post_with_the_form_s_token(settings, cast, li_na):
    settings.DEMO = True
    assert Client().get(f"/sign-in/as/{li_na.pk}/").status_code == 405
    assert post_raw(Client(enforce_csrf_checks=True), f"/sign-in/as/{li_na.pk}/").status_code == 403


def test_welcome_names_who_can_sign_in_as_what(settings, cast, capsys, monkeypatch):
    settings.DEMO = True
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    call_command("welcome", address="http://127.0.0.1:8000/")
    said = capsys.readouterr().out
    assert "https://say.example.com/sign-in/" in said
    assert "dispatcher: 周派" in said
    assert PASSWORD not in said
