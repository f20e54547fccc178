"""The Chinese working calendar: statutory days off, make-up working days (调休上班), business hours.

Two ways of counting, both from the Civil Code of the PRC (民法典), articles 201 to 204:

* A period of **working days** leaves out the day on which it begins (201: 开始的当日不计入), never ends on a day off,
  and ends when business closes on its last day (203: 有业务时间的，停止业务活动的时间为截止时间). "1 working day from
  submission" on a Friday, at whatever hour, is the close of business of the next working day.
* A period of **hours** runs from the event itself (201), round the clock, and needs no calendar:
  `moment + timedelta(hours=4)`.

An enterprise may agree on other periods (204); its hours and single days are given to `WorkingCalendar`, which holds
to the rule that declaring one more day off never brings a deadline forward.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays.countries.china import China

DEFAULT_HOURS = ((time(8, 30), time(12, 0)), (time(14, 0), time(17, 30)))
DEFAULT_TIMEZONE = "Asia/Shanghai"

_ZERO = timedelta(0)
_ONE_DAY = timedelta(days=1)
_FIRST_MAKE_UP_YEAR = 2001
_SATURDAY = 5


@lru_cache(maxsize=1)
def covered_years() -> range:
    """The years whose State Council notice (make-up working days and swapped days off) is known.

    In any other year the calendar knows weekends and the festivals that the law itself fixes, with the days given for
    those that fall on a weekend (全国年节及纪念日放假办法); an administrator enters what the notice adds as overrides.
    """
    make_up_years = {day.year for day in _known(range(_FIRST_MAKE_UP_YEAR, MAXYEAR)).weekend_workdays}
    return range(_FIRST_MAKE_UP_YEAR, max(make_up_years) + 1)


@lru_cache(maxsize=256)
def _statutory_year(year: int) -> bytes:
    """One byte for each day of the year: 1 for a working day, 0 for a day off."""
    # A notice may move a weekend day of the year before or after it, so the neighbours are read too.
    known = _known(range(year - 1, year + 2))
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366 if _is_leap(year) else 365))
    return bytes((day.weekday() < _SATURDAY or day in known.weekend_workdays) and day not in known for day in days)


def _known(years: range) -> "China":
    from holidays.countries.china import China  # noqa: PLC0415 - all countries come with it, a tenth of a second

    within = [year for year in years if China.start_year <= year <= China.end_year]
    return China(years=within, expand=False)  # type: ignore[no-untyped-call]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@dataclass(frozen=True)
class WorkingCalendar:
    """When an enterprise works. Immutable and cheap to build; a year is worked out when it is first asked for.

    Args:
        hours: the stretches of a working day, wall-clock time; overlapping ones are joined.
        timezone: IANA name of the zone in which days begin and `hours` are read.
        overrides: single days that are working days (True) or off (False) whatever the statutory calendar says.

    Moments given must be aware (ValueError if not); moments returned are aware, in UTC, exact to the microsecond.
    """

    hours: tuple[tuple[time, time], ...] = DEFAULT_HOURS
    timezone: str = DEFAULT_TIMEZONE
    overrides: Mapping[date, bool] = field(default_factory=dict)
    _years: dict[int, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", _joined(self.hours))
        object.__setattr__(self, "overrides", MappingProxyType(dict(self.overrides)))
        ZoneInfo(self.timezone)

    @property
    def working_day_length(self) -> timedelta:
        """Working time in one working day."""
        return sum((_since_midnight(closes) - _since_midnight(opens) for opens, closes in self.hours), _ZERO)

    def is_working_day(self, day: date) -> bool:
        """Whether the enterprise works on that day."""
        return bool(self._year(day.year)[day.timetuple().tm_yday - 1])

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days there are from `start` to the day before `end`; negative when `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        total = 0
        for year in range(start.year, end.year + 1):
            first = start.timetuple().tm_yday - 1 if year == start.year else 0
            past = end.timetuple().tm_yday - 1 if year == end.year else None
            total += self._year(year)[first:past].count(1)
        return total

    def add_working_days(self, moment: datetime, days: int) -> datetime:
        """The close of business of the `days`-th working day after the day of `moment` (see the module).

        Raises:
            ValueError: fewer than one day, or a naive moment.
        """
        if days < 1:
            raise ValueError("a period has at least one working day")
        last = self._working_day_after(self._local(moment).date(), days)
        return self._instant(datetime.combine(last, self.hours[-1][1]))

    def add_working_time(self, moment: datetime, span: timedelta) -> datetime:
        """The earliest moment by which `span` of working time has passed since `moment`.

        Raises:
            ValueError: a negative span, or a naive moment.
        """
        if span < _ZERO:
            raise ValueError("a span of working time cannot be negative")
        local = self._local(moment)
        if not span:
            return moment.astimezone(UTC)
        total = span + self._worked_until(local)
        # Rounded up: what fills a day exactly ends at its close, not at the next opening.
        days = -(-total // self.working_day_length)
        last = self._working_day_after(local.date(), days - self.is_working_day(local.date()))
        on_last_day = total - (days - 1) * self.working_day_length
        return self._instant(datetime.combine(last, time.min) + self._clock_after(on_last_day))

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; negative when `end` is earlier."""
        first, last = self._local(start), self._local(end)
        days = self.working_days_between(first.date(), last.date())
        return days * self.working_day_length + self._worked_until(last) - self._worked_until(first)

    def remaining(self, due: datetime, at: datetime, *, since: datetime) -> timedelta:
        """Working time left at `at` of a period of working days that an event at `since` began and that ends at `due`.

        Nothing of it has passed before the day after the event (201); none is left once it is over.
        """
        return max(_ZERO, self.working_time_between(max(at, self._day_after(since)), due))

    def resume(self, due: datetime, at: datetime, *, left: timedelta) -> datetime:
        """When a clock that stood still is due now: the time that was left when it stopped, from `at` on.

        It is never due earlier than it would have been without the pause; one that had run out stays run out. (A clock
        of hours needs no calendar: `at + left`.)

        Args:
            due: when the clock would have run out without the pause.
            at: when it goes on.
            left: what `remaining` said when it stopped. It is kept with the clock, so that a day off that is declared
                during the pause takes nothing away.

        Raises:
            ValueError: a naive moment.
        """
        return max(due.astimezone(UTC), self.add_working_time(at, left)) if left else due.astimezone(UTC)

    def _year(self, year: int) -> bytes:
        known = self._years.get(year)
        if known is None:
            days = bytearray(_statutory_year(year))
            for day, working in self.overrides.items():
                if day.year == year:
                    days[day.timetuple().tm_yday - 1] = working
            known = self._years[year] = bytes(days)
        return known

    def _working_day_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself for none."""
        position, year = day.timetuple().tm_yday - 1, day.year
        while count:
            position = self._year(year).find(1, position + 1)
            if position < 0:
                year += 1
            else:
                count -= 1
        return date(year, 1, 1) + timedelta(days=position)

    def _day_after(self, moment: datetime) -> datetime:
        return self._instant(datetime.combine(self._local(moment).date() + _ONE_DAY, time.min))

    def _worked_until(self, local: datetime) -> timedelta:
        """Working time from midnight to `local` on its day."""
        if not self.is_working_day(local.date()):
            return _ZERO
        clock = _since_midnight(local.time())
        return sum((max(_ZERO, min(clock, closes) - opens) for opens, closes in self._stretches()), _ZERO)

    def _clock_after(self, worked: timedelta) -> timedelta:
        """Time since midnight at which `worked` (more than none, at most a whole day) of a working day is done."""
        for opens, closes in self._stretches():
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise AssertionError("more than a working day")

    def _stretches(self) -> Iterator[tuple[timedelta, timedelta]]:
        return ((_since_midnight(opens), _since_midnight(closes)) for opens, closes in self.hours)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return moment.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None)

    def _instant(self, local: datetime) -> datetime:
        return local.replace(tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


def _joined(hours: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
    """The stretches in order, those that touch or overlap as one."""
    if not hours or any(opens >= closes for opens, closes in hours):
        raise ValueError("business hours need at least one stretch, each ending after it begins")
    joined: list[tuple[time, time]] = []
    for opens, closes in sorted(hours):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)
