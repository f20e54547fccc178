"""Chances are what the sums of the textbook say, and little past warns of nothing."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lianxin.alerts.services.statistics import (
    departing,
    growth_chance,
    growth_expected,
    share_chance,
    share_expected,
)

HALF = Fraction(1, 2)
counts = some.integers(0, 60)


def all_growth(past, days, before_days):
    """The negative binomial, case by case: what each number of cases adds."""
    stays = before_days / (before_days + days)
    each, cases = stays ** (past + 0.5), 0
    while True:
        yield each
        each *= (cases + past + 0.5) / (cases + 1) * (1 - stays)
        cases += 1


def share_exactly(number, of, past, past_of):
    """The beta-binomial as an urn from which one draws and puts back two: exact."""
    unhappy, happy = past + HALF, past_of - past + HALF
    found = Fraction(comb(of, number))
    for step in range(of):
        drawn = unhappy + step if step < number else happy + step - number
        found *= drawn / (unhappy + happy + step)
    return found


@given(found=counts, past=counts, days=some.integers(1, 90), before_days=some.integers(1, 400))
def test_growth_is_the_sum_of_the_rest(found, past, days, before_days):
    terms = all_growth(past, days, before_days)
    below = sum(next(terms) for _ in range(found))
    assert growth_chance(found, days, past, before_days) == pytest.approx(1 - below, abs=1e-9)


@given(found=counts, past=counts, days=some.integers(1, 90), before_days=some.integers(1, 400))
def test_more_cases_are_less_probable_and_more_past_makes_them_more_so(found, past, days, before_days):
    chance = growth_chance(found, days, past, before_days)
    assert 0 <= growth_chance(found + 1, days, past, before_days) <= chance + 1e-12
    assert growth_chance(found, days, past + 1, before_days) >= chance - 1e-12


@given(past=some.integers(1, 400))
def test_as_many_as_before_is_no_growth(past):
    assert growth_chance(past, 84, past, 84) > 0.4
    assert growth_expected(84, past, 84) == past + 0.5


def test_growth_by_numbers():
    assert growth_chance(5, 14, 12, 84) == pytest.approx(0.0747, abs=1e-4)
    assert growth_chance(7, 14, 12, 84) == pytest.approx(0.0107, abs=1e-4)
    assert growth_chance(8, 14, 12, 84) == pytest.approx(0.0036, abs=1e-4)
    assert growth_chance(5, 14, 0, 84) == pytest.approx(1.56e-5, rel=1e-2)
    assert growth_chance(5, 14, 0, 2) > 0.25, "two days of past tell nothing"
    assert growth_chance(0, 14, 3, 84) == 1
    assert growth_chance(2000, 14, 500, 84) < 1e-100


@given(of=some.integers(1, 40), past_of=some.integers(0, 200), data=some.data())
def test_a_share_is_the_sum_of_the_rest(of, past_of, data):
    found, past = data.draw(some.integers(0, of)), data.draw(some.integers(0, past_of))
    exactly = sum(share_exactly(number, of, past, past_of) for number in range(found, of + 1))
    assert share_chance(found, of, past, past_of) == pytest.approx(float(exactly), rel=1e-9)
    assert share_chance(found + 1, of, past, past_of) <= share_chance(found, of, past, past_of)


def test_shares_by_numbers():
    assert share_chance(5, 5, 0, 0) > 0.2, "without a past nothing departs from it"
    assert share_chance(5, 5, 1, 2) > 0.1
    assert share_chance(3, 8, 10, 200) == pytest.approx(0.008, abs=1e-4)
    assert share_chance(5, 8, 10, 200) == pytest.approx(4e-5, abs=1e-5)
    assert share_chance(1, 8, 10, 200) > 0.3
    assert share_expected(8, 10, 200) == pytest.approx(0.418, abs=1e-3)


def test_many_looks_are_judged_together():
    assert departing([], 0.01) == []
    assert departing([0.009], 0.01) == [True]
    assert departing([0.009, *[0.5] * 9], 0.01) == [False] * 10, "one in a hundred of ten looks is nothing"
    assert departing([0.0005, 0.5, 0.0019, *[0.5] * 7], 0.01) == [True, False, True, *[False] * 7]
