from datetime import UTC, datetime, timedelta

import pytest

from lianxin.kernel import rate_limit, timezone
from lianxin.kernel.errors import RateLimited
from lianxin.kernel.models import Throttle

NOON = datetime(2026, 11, 24, 12, 3, tzinfo=UTC)
PER = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _at_noon(db):
    with timezone.frozen(NOON):
        yield


def test_attempts_are_counted_in_a_window_and_forgotten_in_the_next():
    assert [rate_limit.count("receipt", "a", per=PER) for _ in range(3)] == [1, 2, 3]
    assert rate_limit.count("receipt", "a", per=PER, by=0) == 3
    assert rate_limit.count("receipt", "b", per=PER) == rate_limit.count("other", "a", per=PER) == 1
    with timezone.frozen(NOON + timedelta(minutes=7)):
        assert rate_limit.count("receipt", "a", per=PER) == 1


def test_past_the_limit_one_is_told_how_long_to_wait():
    for _ in range(5):
        rate_limit.check("receipt", "a", limit=5, per=PER)
        rate_limit.count("receipt", "a", per=PER)
    with pytest.raises(RateLimited) as refusal:
        rate_limit.check("receipt", "a", limit=5, per=PER)
    assert refusal.value.retry_after == 7 * 60
    rate_limit.check("receipt", "b", limit=5, per=PER)


def test_what_is_admitted_is_counted_and_one_too_many_is_refused():
    for _ in range(2):
        rate_limit.admit("submit", "a", limit=2, per=PER)
    with pytest.raises(RateLimited) as refusal:
        rate_limit.admit("submit", "a", limit=2, per=PER)
    assert refusal.value.retry_after == 7 * 60
    assert rate_limit.count("submit", "a", per=PER, by=0) == 3
    rate_limit.admit("submit", "b", limit=2, per=PER)


def test_a_row_tells_neither_who_nor_when_exactly():
    rate_limit.count("sign-in", "192.168.7.31", per=PER)
    row = Throttle.objects.get()
    assert (len(row.key), row.expires) == (32, NOON + timedelta(minutes=7))


def test_windows_that_are_over_are_forgotten():
    rate_limit.count("receipt", "a", per=PER)
    assert rate_limit.forget_expired() == 0
    with timezone.frozen(NOON + timedelta(hours=1)):
        assert rate_limit.forget_expired() == 1
    assert not Throttle.objects.exists()
