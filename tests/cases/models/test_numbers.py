"""Case numbers: no order, no slip that is not noticed, none twice."""

import itertools
import random
from datetime import UTC, datetime

import pytest

from lianxin.cases.models import Case
from lianxin.cases.models.numbers import ALPHABET, check_sign, draw_number, numbers_meant
from lianxin.cases.services import intake, legacy_import
from lianxin.kernel.spreadsheets import write_rows
from tests.factories.cases import found_enterprise, submit

AT = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # half past midnight of 1 December where the enterprise is


def some_numbers(count: int) -> list[str]:
    luck = random.Random(11)
    months = [f"{year:02d}{month:02d}" for year in range(100) for month in range(1, 13)]
    drawn = []
    for _n in range(count):
        month, signs = luck.choice(months), "".join(luck.choices(ALPHABET, k=4))
        drawn.append(f"LX-{month}-{signs}{check_sign(month, signs)}")
    return drawn


def test_a_number_is_the_month_where_the_enterprise_is_and_five_signs():
    number = draw_number(AT)
    assert (number[:8], len(number), set(number[8:]) <= set(ALPHABET)) == ("LX-2612-", 13, True)
    assert numbers_meant(number) == [number]
    assert check_sign("2611", "7K4Q") == "M"


def test_numbers_drawn_one_after_another_tell_no_order():
    """As often one rises as falls: of 2,000 steps some 1,000 go up (five standard deviations)."""
    drawn = [draw_number(AT) for _n in range(2001)]
    up = sum(one < two for one, two in itertools.pairwise(drawn))
    assert abs(up - 1000) < 5 * 13


def test_every_wrong_sign_and_every_two_that_changed_places_are_found():
    looked_at = 0
    for number in some_numbers(400):
        month, signs = list(number[3:7]), list(number[8:])
        wrong = []
        for place in range(4):
            wrong += [("".join([*month[:place], one, *month[place + 1 :]]), "".join(signs)) for one in "0123456789"]
        for place in range(5):
            wrong += [("".join(month), "".join([*signs[:place], one, *signs[place + 1 :]])) for one in ALPHABET]
        all_signs = month + signs
        for one, two in itertools.combinations(range(9), 2):
            swapped = list(all_signs)
            swapped[one], swapped[two] = swapped[two], swapped[one]
            if "".join(swapped[:4]).isdecimal():
                wrong.append(("".join(swapped[:4]), "".join(swapped[4:])))
        for new_month, new_signs in wrong:
            if (new_month, new_signs) == ("".join(month), "".join(signs)):
                continue
            looked_at += 1
            meant = numbers_meant(f"LX-{new_month}-{new_signs}")
            # Figures alone may be a number of before, of a busy month; a new one they are not.
            assert meant == ([f"LX-{new_month}-{new_signs}"] if new_signs.isdecimal() else []), (number, meant)
    assert looked_at > 80_000


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lx-2611-7k4qm", ["LX-2611-7K4QM"]),
        (" LX 2611 7K4QM ", ["LX-2611-7K4QM"]),
        ("ＬＸ－２６１１－７Ｋ４ＱＭ", ["LX-2611-7K4QM"]),
        ("lx26117k4qm", ["LX-2611-7K4QM"]),
        ("1x—26ll—7K4QM", ["LX-2611-7K4QM"]),
        ("IX-26I1-7K4QM", ["LX-2611-7K4QM"]),
        ("LX-2611-7K4QN", []),
        ("LX-2611-7K0QM", []),
        ("LX-2611-0342", ["LX-2611-0342"]),
        ("LX-2611-O342", ["LX-2611-0342"]),
        ("LX-2611-l0342", ["LX-2611-10342"]),
        ("LX-2611-7K4Q", []),
        ("LX-", None),
        ("热水", None),
        ("", None),
        ("EXCEL-2611", None),
    ],
)
def test_what_is_typed_is_read_as_it_is_meant(typed, meant):
    assert numbers_meant(typed) == meant


@pytest.fixture
def house(db):
    return found_enterprise()


def test_a_number_that_another_case_has_is_drawn_again(house, monkeypatch):
    taken = submit(house.li_na, "第一件。").case.number
    drawn = iter([taken, taken, "LX-2611-7K4QM"])
    monkeypatch.setattr(intake, "draw_number", lambda _at: next(drawn))
    assert submit(house.li_na, "第二件。").case.number == "LX-2611-7K4QM"
    assert Case.objects.count() == 2


def test_where_no_number_is_free_nothing_is_stored_and_it_is_said(house, monkeypatch):
    taken = submit(house.li_na, "第一件。").case.number
    monkeypatch.setattr(intake, "draw_number", lambda _at: taken)
    with pytest.raises(intake.NotFound):
        submit(house.li_na, "第二件。")
    assert Case.objects.count() == 1


HEADERS = ["留言主题", "留言时间", "留言详情"]


def test_an_import_draws_again_what_is_taken_within_it_and_before(house, monkeypatch, tmp_path):
    taken = submit(house.li_na).case.number
    drawn = iter([taken, "LX-1905-22222", "LX-1905-22222", "LX-1905-33333", "LX-1905-22222", "LX-1905-44444"])
    monkeypatch.setattr(legacy_import, "draw_number", lambda _at: next(drawn))
    path = tmp_path / "register.xlsx"
    write_rows(path, HEADERS, [[f"第{n}件", "2019/5/6 11:25:05", f"第{n}件没有热水"] for n in range(3)])
    assert legacy_import.import_register(path).created == 3
    imported = Case.objects.filter(channel="import").values_list("number", flat=True)
    assert set(imported) == {"LX-1905-22222", "LX-1905-33333", "LX-1905-44444"}


def test_an_import_draws_again_what_somebody_takes_at_the_same_moment(house, monkeypatch, tmp_path):
    taken, real = submit(house.li_na).case.number, legacy_import._draw_numbers
    late = iter([True, False])

    def draw(cases):
        real(cases)
        if next(late):
            cases[0].number = taken  # free when it was looked for

    monkeypatch.setattr(legacy_import, "_draw_numbers", draw)
    path = tmp_path / "register.xlsx"
    write_rows(path, HEADERS, [["一件", "2019/5/6 11:25:05", "没有热水"]])
    assert legacy_import.import_register(path).created == 1
    assert Case.objects.get(channel="import").number != taken
