"""Signing in without a slip: a code to the address on file, and that an account was activated."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianxin.accounts.models import ActivationCode, CodeRequest, User
from lianxin.accounts.services import issue_codes, issue_requested_codes, request_code
from lianxin.kernel import timezone
from lianxin.notifications import services
from lianxin.notifications.models import Letter, Notice
from lianxin.org.enums import Role
from lianxin.org.models import Person
from tests.factories.accounts import account_of
from tests.factories.org import grant
from tests.notifications.conftest import TUESDAY, deliver_at, with_mail
from tests.pages import send_form

PASSWORD = {"password1": "纸飞机 on time 42", "password2": "纸飞机 on time 42"}
ASK, ACTIVATE = "/activate/code/", "/activate/"


@pytest.fixture
def li_na(house):
    Person.objects.filter(pk=house.li_na.pk).update(email="lina@corp.example.com")
    house.li_na.refresh_from_db()
    return house.li_na


def ask(typed, client=None, moment=TUESDAY):
    with timezone.frozen(moment):
        answer = send_form(client or Client(), ASK, {"login": typed}, follow=True)
        issue_requested_codes()
        services.deliver_codes()
    return answer.content.decode()


def code_in(mail):
    return re.search(r"\w{4}-\w{4}-\w{4}", mail.get_body(("plain",)).get_content())[0]


def activate(typed, code, moment=TUESDAY):
    with timezone.frozen(moment):
        return send_form(Client(), ACTIVATE, {"login": typed, "code": code, **PASSWORD})


def test_li_na_activates_her_account_with_a_code_from_her_work_email(li_na, server):
    assert ASK in Client().get(ACTIVATE).content.decode()
    assert "一分钟内会收到" in ask(li_na.employee_no)
    (mail,) = server.of("lina@corp.example.com")
    assert "https://say.example.com/activate/" in mail.get_body(("plain",)).get_content()
    assert not Letter.objects.exists()
    assert activate(li_na.employee_no, code_in(mail)).status_code == 302
    assert User.objects.get(person=li_na).has_usable_password()
    assert activate(li_na.employee_no, code_in(mail)).status_code == 422  # once


def test_who_is_told_that_an_account_was_activated(li_na, house, server):
    ask(li_na.employee_no)
    activate(li_na.employee_no, code_in(server.of("lina@corp.example.com")[0]))
    with timezone.frozen(TUESDAY):
        services.deliver_codes()
    told = server.of("lina@corp.example.com")[1].get_body(("plain",)).get_content()
    assert "如果不是您本人" in told
    notice = Notice.objects.get(recipient=li_na, kind="activated")
    assert timezone.to_the_hour(notice.at).astimezone(timezone.zone()).hour == 0  # the day, and no more
    with_mail(li_na, "own@example.com")
    ask(li_na.employee_no)
    activate(li_na.employee_no, code_in(server.of("own@example.com")[-1]))
    deliver_at(TUESDAY)
    assert len(server.of("lina@corp.example.com")) == 3
    assert any("如果不是您本人" in mail.get_body(("plain",)).get_content() for mail in server.of("own@example.com"))


@pytest.mark.parametrize(
    ("on_file", "own", "told"),
    [
        ("lina@corp.example.com", "lina@corp.example.com", []),  # one address: the inbox tells them of it
        ("lina@corp.example.com", "na@corp.example.com", ["lina@corp.example.com"]),
        ("lina@corp.example.com", "lina@corp.example.co", ["lina@corp.example.com"]),
        ("na@corp.example.com", "lina@corp.example.com", ["na@corp.example.com"]),
        ("", "lina@corp.example.com", []),
    ],
)
def test_an_activation_is_told_at_the_address_on_file_unless_it_is_the_persons_own(li_na, server, on_file, own, told):
    """The two addresses are compared whole: a part of one is not the other."""
    Person.objects.filter(pk=li_na.pk).update(email=on_file)
    with_mail(li_na, own)
    with timezone.frozen(TUESDAY):
        services.tell_of_activation(person_id=li_na.pk)
        services.deliver_codes()
    assert [to for to, _mail in server.mails] == told
    assert not Letter.objects.exists()


def test_a_code_goes_to_ones_own_address_whatever_is_on_file(li_na, server):
    Person.objects.filter(pk=li_na.pk).update(email="lina@corp.example.com")
    with_mail(li_na, "na@corp.example.com")
    ask(li_na.employee_no)
    assert [to for to, _mail in server.mails] == ["na@corp.example.com"]


def test_the_answer_tells_nothing_and_nobody_else_gets_a_code(li_na, house, server):
    def said(typed):
        return re.sub(r'value="[^"]*"', "", ask(typed).partition("<main")[2])

    assert said(li_na.employee_no) == said("99999") == said(house.outsider.employee_no)
    Person.objects.filter(pk=house.dispatcher.pk).update(email="desk@corp.example.com")
    ask(house.dispatcher.employee_no)  # holds a role: codes come from the security administrator
    account_of(house.wang_fang)
    Person.objects.filter(pk=house.wang_fang.pk).update(email="put-in-later@corp.example.com")
    ask(house.wang_fang.employee_no)  # signed in before: only to an address confirmed by the person
    assert [to for to, _mail in server.mails] == ["lina@corp.example.com"]
    with_mail(house.wang_fang, "own@example.com")
    ask(house.wang_fang.employee_no)
    assert [to for to, _mail in server.mails][-1] == "own@example.com"


def test_asking_for_a_code_is_the_same_work_whether_or_not_there_is_such_a_person(li_na, house):
    """Else the time that an answer takes would tell whose number is on file."""

    def statements(typed):
        with timezone.frozen(TUESDAY), CaptureQueriesContext(connection) as captured:
            request_code(typed=typed, address="192.0.2.1")
        said = [query["sql"].partition(" VALUES ")[0] for query in captured]
        return [re.sub(r'".+_x\d+"', "", statement) for statement in said]  # the names of savepoints

    numbers = [li_na.employee_no, house.dispatcher.employee_no, house.outsider.employee_no, "99999", "13800138000"]
    said = [statements(number) for number in numbers]
    assert said == [said[0]] * len(numbers)
    assert not any("org_person" in statement for statement in said[0])
    assert list(CodeRequest.objects.values_list("typed", flat=True).order_by("typed")) == sorted(numbers)
    with timezone.frozen(TUESDAY):
        issue_requested_codes()
    assert not CodeRequest.objects.exists()
    assert [letter.person for letter in Letter.objects.all()] == [li_na]


def test_a_requested_code_voids_no_slip_and_is_good_for_a_day(li_na, house, server):
    with timezone.frozen(TUESDAY):
        (slip,) = issue_codes(actor=house.security_admin, person_ids=[li_na.pk])
    ask(li_na.employee_no)
    assert ActivationCode.objects.count() == 2
    mailed = code_in(server.of("lina@corp.example.com")[0])
    assert activate(li_na.employee_no, mailed, TUESDAY.replace(day=26)).status_code == 422
    assert activate(li_na.employee_no, slip.code).status_code == 302
    assert not ActivationCode.objects.exists()


def test_codes_are_asked_for_three_times_an_hour(li_na, server):
    for _n in range(3):
        ask(li_na.employee_no)
    with timezone.frozen(TUESDAY):
        assert send_form(Client(), ASK, {"login": li_na.employee_no}).status_code == 429
    assert len(server.of("lina@corp.example.com")) == 3


def test_however_a_number_is_written_it_counts_together(li_na, server):
    Person.objects.filter(pk=li_na.pk).update(phone="13800138000")
    for typed in ("13800138000", "138-0013-8000", "+8613800138000", "13800138000#1", "13800138000#2"):
        assert "一分钟内会收到" in ask(typed)
    assert len(server.of("lina@corp.example.com")) == 3


def test_whoever_holds_a_role_never_has_a_code_by_mail(li_na, house, server):
    """Whoever sets the mail server up reads what it carries, and removes second factors."""
    account_of(house.dispatcher)
    with_mail(house.dispatcher, "own@example.com")
    ask(house.dispatcher.employee_no)
    assert not server.mails
    ask(li_na.employee_no)
    grant(li_na, Role.INSPECTOR, house.company, started_on=TUESDAY.date())
    assert activate(li_na.employee_no, code_in(server.of("lina@corp.example.com")[0])).status_code == 422


def test_the_database_never_holds_the_code(li_na, server):
    server.stop()
    with timezone.frozen(TUESDAY):
        send_form(Client(), ASK, {"login": li_na.employee_no})
        issue_requested_codes()
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(l::text, '') FROM notifications_letter l")
            waiting = cursor.fetchone()[0]
        services.deliver_codes()
        assert Letter.objects.get().failures == 0  # the server was away: it waits
    server.start()
    deliver_at(TUESDAY.replace(hour=10))
    code = code_in(server.of("lina@corp.example.com")[0])
    assert code not in waiting
    assert code.replace("-", "") not in waiting
    assert activate(li_na.employee_no, code).status_code == 302


def test_a_code_that_could_not_go_for_two_days_goes_nowhere(li_na, server):
    server.stop()
    ask(li_na.employee_no)
    server.start()
    deliver_at(TUESDAY.replace(day=27))
    assert (server.mails, Letter.objects.count()) == ([], 0)


def test_without_a_mail_server_nobody_is_offered_a_code(house, client, settings):
    settings.LIANXIN_MAIL = None
    assert ASK not in client.get(ACTIVATE).content.decode()
    assert client.get(ASK).status_code == 404
