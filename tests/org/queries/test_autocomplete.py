import pytest

from lianxin.kernel import timezone
from lianxin.org.models import Person, Unit
from lianxin.org.queries import pick_party_organisations, pick_people, pick_units
from lianxin.ui.autocomplete import Option, TooShort
from tests.factories.org import PersonFactory, UnitFactory


def test_a_colleague_is_found_by_a_part_of_the_name_or_the_whole_number(li_na, zhou_min):
    shown = [Option(li_na.pk, "李娜", "…0023 线路一班")]
    for text in ("李娜", "10023", "13900000001"):
        assert pick_people(viewer=zhou_min, text=text) == shown, text
    for text in ("1002", "1390000", ""):
        assert pick_people(viewer=zhou_min, text=text) == [], text
    with pytest.raises(TooShort):
        pick_people(viewer=zhou_min, text="李")
    assert pick_people(viewer=zhou_min, pk=li_na.pk) == shown


def test_who_has_left_is_neither_found_nor_finds(li_na, zhou_min):
    Person.objects.filter(pk=li_na.pk).update(left_on="2020-01-01")
    assert pick_people(viewer=zhou_min, text="李娜") == []
    assert pick_people(viewer=zhou_min, pk=li_na.pk) == []
    assert pick_people(viewer=Person.objects.get(pk=li_na.pk), text="周敏") == []


def test_never_more_than_ten_are_told(zhou_min, company):
    PersonFactory.create_batch(15, name="王小明", unit=company)
    assert len(pick_people(viewer=zhou_min, text="王小")) == 10


def test_units_of_one_name_are_told_apart_by_the_unit_above(li_na, west, line_team):
    other = UnitFactory(parent=west, name="线路一班")
    assert pick_units(viewer=li_na, text="线路") == [
        Option(line_team.pk, "线路一班", "东区供电所"),
        Option(other.pk, "线路一班", "西区供电所"),
    ]
    Unit.objects.filter(pk=other.pk).update(ended_on=timezone.today())
    assert [option.pk for option in pick_units(viewer=li_na, text="线路")] == [line_team.pk]


def test_party_organisations_are_picked_by_administrators_alone(zhou_min, li_na, east_branch):
    assert [option.label for option in pick_party_organisations(viewer=zhou_min, text="东区")] == ["东区党支部"]
    assert pick_party_organisations(viewer=li_na, text="东区") == []
