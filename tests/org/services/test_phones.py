"""The duty phones of units: kept with the unit, inherited from above."""

import pytest

from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.ledger.queries import events_of
from lianxin.org.models import DutyPhone
from lianxin.org.queries import duty_phones, duty_phones_of_all, units_without_duty_phone
from lianxin.org.services import set_duty_phones

ROOM = "值班室 0571-8888 0000"


def numbers(unit):
    return [(phone.name, phone.number, phone.dial) for phone in duty_phones(unit)]


def test_names_and_numbers_are_read_as_people_write_them(zhou_min, east):
    lines = "值班室：0571-88880000\n\n  调度台  １３８００００１１１１\n 门卫3号楼, +86-571-88881111 \n"
    set_duty_phones(actor=zhou_min, unit_id=east.pk, phones=lines)
    assert numbers(east) == [
        ("值班室", "0571-88880000", "057188880000"),
        ("调度台", "13800001111", "13800001111"),
        ("门卫3号楼", "+86-571-88881111", "+8657188881111"),
    ]


@pytest.mark.parametrize(
    ("written", "number", "dial"),
    [
        ("值班室 0571 8888 0000", "0571 8888 0000", "057188880000"),
        ("值班室 (0571)88880000", "(0571)88880000", "057188880000"),
        ("值班室（0571）8888-0000", "(0571)8888-0000", "057188880000"),
        ("值班室 138 0000 1111", "138 0000 1111", "13800001111"),
        ("值班室\t110", "110", "110"),
        ("Control room: +86 571 8888 0000", "+86 571 8888 0000", "+8657188880000"),
    ],
)
def test_a_number_may_be_grouped_and_keeps_every_digit(zhou_min, east, written, number, dial):
    set_duty_phones(actor=zhou_min, unit_id=east.pk, phones=written)
    ((_name, kept, dialled),) = numbers(east)
    assert (kept, dialled) == (number, dial)


@pytest.mark.parametrize(
    "lines",
    [
        "值班室",
        "0571-88880000",
        "值班室 没有号码",
        "0571-88880000 值班室",
        f"{'长' * 31} 110",
        "甲 1",
        "\n".join(["甲 110"] * 6),
    ],
)
def test_what_is_no_name_and_number_is_refused_and_what_was_there_stays(zhou_min, east, lines):
    set_duty_phones(actor=zhou_min, unit_id=east.pk, phones="值班室 110")
    with pytest.raises(ValidationFailed) as refusal:
        set_duty_phones(actor=zhou_min, unit_id=east.pk, phones=lines)
    assert set(refusal.value.fields) == {"phones"}
    assert numbers(east) == [("值班室", "110", "110")]


def test_the_nearest_unit_above_with_phones_counts_and_nothing_is_mixed(zhou_min, company, east, west, line_team):
    assert duty_phones(line_team) == []
    assert units_without_duty_phone() == [company, east, line_team, west]
    set_duty_phones(actor=zhou_min, unit_id=company.pk, phones="总值班室 0571-1000\n总调度 0571-1001")
    set_duty_phones(actor=zhou_min, unit_id=east.pk, phones="东区值班室 0571-2000")
    assert [name for name, *_more in numbers(line_team)] == ["东区值班室"]
    assert [name for name, *_more in numbers(west)] == ["总值班室", "总调度"]
    assert units_without_duty_phone() == []
    assert [phone.name for phone in duty_phones_of_all()] == ["总值班室", "总调度", "东区值班室"]
    set_duty_phones(actor=zhou_min, unit_id=east.pk, phones="")
    assert [name for name, *_more in numbers(line_team)] == ["总值班室", "总调度"]


def test_only_whoever_keeps_the_units_sets_them_and_the_record_has_no_number(zhou_min, xu_jing, east):
    with pytest.raises(PermissionDenied):
        set_duty_phones(actor=xu_jing, unit_id=east.pk, phones="值班室 110")
    set_duty_phones(actor=zhou_min, unit_id=east.pk, phones="值班室 0571-88880000")
    (event,) = [event for event in events_of("org.unit", east.pk) if event.action == "phones"]
    assert (event.actor_id, event.data["numbers"]) == (zhou_min.pk, [0, 1])
    assert "8888" not in str(event.data)
    assert DutyPhone.objects.count() == 1
