"""Every address, every role: what opens, what does not."""

import pytest
from django.urls import reverse

from lianxin.org.enums import Role
from lianxin.org.services import add_names, give_post
from lianxin.org.urls import urlpatterns
from tests.factories.org import LONG_AGO, PersonFactory, grant

SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
ADMINISTRATORS = {SYSTEM, SECURITY, AUDIT}
EVERYBODY = {*Role, None}

OPEN_TO = {
    "units": ADMINISTRATORS,
    "unit": ADMINISTRATORS,
    "party": ADMINISTRATORS,
    "party_organisation": ADMINISTRATORS,
    "people": ADMINISTRATORS,
    "person": ADMINISTRATORS,
    "roles": ADMINISTRATORS,
    "add_unit": {SYSTEM},
    "duty_phones": {SYSTEM},
    "rename_unit": {SYSTEM},
    "move_unit": {SYSTEM},
    "end_unit": {SYSTEM},
    "add_party_organisation": {SYSTEM},
    "rename_party_organisation": {SYSTEM},
    "move_party_organisation": {SYSTEM},
    "end_party_organisation": {SYSTEM},
    "add_person": {SYSTEM},
    "correct_person": {SYSTEM},
    "move_person": {SYSTEM},
    "leave": {SYSTEM},
    "take_back": {SYSTEM},
    "enrol_member": {SYSTEM},
    "end_membership": {SYSTEM},
    "give_post": {SYSTEM},
    "end_post": {SYSTEM},
    "names": {SYSTEM},
    "add_names": {SYSTEM},
    "change_name": {SYSTEM},
    "remove_name": {SYSTEM},
    "calendar": {SYSTEM},
    "calendar_year": {SYSTEM},
    "set_day": {SYSTEM},
    "remove_day": {SYSTEM},
    "hours": {SYSTEM},
    "grant_role": {SECURITY},
    "grant_many": {SECURITY},
    "end_role": {SECURITY},
    "role_rosters": {SECURITY},
    "role_template": {SECURITY},
    "trail": {AUDIT},
    "rosters": {SYSTEM},
    "roster_template": {SYSTEM},
    "pick_people": EVERYBODY,
    "pick_units": EVERYBODY,
    "pick_party_organisations": EVERYBODY,
}

PATTERNS = [pattern for pattern in urlpatterns if "roster_id" not in pattern.pattern.converters]
"""All but those of one roster, which is its uploader's: tests/permissions has them."""


@pytest.fixture
def addresses(company, east, east_branch, li_na, zhou_min):
    """Each address of the organisation, about li_na and the east."""
    post = give_post(actor=None, person_id=li_na.pk, name="班长", unit_id=east.pk)
    held = grant(li_na, Role.HANDLER, east)
    arguments = {
        "unit_id": east.pk,
        "pk": east_branch.pk,
        "person_id": li_na.pk,
        "membership_id": li_na.memberships.get().pk,
        "post_id": post.pk,
        "grant_id": held.pk,
        "name_id": add_names(actor=None, kind="place", names=[["东区站房"]], unit_id=east.pk)[0].pk,
        "number": 2026,
    }
    return {
        pattern.name: reverse(
            f"org:{pattern.name}", kwargs={name: arguments[name] for name in pattern.pattern.converters}
        )
        for pattern in PATTERNS
    }


def test_every_address_is_in_the_table():
    assert {pattern.name for pattern in PATTERNS} == set(OPEN_TO)


@pytest.mark.parametrize("role", [*Role, None])
def test_each_role_opens_its_own_pages_and_no_others(page, addresses, company, role):
    visitor = PersonFactory(name="来访者", unit=company, roles={role: company} if role else {})
    for name, address in addresses.items():
        allowed = role in OPEN_TO[name]
        suffix = "?field=colleague" if name.startswith("pick") else ""
        expected = {405} if name == "remove_day" and not suffix else {200} if allowed else {403, 404}
        assert page(visitor, address + suffix).status_code in expected, name
        if not allowed:
            assert page(visitor, address, {"day": "2026-01-01"}, raw=True).status_code in {403, 404, 405}, name


def test_who_is_not_signed_in_is_asked_to(page, addresses):
    for name, address in addresses.items():
        if name != "remove_day":
            answer = page(None, address)
            assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login")), name


@pytest.mark.parametrize("role", [SYSTEM, SECURITY])
def test_an_administrator_of_the_west_finds_nothing_of_the_east(page, addresses, west, role):
    visitor = PersonFactory(unit=west, roles={role: west})
    hidden = ("unit", "party_organisation", "person", "rename_unit", "correct_person", "leave", "end_role")
    for name in (*hidden, "change_name", "remove_name"):
        assert page(visitor, addresses[name]).status_code in {403, 404}, name
    assert "李娜" not in page(visitor, reverse("org:people")).content.decode()
    assert "东区" not in page(visitor, reverse("org:units")).content.decode()
    assert "东区" not in page(visitor, reverse("org:roles")).content.decode()
    assert "东区" not in page(visitor, reverse("org:names")).content.decode()


def test_li_na_reads_what_is_recorded_about_her_and_nothing_of_others(page, li_na, zhou_min):
    assert "线路一班" in page(li_na, reverse("org:person", args=[li_na.pk])).content.decode()
    hidden = page(li_na, reverse("org:person", args=[zhou_min.pk]))
    missing = page(li_na, reverse("org:person", args=[987654]))
    assert hidden.status_code == missing.status_code == 404


def test_an_administrator_of_a_part_does_not_keep_the_calendar(page, east_admin):
    assert page(east_admin, reverse("org:calendar")).status_code == 200
    for name in ("set_day", "hours"):
        assert page(east_admin, reverse(f"org:{name}")).status_code == 403
    assert page(east_admin, reverse("org:remove_day"), {"day": "2026-01-01"}, raw=True).status_code == 403


def test_the_security_administrator_cannot_open_their_own_role_to_end_it(page, xu_jing):
    own = grant(PersonFactory(), Role.HANDLER, xu_jing.unit, started_on=LONG_AGO)
    assert page(xu_jing, reverse("org:end_role", args=[own.pk])).status_code == 200
    assert page(xu_jing, reverse("org:end_role", args=[xu_jing.role_grants.get().pk])).status_code == 404


def test_a_picker_after_the_session_ended_leads_the_whole_page_to_sign_in(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://lianxin.example/roles/grant/"}
    answer = client.get(f"{reverse('org:pick_people')}?field=person", headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=%2Froles%2Fgrant%2F"
