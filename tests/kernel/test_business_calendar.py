"""Deadlines: named days of the Chinese calendar, an oracle that walks minute by minute, and what must always hold."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kernel.business_calendar import DEFAULT_HOURS, WorkingCalendar, covered_years

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = WorkingCalendar()
CLOSE = time(17, 30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def days(*spans: str) -> set[date]:
    """`09-28`, or `02-15..02-23` with both ends, each with its year in front."""
    result: set[date] = set()
    for span in spans:
        first, _, last = span.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            result.add(day)
            day += timedelta(days=1)
    return result


# What the State Council's notices say, year by year, typed from them: days off and make-up working days.
NOTICES = {
    2018: (
        "01-01 02-15..02-21 04-05..04-07 04-29..05-01 06-18 09-24 10-01..10-07 12-30..12-31",
        "02-11 02-24 04-08 04-28 09-29 09-30 12-29",
    ),
    2019: (
        "01-01 02-04..02-10 04-05..04-07 05-01..05-04 06-07..06-09 09-13..09-15 10-01..10-07",
        "02-02 02-03 04-28 05-05 09-29 10-12",
    ),
    # Spring Festival was first extended to 31 January plus 1 and 2 February by the notice of 26 January 2020.
    2020: (
        "01-01 01-24..02-02 04-04..04-06 05-01..05-05 06-25..06-27 10-01..10-08",
        "01-19 04-26 05-09 06-28 09-27 10-10",
    ),
    2021: (
        "01-01..01-03 02-11..02-17 04-03..04-05 05-01..05-05 06-12..06-14 09-19..09-21 10-01..10-07",
        "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
    ),
    2022: (
        "01-01..01-03 01-31..02-06 04-03..04-05 04-30..05-04 06-03..06-05 09-10..09-12 10-01..10-07 12-31",
        "01-29 01-30 04-02 04-24 05-07 10-08 10-09",
    ),
    2023: (
        "01-01..01-02 01-21..01-27 04-05 04-29..05-03 06-22..06-24 09-29..10-06 12-30..12-31",
        "01-28 01-29 04-23 05-06 06-25 10-07 10-08",
    ),
    2024: (
        "01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    2025: (
        "01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_the_year_is_what_the_state_council_said(year):
    off, make_up = (days(*(f"{year}-{s.replace('..', f'..{year}-')}" for s in text.split())) for text in NOTICES[year])
    for day in sorted(days(f"{year}-01-01..{year}-12-31")):
        expected = day in make_up or (day.weekday() < 5 and day not in off)
        assert OFFICE.is_working_day(day) is expected, day


def test_a_make_up_day_of_the_year_before_is_a_working_day():
    assert OFFICE.is_working_day(date(2005, 12, 31))  # a Saturday, worked for 3 January 2006
    assert not OFFICE.is_working_day(date(2006, 1, 3))


@pytest.mark.parametrize(
    ("submitted", "working_days", "due"),
    [
        ("2026-11-25T10:00", 1, "2026-11-26T17:30"),  # 最晚 11 月 26 日（周四）17:30 前给您答复
        ("2026-11-25T23:59:59", 1, "2026-11-26T17:30"),
        ("2026-11-20T09:00", 1, "2026-11-23T17:30"),  # Friday to Monday
        ("2026-11-21T09:00", 1, "2026-11-23T17:30"),  # Saturday to Monday
        ("2025-09-26T16:00", 1, "2025-09-28T17:30"),  # Friday to the make-up Sunday before National Day
        ("2025-09-28T08:00", 3, "2025-10-09T17:30"),  # two days, then eight days off
        ("2026-09-30T18:00", 1, "2026-10-08T17:30"),  # National Day 2026
        ("2026-09-30T18:00", 3, "2026-10-10T17:30"),  # … and the make-up Saturday after it
        ("2026-02-13T11:00", 2, "2026-02-24T17:30"),  # the make-up Saturday, then Spring Festival 2026
        ("2020-01-23T15:00", 1, "2020-02-03T17:30"),  # Spring Festival 2020, extended
        ("2026-12-31T10:00", 1, "2027-01-04T17:30"),  # a year whose notice may not be known
    ],
)
def test_a_deadline_is_the_close_of_business_of_its_last_working_day(submitted, working_days, due):
    assert OFFICE.add_working_days(at(submitted), working_days) == at(due)


def test_the_years_of_known_notices_are_told_and_others_still_work():
    assert covered_years().start <= 2018
    assert 2026 in covered_years()
    unknown = covered_years().stop + 1
    assert not OFFICE.is_working_day(date(unknown, 10, 1))
    assert not OFFICE.is_working_day(date(unknown, 5, 1))
    assert OFFICE.add_working_days(at(f"{unknown}-09-30T10:00"), 30) > at(f"{unknown}-11-01T00:00")
    assert OFFICE.is_working_day(date(1900, 1, 1))
    assert OFFICE.is_working_day(date(2999, 1, 1))


def test_the_festivals_of_2027_are_off_by_law_before_the_notice_is_known():
    off = days("2027-01-01", "2027-02-05..2027-02-08", "2027-04-05", "2027-05-01..2027-05-02", "2027-10-01..2027-10-03")
    assert not any(OFFICE.is_working_day(day) for day in off)


def test_the_administrator_has_the_last_word():
    typhoon, inventory = date(2026, 9, 24), date(2026, 11, 21)
    office = WorkingCalendar(overrides={typhoon: False, inventory: True, date(2026, 10, 1): True})
    assert not office.is_working_day(typhoon)
    assert office.is_working_day(inventory)
    assert office.is_working_day(date(2026, 10, 1))
    assert office.add_working_days(at("2026-11-20T10:00"), 1) == at("2026-11-21T17:30")
    assert OFFICE.add_working_days(at("2026-11-20T10:00"), 1) == at("2026-11-23T17:30")


def test_a_calendar_cannot_be_changed_from_outside():
    overrides = {date(2026, 11, 23): False}
    office = WorkingCalendar(overrides=overrides)
    overrides.clear()
    assert not office.is_working_day(date(2026, 11, 23))


def test_working_time_counts_only_business_hours():
    friday_noon, monday = at("2026-11-20T12:30"), at("2026-11-23T09:15:30.000001")
    assert OFFICE.working_time_between(friday_noon, monday) == timedelta(
        hours=4, minutes=15, seconds=30, microseconds=1
    )
    assert OFFICE.working_time_between(monday, friday_noon) == -OFFICE.working_time_between(friday_noon, monday)
    assert OFFICE.add_working_time(friday_noon, timedelta(hours=3, minutes=30)) == at("2026-11-20T17:30")
    assert OFFICE.add_working_time(friday_noon, timedelta(hours=3, minutes=31)) == at("2026-11-23T08:31")
    assert OFFICE.remaining(at("2026-11-20T17:30"), monday, since=at("2026-11-16T09:00")) == timedelta(0)


def test_a_question_to_the_requester_stops_the_clock():
    due, since = at("2026-11-26T17:30"), at("2026-11-24T10:00")
    asked, answered = at("2026-11-25T16:30"), at("2026-12-01T10:00")  # one working day and one hour were left
    left = OFFICE.remaining(due, asked, since=since)
    assert left == OFFICE.working_day_length + timedelta(hours=1)
    assert OFFICE.resume(due, answered, left=left) == at("2026-12-02T11:00")
    assert OFFICE.resume(due, asked, left=left) == due
    overdue = OFFICE.remaining(due, at("2026-11-27T09:00"), since=since)
    assert OFFICE.resume(due, answered, left=overdue) == due


def test_a_question_on_the_day_of_the_event_costs_nothing_of_the_period():
    raised, due, next_day = at("2026-11-24T08:00"), at("2026-11-25T17:30"), at("2026-11-25T08:00")
    left = OFFICE.remaining(due, raised, since=raised)
    assert left == OFFICE.working_day_length
    assert OFFICE.resume(due, next_day, left=left) == due
    typhoon = WorkingCalendar(overrides={date(2026, 11, 24): False})
    assert typhoon.resume(due, next_day, left=typhoon.remaining(due, raised, since=raised)) == due


def test_a_day_off_declared_during_the_pause_takes_nothing_away():
    since, due = at("2026-11-20T12:00"), at("2026-11-25T17:30")
    asked, answered = at("2026-11-23T12:00"), at("2026-11-26T08:00")
    typhoon = WorkingCalendar(overrides={date(2026, 11, 24): False})
    left = OFFICE.remaining(due, asked, since=since)
    assert typhoon.resume(due, answered, left=left) == OFFICE.resume(due, answered, left=left)
    assert typhoon.remaining(due, asked, since=since) < left


@pytest.mark.parametrize("zone", ["UTC", "Asia/Urumqi", "Asia/Tokyo", "Africa/Addis_Ababa"])
def test_hours_are_read_in_the_enterprise_zone(zone):
    office = WorkingCalendar(timezone=zone)
    event = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    due = office.add_working_days(event, 1).astimezone(ZoneInfo(zone))
    assert (due.date(), due.time()) == (event.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), CLOSE)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.add_working_days(datetime(2026, 11, 25), 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="one working day"):
        OFFICE.add_working_days(at("2026-11-25T10:00"), 0)
    with pytest.raises(ValueError, match="negative"):
        OFFICE.add_working_time(at("2026-11-25T10:00"), timedelta(minutes=-1))
    with pytest.raises(ValueError, match="business hours"):
        WorkingCalendar(hours=())
    with pytest.raises(ValueError, match="business hours"):
        WorkingCalendar(hours=((time(12), time(8)),))


def test_overlapping_hours_are_joined():
    office = WorkingCalendar(hours=((time(14), time(18)), (time(8), time(12)), (time(11), time(13))))
    assert office.hours == ((time(8), time(13)), (time(14), time(18)))
    assert office.working_day_length == timedelta(hours=9)


# The oracle: three years as one byte a minute, walked without any of the calendar's arithmetic.

ORIGIN = datetime(2025, 1, 1)  # noqa: DTZ001 - wall-clock time
MINUTES_A_DAY = 24 * 60
ORACLE_DAYS = 3 * 365


class Oracle:
    def __init__(self, calendar: WorkingCalendar) -> None:
        day = bytearray(MINUTES_A_DAY)
        for opens, closes in calendar.hours:
            for minute in range(opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute):
                day[minute] = 1
        idle = bytes(MINUTES_A_DAY)
        self.works = [calendar.is_working_day((ORIGIN + timedelta(days=n)).date()) for n in range(ORACLE_DAYS)]
        self.minutes = b"".join(bytes(day) if works else idle for works in self.works)

    def add_working_days(self, minute: int, count: int) -> int:
        day = minute // MINUTES_A_DAY
        while count:
            day += 1
            count -= self.works[day]
        return self.minutes.rindex(1, day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY) + 1

    def add_working_time(self, minute: int, count: int) -> int:
        while count:
            minute = self.minutes.index(1, minute) + 1
            count -= 1
        return minute

    def working_time_between(self, start: int, end: int) -> int:
        return self.minutes.count(1, start, end)


def any_calendar(rng: random.Random) -> WorkingCalendar:
    marks = sorted(rng.sample(range(0, MINUTES_A_DAY, rng.choice([1, 30])), 2 * rng.randint(1, 3)))
    clock = [time(*divmod(mark, 60)) for mark in marks]
    overrides = {
        (ORIGIN + timedelta(days=rng.randrange(ORACLE_DAYS))).date(): rng.random() < 0.5
        for _ in range(rng.randint(0, 60))
    }
    return WorkingCalendar(hours=tuple(zip(clock[::2], clock[1::2], strict=True)), overrides=overrides)


def moment(minute: int) -> datetime:
    return (ORIGIN + timedelta(minutes=minute)).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.slow
def test_a_hundred_thousand_deadlines_agree_with_walking_minute_by_minute():
    rng = random.Random(20261122)
    cases = 0
    for number in range(60):
        calendar = any_calendar(rng) if number else OFFICE
        oracle = Oracle(calendar)
        for _ in range(600):
            start = rng.randrange(2 * 365 * MINUTES_A_DAY)
            end = start + rng.randrange(60 * MINUTES_A_DAY)
            count, span = rng.randint(1, 40), rng.randint(0, 60 * len(calendar.hours))
            assert calendar.add_working_days(moment(start), count) == moment(oracle.add_working_days(start, count))
            assert calendar.add_working_time(moment(start), timedelta(minutes=span)) == moment(
                oracle.add_working_time(start, span)
            )
            expected = oracle.working_time_between(start, end)
            assert calendar.working_time_between(moment(start), moment(end)) == timedelta(minutes=expected)
            cases += 3
    assert cases >= 100_000


# What holds for every calendar and every moment, to the microsecond.

moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
dates = st.dates(date(2024, 1, 1), date(2029, 12, 31))
parts = st.integers(0, 20_000_000)  # of a working day, in millionths
calendars = st.builds(
    WorkingCalendar,
    hours=st.sampled_from(
        [DEFAULT_HOURS, ((time(0), time(0, 0, 1)),), ((time(9), time(18)),), ((time(0), time(23, 59, 59, 999999)),)]
    ),
    overrides=st.dictionaries(dates, st.booleans(), max_size=30),
)
counts = st.integers(1, 40)


def span_of(calendar: WorkingCalendar, part: int) -> timedelta:
    return calendar.working_day_length * part // 1_000_000


@given(calendars, moments, moments, counts, parts)
def test_a_later_event_is_never_due_earlier(calendar, one, other, count, part):
    span = span_of(calendar, part)
    early, late = sorted((one, other))
    assert calendar.add_working_days(early, count) <= calendar.add_working_days(late, count)
    assert calendar.add_working_days(early, count) < calendar.add_working_days(early, count + 1)
    assert calendar.add_working_time(early, span) <= calendar.add_working_time(late, span)
    assert early < calendar.add_working_days(early, count)


@given(calendars, moments, counts, parts, st.tuples(st.integers(0, 100), st.integers(0, 40), st.integers(0, 40)))
def test_one_more_day_off_never_brings_a_deadline_forward(calendar, event, count, part, gaps):
    span = span_of(calendar, part)
    holiday, wait, pause = (event + timedelta(days=gaps[0])).date(), gaps[1], gaps[2]
    more = replace(calendar, overrides={**calendar.overrides, holiday: False})
    due, due_more = calendar.add_working_days(event, count), more.add_working_days(event, count)
    assert due_more >= due
    assert more.add_working_time(event, span) >= calendar.add_working_time(event, span)
    paused, resumed = event + timedelta(days=wait), event + timedelta(days=wait + pause)
    left = calendar.remaining(due, paused, since=event)
    resumed_due = calendar.resume(due, resumed, left=left)
    assert more.resume(due_more, resumed, left=more.remaining(due_more, paused, since=event)) >= resumed_due
    assert more.resume(due, resumed, left=left) >= resumed_due  # declared during the pause


@given(calendars, moments, moments, moments)
def test_working_time_adds_up(calendar, one, two, three):
    between = calendar.working_time_between
    assert between(one, two) + between(two, three) == between(one, three)
    assert abs(between(one, two)) <= abs(two - one)


@given(calendars, moments, parts, parts)
def test_adding_twice_is_adding_the_sum_and_the_time_between_is_what_was_added(calendar, event, one, two):
    first, second = span_of(calendar, one), span_of(calendar, two)
    add = calendar.add_working_time
    assert add(add(event, first), second) == add(event, first + second)
    assert calendar.working_time_between(event, add(event, first)) == first


@given(calendars, moments, counts, st.lists(st.timedeltas(timedelta(0), timedelta(days=30)), min_size=3, max_size=3))
def test_a_pause_gives_back_exactly_what_was_left(calendar, event, count, gaps):
    due = calendar.add_working_days(event, count)
    paused = event + gaps[0]
    resumed = paused + gaps[1]
    left = calendar.remaining(due, paused, since=event)
    new_due = calendar.resume(due, resumed, left=left)
    assert calendar.resume(due, paused, left=left) == due
    assert due <= new_due <= calendar.resume(due, resumed + gaps[2], left=left)
    if paused < due:
        assert calendar.remaining(new_due, resumed, since=event) == left
    else:
        assert new_due == due
