"""Whom to call, by place; and what the form looks up in the browser."""

import json

import pytest

from lianxin.cases.queries import emergency
from lianxin.cases.services import requester
from lianxin.org.enums import Role
from lianxin.org.models import RoleGrant
from lianxin.org.queries import duty_phones
from lianxin.org.services import set_duty_phones
from tests.factories.cases import submit
from tests.factories.org import UnitFactory

WALL = "东墙马上要塌了，下面有人在干活"
CRISIS = "我真的不想活了"


@pytest.fixture
def phones(house):
    set_duty_phones(actor=house.system_admin, unit_id=house.root.pk, phones="集团值班室 0571-1000")
    set_duty_phones(actor=house.system_admin, unit_id=house.workshop.pk, phones="车间值班室 0571-2000\n门卫 0571-2001")
    return house


def numbers(help_now):
    return [phone.dial for phone in help_now.all]


def test_the_phones_of_the_place_lead_and_the_public_numbers_follow(phones):
    assert numbers(emergency.help_at(phones.workshop)) == ["05712000", "05712001", "119", "120", "110"]
    assert numbers(emergency.help_at(phones.logistics)) == ["05711000", "119", "120", "110"]
    assert numbers(emergency.help_at(None)) == ["05711000", "119", "120", "110"]


def test_without_a_duty_phone_there_are_the_public_numbers(house):
    assert numbers(emergency.help_at(house.workshop)) == ["119", "120", "110"]


def test_in_a_crisis_there_is_somebody_to_talk_to(phones, settings):
    settings.LIANXIN_CRISIS_HOTLINE = "0571-85029595"
    found = emergency.help_at(phones.workshop, crisis=True)
    assert found.crisis
    assert [phone.number for phone in found.public] == ["0571-85029595", "120", "110"]
    assert found.public[0].dial == "057185029595"


@pytest.mark.parametrize(("words", "crisis"), [(WALL, False), (CRISIS, True), (f"{WALL}，{CRISIS}", True)])
def test_the_requester_of_an_open_case_is_shown_help_as_long_as_it_is_open(phones, words, crisis):
    case = submit(phones.li_na, words).case
    assert emergency.help_for_requester(case).crisis is crisis
    assert emergency.help_for_requester(requester.withdraw_case(actor=phones.li_na, case_id=case.pk)) is None


def test_what_can_wait_shows_no_help(phones):
    assert emergency.help_for_requester(submit(phones.li_na).case) is None
    assert emergency.help_for_requester(submit(phones.li_na, "灯坏了。", kind="hazard").case) is not None


def test_the_browser_is_given_what_the_server_would_say_of_every_place(phones):
    UnitFactory(parent=phones.workshop, name="一班")
    RoleGrant.objects.filter(role=Role.DISPATCHER, unit=phones.root).delete()
    data = json.loads(json.dumps(emergency.emergency_data()))
    for unit in type(phones.root).objects.all():
        given = [phone["dial"] for phone in data["phones"][data["places"][str(unit.pk)]]]
        assert given == [phone.dial for phone in duty_phones(unit)]
        assert (unit.pk in data["unreached"]) is emergency.is_unreached(unit)
    assert data["root"] == phones.root.pk
    assert data["phones"][data["whole"]] == [{"name": "集团值班室", "number": "0571-1000", "dial": "05711000"}]
    assert phones.root.pk in data["unreached"]
    assert "hardship" not in [each["kind"] for each in data["dangers"]]


def test_nobody_who_receives_is_said_with_where_to_turn(phones, settings):
    assert "0571-2000" in emergency.nobody_receives(phones.workshop)
    settings.LIANXIN_DISCIPLINE_HOTLINE = "0571-12388"
    assert "0571-12388" in emergency.nobody_receives(phones.workshop, sealed=True)
