"""One-time codes: handed out, redeemed, void."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from lianxin.accounts import services
from lianxin.accounts.models import ActivationCode, User
from lianxin.accounts.services.codes import ALPHABET, new_code
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.ledger.queries import events_of
from lianxin.org.enums import Role
from lianxin.org.services import record_departure
from lianxin.ui.shown_again import SHOWN_FOR
from tests.factories.accounts import account_of
from tests.factories.org import PersonFactory, UnitFactory
from tests.pages import send_form
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

NEW = "新的说法 2027"
WRONG = "The employee number or code is incorrect, or the code has been used or has expired."


def redeem(code, login="E10001", password=NEW, again=None, client=None):
    client = client or Client()
    client.cookies["lianxin_language"] = "en"
    data = {"login": login, "code": code, "password1": password, "password2": again or password}
    return send_form(client, "/activate/", data)


@pytest.fixture
def code(security_admin, li_na):
    return services.issue_codes(actor=security_admin, person_ids=[li_na.pk])[0].code


def test_a_code_has_sixty_bits_and_no_look_alikes():
    assert len(set(ALPHABET)) == 32
    assert not set("01OI") & set(ALPHABET)
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}", new_code())
    assert len({new_code() for _n in range(1000)}) == 1000


def test_li_na_sets_her_password_with_the_code_and_is_in(li_na, code):
    client = Client()
    answer = redeem(code, client=client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/own-page/").content.decode() == "李娜"
    assert not ActivationCode.objects.exists()


@pytest.mark.parametrize("spell", [str.lower, lambda c: c.replace("-", ""), lambda c: c.replace("-", " ")])
def test_a_code_is_understood_however_it_is_typed(li_na, code, spell):
    assert redeem(spell(code), login="13900000001").status_code == 302


def test_a_code_works_once(li_na, code):
    assert redeem(code).status_code == 302
    answer = redeem(code)
    assert answer.status_code == 422
    assert WRONG in answer.content.decode()


def test_of_two_who_redeem_it_at_once_one_succeeds(li_na, code):
    user = User.objects.get(person=li_na)
    services.activate(user=user, code=code, password=NEW)
    with pytest.raises(ValidationFailed):
        services.activate(user=user, code=code, password="another 2027")
    assert User.objects.get(pk=user.pk).check_password(NEW)


def test_a_code_works_for_fourteen_days(li_na, code):
    with timezone.frozen(timezone.now() + timedelta(days=15)):
        assert redeem(code).status_code == 422
    with timezone.frozen(timezone.now() + timedelta(days=14)):
        assert redeem(code).status_code == 302


def test_a_new_code_voids_the_old_one_and_the_password_stays_until_it_is_used(security_admin, li_na, code):
    redeem(code)
    second, third = (services.issue_codes(actor=security_admin, person_ids=[li_na.pk])[0].code for _n in "ab")
    assert send_form(Client(), "/sign-in/", {"login": "E10001", "password": NEW}).status_code == 302
    assert redeem(second, password="third time 2028").status_code == 422
    assert redeem(third, password="third time 2028").status_code == 302
    assert send_form(Client(), "/sign-in/", {"login": "E10001", "password": NEW}).status_code == 422


def test_redeeming_a_code_ends_all_sessions(security_admin, li_na, signed_in):
    lost_phone = signed_in(li_na)
    assert lost_phone.get("/own-page/").status_code == 200
    redeem(services.issue_codes(actor=security_admin, person_ids=[li_na.pk])[0].code)
    assert lost_phone.get("/own-page/").status_code == 302


def test_somebody_else_s_code_is_no_good(security_admin, li_na, wang_qiang, code):
    services.issue_codes(actor=security_admin, person_ids=[wang_qiang.pk])
    assert redeem(code, login="E10002").status_code == 422


def test_guessing_a_code_is_slowed(li_na, code):
    assert [redeem(new_code()).status_code for _n in range(6)] == [422] * 5 + [429]
    assert redeem(code).status_code == 429


def test_unknown_number_and_wrong_code_say_the_same(li_na, code):
    for answer in (redeem(new_code(), login="E77777"), redeem(new_code())):
        assert WRONG in answer.content.decode()


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", None, "too short"),
        ("12345678", None, "numeric"),
        (NEW, "other", "The passwords do not match."),
    ],
)
def test_a_weak_or_mistyped_password_does_not_use_up_the_code(code, password, again, said):
    answer = redeem(code, password=password, again=again)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert redeem(code).status_code == 302


def test_the_database_does_not_hold_the_code(li_na, code):
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_activationcode t UNION ALL SELECT t::text FROM ledger_event t")
        rows = " ".join(row[0] for row in cursor.fetchall())
    assert code not in rows
    assert code.replace("-", "") not in rows


def test_who_has_left_cannot_redeem(li_na, code):
    record_departure(actor=None, person_id=li_na.pk)
    assert redeem(code).status_code == 422


def test_handing_out_is_on_the_record(security_admin, li_na, code):
    event = events_of("account", User.objects.get(person=li_na).pk).get()
    assert (event.action, event.actor_id, event.data) == ("issue_code", security_admin.pk, {})


def test_only_a_security_administrator_hands_out_codes_and_only_within_reach(company, team, li_na, security_admin):
    other = UnitFactory(parent=company, name="另一家", code="JC02")
    elsewhere = PersonFactory(name="孙远", unit=other, roles={Role.SECURITY_ADMIN: other})
    with pytest.raises(NotFound):
        services.issue_codes(actor=elsewhere, person_ids=[li_na.pk])
    with pytest.raises(NotFound):
        services.issue_codes(actor=security_admin, person_ids=[security_admin.pk])
    for role in set(Role) - {Role.SECURITY_ADMIN}:
        somebody = PersonFactory(unit=company, roles={role: company})
        with pytest.raises(PermissionDenied):
            services.issue_codes(actor=somebody, person_ids=[li_na.pk])


def test_slips_for_a_whole_unit_show_each_code_once(enrolled, signed_in, security_admin, team, li_na, wang_qiang):
    account_of(wang_qiang)  # has a password
    liu_yang = PersonFactory(name="刘洋", unit=team)
    services.issue_codes(actor=security_admin, person_ids=[liu_yang.pk])  # has a slip, which stays valid
    admin = signed_in(security_admin)
    page = send_form(admin, f"/accounts/?unit={team.pk}", to="/accounts/codes/", press="everybody", follow=True)
    text = page.content.decode()
    codes = re.findall(r"<code>([0-9A-Z-]{14})</code>", text)
    assert len(codes) == 1
    assert "李娜" in text
    assert "王强" not in text
    assert "刘洋" not in text
    assert "no-store" in page.headers["Cache-Control"]
    assert "data:image/svg+xml" in text
    assert codes[0] not in admin.get("/accounts/").content.decode()
    assert redeem(codes[0]).status_code == 302


def test_slips_for_chosen_people(enrolled, signed_in, security_admin, li_na, wang_qiang):
    admin = signed_in(security_admin)
    text = send_form(
        admin,
        "/accounts/",
        {"selected": [li_na.pk, wang_qiang.pk]},
        to="/accounts/codes/",
        press="给选中的人发码",
        follow=True,
    ).content.decode()
    assert len(re.findall(r"<code>", text)) == 2


def test_reading_the_slips_again_makes_no_new_codes(enrolled, signed_in, security_admin, li_na, wang_qiang):
    admin, chosen = signed_in(security_admin), {"selected": [li_na.pk, wang_qiang.pk]}
    page = send_form(admin, "/accounts/", chosen, to="/accounts/codes/", press="给选中的人发码", follow=True)
    codes = re.findall(r"<code>([0-9A-Z-]{14})</code>", page.content.decode())
    hashes = set(ActivationCode.objects.values_list("code_hash", flat=True))
    assert re.findall(r"<code>([0-9A-Z-]{14})</code>", admin.get("/accounts/codes/").content.decode()) == codes
    assert set(ActivationCode.objects.values_list("code_hash", flat=True)) == hashes
    assert redeem(codes[0]).status_code == 302
    assert codes[0] not in admin.get("/accounts/codes/").content.decode()  # used up, so it is of no use on paper
    with timezone.frozen(timezone.now() + SHOWN_FOR + timedelta(seconds=1)):
        assert admin.get("/accounts/codes/").headers["Location"] == "/accounts/"


def test_the_page_of_people_costs_the_same_for_two_and_for_forty(enrolled, signed_in, security_admin, team):
    admin = signed_in(security_admin)
    PersonFactory.create_batch(2, unit=team)
    admin.get("/accounts/")
    few = count_queries(lambda: admin.get("/accounts/"))
    PersonFactory.create_batch(38, unit=team)
    assert count_queries(lambda: admin.get("/accounts/")) == few
    page = admin.get("/accounts/").content.decode()
    assert page.count("<tr") == 41


def test_an_employee_does_not_see_the_page(signed_in, li_na):
    assert signed_in(li_na).get("/accounts/").status_code == 403


def test_whoever_has_just_set_a_password_is_not_asked_for_it_again_to_add_the_second_step(code):
    client = Client()
    redeem(code, client=client)
    assert client.get("/me/second-step/app/").status_code == 200
