"""When something may go out: quiet hours, days off, the daily hour, in whatever zone the enterprise is."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact
from lianxin.notifications.policies import goes_at, may_go_at

SHANGHAI = ZoneInfo("Asia/Shanghai")


pytestmark = pytest.mark.django_db


def contact(quiet_from="18:00", quiet_until="08:30", *, daily="08:30", wish=Frequency.DUTIES_AT_ONCE, working=True):
    return Contact(
        quiet_from=time.fromisoformat(quiet_from),
        quiet_until=time.fromisoformat(quiet_until),
        daily_at=time.fromisoformat(daily),
        wish=wish,
        working_days_only=working,
    )


def at(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-11-24 09:40", "2026-11-24 09:40"),
        ("2026-11-24 17:59", "2026-11-24 17:59"),
        ("2026-11-24 18:00", "2026-11-25 08:30"),
        ("2026-11-24 23:59", "2026-11-25 08:30"),
        ("2026-11-25 00:00", "2026-11-25 08:30"),
        ("2026-11-25 08:29", "2026-11-25 08:30"),
        ("2026-11-27 18:30", "2026-11-30 08:30"),  # Friday evening
        ("2026-11-28 12:00", "2026-11-30 08:30"),  # Saturday
        ("2026-09-30 19:00", "2026-10-08 08:30"),  # National Day
        ("2026-10-10 10:00", "2026-10-10 10:00"),  # a Saturday to make up for it
    ],
)
def test_quiet_hours_over_midnight_and_days_off(moment, goes):
    assert may_go_at(contact(), at(moment)) == at(goes)


@pytest.mark.parametrize(
    ("quiet", "moment", "goes"),
    [
        (("12:00", "14:00"), "2026-11-24 12:30", "2026-11-24 14:00"),
        (("12:00", "14:00"), "2026-11-24 23:30", "2026-11-24 23:30"),
        (("00:00", "00:00"), "2026-11-24 03:00", "2026-11-24 03:00"),
        (("18:00", "00:00"), "2026-11-24 19:00", "2026-11-25 00:00"),
    ],
)
def test_quiet_hours_of_other_shapes(quiet, moment, goes):
    assert may_go_at(contact(*quiet), at(moment)) == at(goes)


def test_who_is_told_on_days_off_too():
    assert may_go_at(contact(working=False), at("2026-11-28 12:00")) == at("2026-11-28 12:00")


def test_hours_are_those_of_the_enterprise(settings):
    assert may_go_at(contact(), datetime(2026, 11, 24, 1, tzinfo=UTC)) == at("2026-11-24 09:00")
    settings.TIME_ZONE = "Europe/Berlin"
    berlin = ZoneInfo("Europe/Berlin")
    assert may_go_at(contact(), datetime(2026, 11, 24, 1, tzinfo=UTC)) == at("2026-11-24 08:30", berlin)
    # The night in which the clock is put forward, and an hour that does not exist.
    forward = may_go_at(contact("22:00", "02:30", working=False), at("2026-03-29 00:30", berlin))
    assert forward.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wish", "is_duty", "goes"),
    [
        (Frequency.DUTIES_AT_ONCE, True, "2026-11-24 09:40"),
        (Frequency.DUTIES_AT_ONCE, False, "2026-11-25 08:30"),
        (Frequency.AT_ONCE, False, "2026-11-24 09:40"),
        (Frequency.DAILY, True, "2026-11-25 08:30"),
    ],
)
def test_what_a_wish_means(wish, is_duty, goes):
    assert goes_at(contact(wish=wish), is_duty=is_duty, now=at("2026-11-24 09:40")) == at(goes)


def test_the_daily_hour_of_today_counts_until_it_has_come():
    daily = contact(daily="17:00", wish=Frequency.DAILY)
    assert goes_at(daily, is_duty=True, now=at("2026-11-24 16:59")) == at("2026-11-24 17:00")
    assert goes_at(daily, is_duty=True, now=at("2026-11-24 17:00")) == at("2026-11-25 17:00")
    assert goes_at(daily, is_duty=True, now=at("2026-11-27 17:00")) == at("2026-11-30 17:00")


times = st.times().map(lambda one: one.replace(microsecond=0))


@given(
    moment=st.datetimes(at("2026-01-01", None), at("2026-12-01", None)),
    start=times,
    end=times,
    daily=times,
    working=st.booleans(),
    wish=st.sampled_from([Frequency.DUTIES_AT_ONCE, Frequency.AT_ONCE, Frequency.DAILY]),
    is_duty=st.booleans(),
)
def test_nothing_goes_early_or_in_quiet_hours_or_never(moment, start, end, daily, working, wish, is_duty):
    told = Contact(quiet_from=start, quiet_until=end, daily_at=daily, wish=wish, working_days_only=working)
    now = moment.replace(tzinfo=SHANGHAI)
    goes = goes_at(told, is_duty=is_duty, now=now)
    assert now <= goes <= now + timedelta(days=13)
    assert may_go_at(told, goes) == goes
