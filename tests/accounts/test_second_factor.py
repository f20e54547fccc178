"""The second step: who must have it, and what guards it."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client

from lianxin.accounts import services
from lianxin.accounts.models import User
from lianxin.kernel import rate_limit, timezone
from lianxin.kernel.errors import NotFound, PermissionDenied
from lianxin.ledger.queries import events_of
from lianxin.org.enums import STRONG_SIGN_IN, Role
from lianxin.org.services import grant_role
from tests.factories.accounts import PASSWORD, account_of, sign_in
from tests.factories.org import PersonFactory
from tests.pages import post_raw, send_form

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_now(secret=SECRET, *, step=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def with_app(person):
    TOTP.activate(account_of(person), SECRET)
    return person


def first_step(person):
    client = Client()
    client.cookies["lianxin_language"] = "en"
    answer = send_form(client, "/sign-in/", {"login": person.employee_no, "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/code/"
    return client


@pytest.mark.parametrize("role", list(Role))
def test_administrators_and_inspectors_must_set_it_up_before_anything_else(company, signed_in, role):
    client = signed_in(PersonFactory(unit=company, roles={role: company}))
    answer = client.get("/own-page/")
    if role in STRONG_SIGN_IN:
        assert (answer.status_code, answer.headers["Location"]) == (302, "/me/second-step/")
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("/own-page/", False),
        ("/me/", False),
        ("/me/password/", False),
        ("/me/devices/", False),
        ("/accounts/", False),
        ("/me/second-step/", True),
        ("/me/confirm/", True),
        ("/sign-out/", True),
        ("/service-worker.js", True),
        ("/manifest.webmanifest", True),
    ],
)
def test_until_then_only_setting_it_up_and_leaving_are_open(security_admin, signed_in, address, open_):
    answer = signed_in(security_admin).get(address)
    assert (answer.status_code == 200) is open_


def test_the_sample_enterprise_is_excepted(settings, security_admin, signed_in):
    settings.DEMO = True
    assert signed_in(security_admin).get("/own-page/").status_code == 200


def test_setting_up_an_app_opens_the_rest_and_gives_recovery_codes(security_admin, signed_in):
    client = signed_in(security_admin)
    assert client.get("/me/second-step/app/").headers["Location"].startswith("/me/confirm/")
    send_form(client, "/me/confirm/?next=/me/second-step/app/", {"password": PASSWORD})
    page = client.get("/me/second-step/app/")
    assert "data:image/svg+xml" in page.content.decode()
    assert 'xmlns="http://www.w3.org/2000/svg"' in page.context["totp_svg"], "without it a browser shows no image"
    secret = page.context["form"].secret
    answer = send_form(client, page, {"code": code_now(secret)})
    assert answer.headers["Location"] == "/me/second-step/recovery-codes/"
    codes = client.get("/me/second-step/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/own-page/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM mfa_authenticator t")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert secret not in rows
    stamps = Authenticator.objects.values_list("created_at", "last_used_at")
    assert {(at.minute, at.second, at.microsecond) for pair in stamps for at in pair if at} <= {(0, 0, 0)}


def test_signing_in_asks_for_the_code(security_admin):
    client = first_step(with_app(security_admin))
    assert client.get("/own-page/").status_code == 302, "the password alone is not enough"
    assert send_form(client, "/sign-in/code/", {"code": "000000"}).status_code == 200
    assert send_form(client, "/sign-in/code/", {"code": code_now()}).status_code == 302
    assert client.get("/own-page/").status_code == 200


def test_a_code_works_once(security_admin):
    with_app(security_admin)
    code = code_now()
    assert send_form(first_step(security_admin), "/sign-in/code/", {"code": code}).status_code == 302
    page = send_form(first_step(security_admin), "/sign-in/code/", {"code": code}).content.decode()
    assert "This code has already been used." in page or "incorrect" in page


def test_guessing_the_second_step_is_slowed(security_admin):
    client = first_step(with_app(security_admin))
    for _n in range(5):
        send_form(client, "/sign-in/code/", {"code": "000000"})
    page = send_form(client, "/sign-in/code/", {"code": code_now()}).content.decode()
    assert "Too many attempts." in page


def test_a_recovery_code_serves_once(security_admin, signed_in):
    with_app(security_admin)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415

    code = RecoveryCodes.activate(account_of(security_admin)).generate_codes()[0]
    assert send_form(first_step(security_admin), "/sign-in/code/", {"code": code}).status_code == 302
    assert send_form(first_step(security_admin), "/sign-in/code/", {"code": code}).status_code == 200


def test_a_one_time_code_does_not_get_round_it(company, security_admin):
    other = PersonFactory(name="周安", unit=company, roles={Role.SECURITY_ADMIN: company})
    with_app(other)
    code = services.issue_codes(actor=security_admin, person_ids=[other.pk])[0].code
    client = Client()
    data = {"login": other.employee_no, "code": code, "password1": "新的说法 2027", "password2": "新的说法 2027"}
    assert send_form(client, "/activate/", data).headers["Location"] == "/sign-in/code/"
    assert client.get("/own-page/").status_code == 302


def test_an_administrator_cannot_take_away_the_last_one(security_admin, li_na):
    for person, left in [(security_admin, 1), (li_na, 0)]:
        client = first_step(with_app(person))
        send_form(client, "/sign-in/code/", {"code": code_now()})
        send_form(client, "/me/confirm/?next=/", {"password": PASSWORD})
        page = client.get("/me/second-step/app/remove/")
        if left:
            assert "<h1" in page.content.decode()
            post_raw(client, "/me/second-step/app/remove/")  # the page says why not, and offers no button
        else:
            send_form(client, page, to="/app/remove/")
        assert Authenticator.objects.filter(user__person=person).count() == left


def test_a_role_granted_at_noon_asks_for_it_at_once(company, li_na, signed_in):
    client = signed_in(li_na)
    assert client.get("/own-page/").status_code == 200
    grant_role(actor=None, person_id=li_na.pk, role=Role.INSPECTOR, unit_id=company.pk)
    assert client.get("/own-page/").headers["Location"] == "/me/second-step/"


def test_who_lost_phone_and_key_is_helped_by_a_system_administrator_and_it_is_on_the_record(system_admin, li_na):
    with_app(li_na)
    services.remove_second_factor(actor=system_admin, person_id=li_na.pk)
    sign_in(Client(), li_na)
    event = events_of("account", User.objects.get(person=li_na).pk).get()
    assert (event.action, event.actor_id) == ("remove_second_factor", system_admin.pk)


def test_no_one_administrator_can_both_reset_a_password_and_remove_the_second_step(
    company, system_admin, security_admin
):
    inspector = with_app(PersonFactory(name="吴检", unit=company, roles={Role.INSPECTOR: company}))
    with pytest.raises(PermissionDenied):
        services.remove_second_factor(actor=security_admin, person_id=inspector.pk)
    with pytest.raises(PermissionDenied):
        services.issue_codes(actor=system_admin, person_ids=[inspector.pk])
    with pytest.raises(PermissionDenied):
        services.remove_second_factor(actor=inspector, person_id=inspector.pk)
    with_app(system_admin)
    with pytest.raises(NotFound):
        services.remove_second_factor(actor=system_admin, person_id=system_admin.pk)


def test_the_page_offers_each_administrator_their_own_part(enrolled, signed_in, system_admin, security_admin, li_na):
    for person, codes, removal in [(security_admin, True, False), (system_admin, False, True)]:
        page = signed_in(person).get("/accounts/?q=E10001").content.decode()
        assert ('name="everybody"' in page) is codes
        assert (f"/accounts/{li_na.pk}/remove-second-step/" in page) is removal


@pytest.mark.parametrize(
    "address",
    [
        "/me/second-step/",
        "/me/second-step/app/",
        "/me/second-step/app/remove/",
        "/me/second-step/passkeys/add/",
        "/me/second-step/recovery-codes/",
        "/me/second-step/recovery-codes/new/",
        "/me/confirm/",
        "/me/confirm/code/",
    ],
)
def test_every_page_has_one_heading_and_none_of_a_stranger_s_look(security_admin, address):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes  # noqa: PLC0415

    RecoveryCodes.activate(account_of(with_app(security_admin)))
    client = first_step(security_admin)
    send_form(client, "/sign-in/code/", {"code": code_now()})
    send_form(client, "/me/confirm/?next=/", {"password": PASSWORD})
    page = client.get(address, follow=True).content.decode()
    assert page.count("<h1") == 1
    assert "lianxin.css" in page


def set_up_with(client, code_of):
    """Confirm the password and set the app up with a code; gives the app's secret and the code."""
    post_raw(client, "/me/confirm/?next=/me/second-step/app/", {"password": PASSWORD})
    secret = client.get("/me/second-step/app/").context["form"].secret
    code = code_of(secret)
    assert post_raw(client, "/me/second-step/app/", {"code": code}).status_code == 302
    return secret, code


@pytest.mark.parametrize(
    "typed", ["{0}", " {0} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}"]
)
def test_the_code_with_which_the_app_was_set_up_signs_nobody_in(security_admin, signed_in, typed):
    secret, code = set_up_with(signed_in(security_admin), code_now)
    client = first_step(security_admin)
    page = post_raw(client, "/sign-in/code/", {"code": typed.format(code)}).content.decode()
    assert "This code has already been used." in page
    assert client.get("/own-page/").status_code == 302
    assert post_raw(client, "/sign-in/code/", {"code": code_now(secret, step=1)}).status_code == 302


def test_a_used_code_stays_used_over_midnight(security_admin):
    user = account_of(security_admin)
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    with timezone.frozen(midnight - timedelta(seconds=5)):
        assert services.use_code_once(user=user, code="123456")
    with timezone.frozen(midnight + timedelta(seconds=5)):
        assert not services.use_code_once(user=user, code="123 456")
        rate_limit.forget_expired()
        assert not services.use_code_once(user=user, code="123456")
