"""Entering and confirming an address, choosing when, stopping with one click; in the pages as people use them."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from lianxin.kernel import timezone
from lianxin.kernel.errors import RateLimited, ValidationFailed
from lianxin.notifications import services
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact
from lianxin.notifications.services.contacts import code_of, stop_token
from tests.factories.accounts import PASSWORD, sign_in
from tests.factories.cases import submit
from tests.factories.org import PersonFactory
from tests.notifications.conftest import TUESDAY, deliver_at, with_mail
from tests.notifications.smtp import text_of
from tests.pages import post_raw, send_form

PAGE = "/me/notifications/"


@pytest.fixture
def li_na(db):
    return PersonFactory(name="李娜")


def test_on_a_device_found_signed_in_nobody_enters_an_address_of_theirs(li_na, server, client):
    sign_in(client, li_na)
    answer = send_form(client, PAGE, {"address": "thief@example.com"})
    assert answer.status_code == 302
    assert "/me/confirm/" in answer["Location"]
    assert not Contact.objects.exists()
    page = client.get(answer["Location"])
    done = send_form(client, page, {"password": PASSWORD}, follow=True)
    assert done.status_code == 200
    assert Contact.objects.get().address == "thief@example.com"  # what was typed is not lost


def test_an_address_is_entered_confirmed_and_used_from_the_page(li_na, server, client):
    sign_in(client, li_na)
    send_form(client, f"/me/confirm/?next={PAGE}", {"password": PASSWORD})
    assert "发送验证码" in client.get(PAGE).content.decode()
    assert send_form(client, PAGE, {"address": "lina＠Example.COM "}).status_code == 302
    services.deliver()
    (mail,) = server.of("lina@example.com")
    assert li_na.name not in mail.as_string() + text_of(mail)
    assert "List-Unsubscribe" not in mail
    code = re.search(r"\d{6}", text_of(mail)).group()
    assert code not in str(Contact.objects.values())
    wrong = send_form(client, PAGE, {"code": "000000" if code != "000000" else "111111"})
    assert (wrong.status_code, "验证码不正确" in wrong.content.decode()) == (422, True)
    send_form(client, PAGE, {"code": f" {code[:3]} {code[3:]}"})
    page = client.get(PAGE).content.decode()
    assert "lina@example.com" in page
    assert "已确认" in page
    chosen = {
        "wish": "daily",
        "daily_at": "17:00",
        "quiet_from": "20:00",
        "quiet_until": "07:00",
        "working_days_only": False,
    }
    assert send_form(client, PAGE, chosen).status_code == 302
    contact = Contact.objects.get()
    assert (contact.wish, f"{contact.daily_at:%H:%M}", contact.working_days_only) == (Frequency.DAILY, "17:00", False)
    send_form(client, PAGE, to="/forget/")
    assert not Contact.objects.exists()


def test_a_daily_hour_in_the_quiet_hours_is_not_taken(li_na, server, client):
    with_mail(li_na)
    sign_in(client, li_na)
    for hours in (("20:00", "07:00"), ("12:00", "23:00")):
        chosen = {"wish": "daily", "daily_at": "22:00", "quiet_from": hours[0], "quiet_until": hours[1]}
        answer = send_form(client, PAGE, chosen)
        assert (answer.status_code, "免打扰时段内" in answer.content.decode()) == (422, True)
    assert Contact.objects.get().wish == Frequency.DUTIES_AT_ONCE


@pytest.mark.parametrize(
    "address",
    [
        "",
        "lina",
        "lina@",
        "lina@example.com\nBcc: all@example.com",
        "lina@example.com\r\nSubject: x",
        "lina@example.com, boss@example.com",
        "<lina@example.com>",
        "李娜@example.com",
        "lina@example.com\0",
        '"a b"@example.com\n',
        "a" * 250 + "@example.com",
    ],
)
def test_what_is_no_address_or_more_than_one_is_refused(li_na, address):
    with pytest.raises(ValidationFailed):
        services.enter_address(actor=li_na, address=address)
    assert not Contact.objects.exists()


def test_a_code_is_good_for_a_day_for_its_address_and_for_few_guesses(li_na):
    with timezone.frozen(TUESDAY):
        first = services.enter_address(actor=li_na, address="old@example.com")
        old = code_of(first)
        second = services.enter_address(actor=li_na, address="new@example.com")
        assert first.pk == second.pk
        with pytest.raises(ValidationFailed):
            services.confirm_address(actor=li_na, code=old)
    with timezone.frozen(TUESDAY + timedelta(hours=25)), pytest.raises(ValidationFailed):
        services.confirm_address(actor=li_na, code=code_of(second))
    with timezone.frozen(TUESDAY + timedelta(hours=2)):
        for _ in range(10):
            with pytest.raises(ValidationFailed):
                services.confirm_address(actor=li_na, code="x")
        with pytest.raises(RateLimited):
            services.confirm_address(actor=li_na, code=code_of(second))


def test_nobody_is_flooded_with_codes(li_na):
    for _ in range(3):
        services.enter_address(actor=li_na, address="victim@example.com")
    with pytest.raises(RateLimited):
        services.enter_address(actor=PersonFactory(), address="victim@example.com")
    for number in range(2):
        services.enter_address(actor=li_na, address=f"other{number}@example.com")
    with pytest.raises(RateLimited):
        services.enter_address(actor=li_na, address="another@example.com")


def test_one_click_stops_it_without_signing_in_and_tells_nothing(house, server):
    contact = with_mail(house.dispatcher, "desk@example.com")
    with timezone.frozen(TUESDAY):
        submit(house.li_na)
    deliver_at(TUESDAY)
    (mail,) = server.of("desk@example.com")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = mail["List-Unsubscribe"].strip("<>").removeprefix("https://say.example.com")
    stranger = Client(enforce_csrf_checks=True)
    looked = stranger.get(path)
    assert Contact.objects.get().wish == Frequency.DUTIES_AT_ONCE  # looking, as mail scanners do, stops nothing
    wrong = "/stop/" + "A" * len(stop_token(contact)) + "/"

    def said(address, method="get"):
        answer = getattr(stranger, method)(address, {"List-Unsubscribe": "One-Click"})
        main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
        return answer.status_code, main.replace(address, "")

    assert said(wrong) == said(path)
    assert said(wrong, "post") == said(path, "post")
    assert Contact.objects.get().wish == Frequency.NEVER
    assert house.dispatcher.name not in looked.content.decode()
    assert "desk@example.com" not in looked.content.decode()
    assert looked.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["x", "中文", "A" * 500, "AAAA"])
def test_a_token_that_is_none_does_nothing(db, token):
    assert post_raw(Client(), f"/stop/{token}/").status_code == 200


def test_an_old_mails_token_does_not_reach_a_new_address(house):
    contact = with_mail(house.li_na, "old@example.com")
    token = stop_token(contact)
    with_mail(house.li_na, "new@example.com")
    services.stop_by_token(token)
    assert Contact.objects.get().wish == Frequency.DUTIES_AT_ONCE


def test_a_refused_address_is_said_on_the_page(li_na, server, client):
    with_mail(li_na, "gone@example.com", refused_at=TUESDAY)
    page = sign_in(client, li_na).get(PAGE).content.decode()
    assert "gone@example.com" in page
    assert "被退回" in page


def test_a_code_that_somebody_waits_for_leaves_before_the_minute(li_na, house, server):
    with_mail(house.dispatcher, "desk@example.com")
    with timezone.frozen(TUESDAY):
        submit(house.li_na)
        services.deliver_codes()
        assert server.mails == []  # notices wait for their round
        services.enter_address(actor=li_na, address="lina@example.com")
        assert services.deliver_codes() == 1
        assert services.deliver_codes() == 0
    assert [to for to, _mail in server.mails] == ["lina@example.com"]


def test_without_a_mail_server_the_page_says_so_and_mails_are_printed(li_na, settings, client, mailoutbox):
    settings.LIANXIN_MAIL = None
    services.enter_address(actor=li_na, address="lina@example.com")
    assert "还没有设置邮件服务器" in sign_in(client, li_na).get(PAGE).content.decode()
    services.deliver()
    assert [mail.to for mail in mailoutbox] == [["lina@example.com"]]
    assert "http" not in mailoutbox[0].body


@pytest.mark.django_db
def test_the_command_sends_at_once_and_says_what_the_server_said(server, capsys):
    call_command("send_test_mail", "boss@example.com")
    assert "2.0.0 taken" in capsys.readouterr().out
    assert server.subjects("boss@example.com") == ["连心桥"] or server.subjects("boss@example.com") == ["Lianxin"]
    server.answers["boss@example.com"] = (550, "5.1.1 no such user")
    with pytest.raises(CommandError, match=r"5\.1\.1 no such user"):
        call_command("send_test_mail", "boss@example.com")
    server.stop()
    with pytest.raises(CommandError, match=r"587、465、25.*ConnectionRefusedError"):
        call_command("send_test_mail", "boss@example.com")
    server.start()
