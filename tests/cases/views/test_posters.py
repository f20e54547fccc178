"""Posters: who prints them, what is scanned, and what the phone then shows."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from lianxin.cases.queries import location_choices as places_module
from lianxin.cases.queries import place_choices
from lianxin.org.models import Unit
from lianxin.org.services import merge_unit
from tests.cases.views.test_desk_speed import queries_of
from tests.factories.org import UnitFactory
from tests.org.rosters import applied

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[2] / "data"


def sheets(answer):
    return re.findall(r'<p class="poster-unit">(.*?)</p>', answer.content.decode())


def test_a_dispatcher_prints_the_posters_of_her_units_and_of_no_others(house, desk_of):
    browser = desk_of(house.dispatcher)
    assert sheets(browser.get("/posters/print/?unit=WORKSHOP")) == ["检修车间"]
    assert sheets(browser.get("/posters/print/?unit=EAST&below=1")) == ["东城供电公司", "后勤服务中心", "检修车间"]
    assert browser.get("/posters/print/?unit=WEST").status_code == 404
    assert browser.get("/posters/print/").status_code == 404
    listed = browser.get("/posters/").content.decode()
    assert "检修车间" in listed
    assert "西城供电公司" not in listed


def test_an_employee_finds_no_posters(house, desk_of):
    assert desk_of(house.li_na).get("/posters/").status_code == 404


def test_what_is_scanned_opens_the_form_with_the_unit_chosen(house, desk_of, client):
    page = desk_of(house.dispatcher).get("/posters/print/?unit=LOGISTICS").content.decode()
    address = urlsplit(re.search(r'<p class="poster-address">(.*?)</p>', page)[1])
    assert (address.netloc, address.path, parse_qs(address.query)) == (
        "say.example.com",
        "/say/",
        {"at": ["LOGISTICS"]},
    )
    scanned = client.get(f"{address.path}?{address.query}").content.decode()
    assert re.findall(r'<option value="(\d+)" selected', scanned) == [str(house.logistics.pk)]
    by_li_na = desk_of(house.li_na).get(f"{address.path}?{address.query}").content.decode()
    assert re.findall(r'<option value="(\d+)" selected', by_li_na) == [str(house.logistics.pk)]


def test_without_an_address_of_its_own_the_system_prints_no_posters(house, desk_of, settings):
    settings.LIANXIN_PUBLIC_URL = ""
    browser = desk_of(house.dispatcher)
    assert browser.get("/posters/print/?unit=LOGISTICS").url == "/posters/"
    assert "LIANXIN_PUBLIC_URL" in browser.get("/posters/").content.decode()


def test_a_code_with_odd_characters_is_carried_whole(house, desk_of, client):
    odd = UnitFactory(parent=house.workshop, name="一班", code="A/1 &?班")
    link = re.search(
        r'href="(/posters/print/[^"]+)"', desk_of(house.dispatcher).get("/posters/?q=一班").content.decode()
    )[1]
    page = desk_of(house.dispatcher).get(link.replace("&amp;", "&")).content.decode()
    address = urlsplit(re.search(r'<p class="poster-address">(.*?)</p>', page)[1])
    scanned = client.get(f"{address.path}?{address.query}").content.decode()
    assert re.findall(r'<option value="(\d+)" selected', scanned) == [str(odd.pk)]


@pytest.mark.parametrize("code", ["", "GONE", "'; --", "<script>"])
def test_a_poster_of_a_unit_that_is_gone_still_opens_the_form(house, client, code):
    answer = client.get("/say/", {"at": code})
    assert answer.status_code == 200
    assert "<script>'" not in answer.content.decode()


def test_a_poster_of_a_merged_unit_opens_its_successor(house, client):
    UnitFactory(parent=house.workshop, name="检修二班", code="LJ-REPAIR-2")
    for roster in ("19a_units.xlsx", "19b_merge.xlsx"):
        assert applied((DATA / roster).read_bytes()).state == "applied"
    second = Unit.objects.get(code="T-NEW-2")
    merge_unit(actor=None, unit_id=second.pk, into_id=house.workshop.pk)
    for code in ("T-NEW-1", "T-NEW-2"):
        scanned = client.get("/say/", {"at": code}).content.decode()
        assert re.findall(r'<option value="(\d+)" selected', scanned) == [str(house.workshop.pk)]


def test_in_a_very_large_enterprise_the_unit_on_the_poster_is_among_the_places(house, monkeypatch):
    monkeypatch.setattr(places_module, "MOST_SHOWN", 1)
    shown = [key for _name, rows in place_choices(viewer=None, also=house.workshop)[2:] for key, _label in rows]
    assert house.workshop.pk in shown
    assert house.logistics.pk not in shown


def test_the_list_asks_as_much_for_many_units_as_for_few(house, desk_of):
    few = queries_of(desk_of(house.dispatcher), "/posters/")
    for number in range(30):
        UnitFactory(parent=house.workshop, name=f"{number}班")
    assert len(queries_of(desk_of(house.dispatcher), "/posters/")) == len(few)
