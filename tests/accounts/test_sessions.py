"""Where somebody is signed in, and ending it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from lianxin.accounts import services
from lianxin.accounts.enums import Device
from lianxin.accounts.models import SignIn, User
from lianxin.accounts.services.sessions import device_of
from lianxin.kernel import timezone
from lianxin.kernel.sessions import stored_key
from lianxin.org.enums import Role
from lianxin.org.services import correct_person, end_role, record_departure, take_back_person
from tests.factories.accounts import PASSWORD, account_of
from tests.factories.org import grant
from tests.pages import post_raw, send_form

pytestmark = pytest.mark.django_db

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
PHONE = (
    "Mozilla/5.0 (Linux; Android 9; CPH1823) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0"
)
TABLET = "Mozilla/5.0 (Linux; Android 12; SM-X200) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (IPHONE, Device.PHONE),
        (PHONE, Device.PHONE),
        (TABLET, Device.TABLET),
        ("Mozilla/5.0 (iPad; CPU OS 16_0)", Device.TABLET),
        (DESK, Device.COMPUTER),
        ("", Device.COMPUTER),
    ],
)
def test_of_a_browser_only_the_kind_of_device_is_kept(agent, device):
    assert device_of(agent) == device


def test_li_na_signs_out_a_lost_phone(li_na, signed_in):
    phone, desk = signed_in(li_na, HTTP_USER_AGENT=IPHONE), signed_in(li_na, HTTP_USER_AGENT=DESK)
    page = desk.get("/me/devices/").content.decode()
    assert page.count("/sign-out/") - page.count('action="/sign-out/"') >= 1
    lost = SignIn.objects.get(device=Device.PHONE)
    assert send_form(desk, "/me/devices/", to=f"/me/devices/{lost.pk}/sign-out/").status_code == 302
    assert phone.get("/own-page/").status_code == 302
    assert desk.get("/own-page/").status_code == 200


def test_she_signs_out_everywhere_else(li_na, signed_in):
    here, *others = (signed_in(li_na) for _n in range(3))
    send_form(here, "/me/devices/", to="/me/devices/sign-out-others/")
    assert here.get("/own-page/").status_code == 200
    assert [other.get("/own-page/").status_code for other in others] == [302, 302]


def test_nobody_signs_somebody_else_out(li_na, wang_qiang, signed_in):
    hers, his = signed_in(li_na), signed_in(wang_qiang)
    session = SignIn.objects.get(user__person=li_na)
    assert post_raw(his, f"/me/devices/{session.pk}/sign-out/").status_code == 404
    assert hers.get("/own-page/").status_code == 200


def test_changing_the_password_ends_the_other_sessions(li_na, signed_in):
    here, other = signed_in(li_na), signed_in(li_na)
    data = {"password": PASSWORD, "password1": "新的说法 2027", "password2": "新的说法 2027"}
    assert send_form(here, "/me/password/", data).status_code == 302
    assert here.get("/own-page/").status_code == 200
    assert other.get("/own-page/").status_code == 302
    assert SignIn.objects.count() == 1
    assert here.get("/me/devices/").status_code == 200


def test_the_present_password_cannot_be_guessed_there(li_na, signed_in):
    here = signed_in(li_na)
    data = {"password": "x", "password1": "新的说法 2027", "password2": "新的说法 2027"}
    assert [send_form(here, "/me/password/", data).status_code for _n in range(6)] == [422] * 5 + [429]


def test_who_leaves_is_signed_out_at_once_and_stays_out(li_na, signed_in):
    client = signed_in(li_na)
    record_departure(actor=None, person_id=li_na.pk)
    assert client.get("/own-page/").status_code == 302
    assert send_form(client, "/sign-in/", {"login": "E10001", "password": PASSWORD}).status_code == 422
    assert not Session.objects.exists()


def test_who_comes_back_needs_a_new_code(team, security_admin, li_na):
    account_of(li_na)
    record_departure(actor=None, person_id=li_na.pk, last_day=timezone.today() - timedelta(days=1))
    take_back_person(actor=None, person_id=li_na.pk, unit_id=team.pk)
    user = User.objects.get(person=li_na)
    assert user.may_sign_in
    assert not user.has_usable_password()
    assert len(services.issue_codes(actor=security_admin, person_ids=[li_na.pk])) == 1


def test_a_corrected_number_is_the_one_to_sign_in_with(client, li_na):
    account_of(li_na)
    correct_person(actor=None, person_id=li_na.pk, name="李娜", employee_no="E20001", phone="")
    assert send_form(client, "/sign-in/", {"login": "E10001", "password": PASSWORD}).status_code == 422
    assert send_form(client, "/sign-in/", {"login": "E20001", "password": PASSWORD}).status_code == 302


def test_a_role_that_ends_is_gone_at_the_next_request(company, security_admin, li_na, signed_in, enrolled):
    held = grant(li_na, Role.SECURITY_ADMIN, company)
    client = signed_in(li_na)
    assert client.get("/accounts/").status_code == 200
    end_role(actor=None, grant_id=held.pk)
    assert client.get("/accounts/").status_code == 403


def test_a_session_ends_after_two_weeks(li_na, signed_in):
    client = signed_in(li_na)
    later = timezone.now() + timedelta(days=16)
    assert client.session.get_expiry_date() < later
    with timezone.frozen(later):
        services.forget_expired()
    assert not Session.objects.exists()
    assert not SignIn.objects.exists()
    assert client.get("/own-page/").status_code == 302


def test_a_copy_of_the_database_holds_no_key_that_a_browser_could_show(li_na, signed_in):
    client = signed_in(li_na)
    key = client.cookies["lianxin_session"].value
    kept = {Session.objects.get().session_key, SignIn.objects.get().session_key}
    assert kept == {stored_key(key)}
    assert key not in kept
    for found in kept:
        thief = Client()
        thief.cookies["lianxin_session"] = found
        assert thief.get("/own-page/").status_code == 302
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM django_session s")
        assert key not in cursor.fetchone()[0]


def test_signing_out_here_ends_only_this_session(li_na, signed_in):
    here, other = signed_in(li_na), signed_in(li_na)
    post_raw(here, "/sign-out/")
    assert SignIn.objects.get().session_key == stored_key(other.cookies["lianxin_session"].value)
    assert other.get("/own-page/").status_code == 200


def test_keys_of_before_are_hashed_in_place_and_nobody_is_signed_out(li_na, signed_in):
    client = signed_in(li_na)
    key = client.cookies["lianxin_session"].value
    Session.objects.update(session_key=key)
    SignIn.objects.update(session_key=key)
    migration = import_module("lianxin.accounts.migrations.0003_hashed_session_keys")
    assert client.get("/own-page/").status_code == 302, "a key in clear is none"
    with connection.schema_editor() as editor:
        migration._hash(None, editor)
    client.cookies["lianxin_session"] = key
    assert client.get("/own-page/").status_code == 200
    assert "/me/devices/" in client.get("/me/").content.decode()
    assert SignIn.objects.get().session_key == stored_key(key)
