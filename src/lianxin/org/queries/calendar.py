"""A year of the working calendar as its keeper sees it."""

import calendar as months
from dataclasses import dataclass
from datetime import date

from lianxin.kernel.business_calendar import DEFAULT_HOURS, WorkingCalendar, covered_years
from lianxin.kernel.models import BusinessHours, DayOverride


@dataclass(frozen=True)
class Day:
    """One day: whether one works, whether that is against the weekday, and what the administrator set."""

    day: date
    working: bool
    special: bool
    override: DayOverride | None


@dataclass(frozen=True)
class Year:
    """A year: its months as weeks from Monday to Sunday (None: another month's day), and what is set in it."""

    number: int
    months: list[tuple[int, list[list[Day | None]]]]
    overrides: list[DayOverride]
    covered: bool
    """Whether the State Council's notice for it is known; if not, its make-up days have to be entered."""


DAYS_OF_A_NOTICE = 13
"""A year has at least so many statutory days off; whoever enters a notice sets no fewer days."""


def is_year_known(number: int) -> bool:
    """Whether the days off and make-up working days of a year are known: with the program, or entered."""
    return number in covered_years() or DayOverride.objects.filter(day__year=number).count() >= DAYS_OF_A_NOTICE


def calendar_year(number: int) -> Year:
    """The year as it is reckoned with now."""
    overrides = {row.day: row for row in DayOverride.objects.filter(day__year=number)}
    statutory = WorkingCalendar(overrides={day: row.working for day, row in overrides.items()})
    weeks = months.Calendar(firstweekday=0)
    return Year(
        number=number,
        months=[
            (
                month,
                [
                    [_day(day, statutory, overrides) if day.month == month else None for day in week]
                    for week in weeks.monthdatescalendar(number, month)
                ],
            )
            for month in range(1, 13)
        ],
        overrides=sorted(overrides.values(), key=lambda row: row.day),
        covered=is_year_known(number),
    )


def _day(day: date, calendar: WorkingCalendar, overrides: dict[date, DayOverride]) -> Day:
    working = calendar.is_working_day(day)
    return Day(day, working, working == (day.weekday() >= months.SATURDAY), overrides.get(day))


def override_on(day: date) -> DayOverride | None:
    """What is set for a day, or None."""
    return DayOverride.objects.filter(day=day).first()


def business_hours() -> list[tuple[str, str]]:
    """The stretches of a working day, as 08:30 and 12:00."""
    rows = [(row.opens, row.closes) for row in BusinessHours.objects.all()] or list(DEFAULT_HOURS)
    return [(f"{opens:%H:%M}", f"{closes:%H:%M}") for opens, closes in rows]
