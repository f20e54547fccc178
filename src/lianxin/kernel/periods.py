"""Periods of whole days: those with a name, any other, and the one that each is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kernel import timezone

DAY = timedelta(days=1)
MOST_DAYS_BY_WEEK = 100
YEAR = 12


@dataclass(frozen=True)
class Period:
    """From `since` to `until`, both included.

    `months`: of a named period that still runs, how many calendar months it will have; it is compared with the same
    days of the one before.
    """

    since: date
    until: date
    months: int = 0

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} – {self.until:%Y-%m-%d}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def grain(self) -> str:
        """The steps in which its trend is drawn: weeks of a month or a quarter, months of a year."""
        return "week" if self.days <= MOST_DAYS_BY_WEEK else "month"

    @property
    def whole_months(self) -> int:
        """How many calendar months it is; 0 if it begins or ends within one."""
        following = self.until + DAY
        months = (following.year - self.since.year) * YEAR + following.month - self.since.month
        return months if self.since.day == following.day == 1 else 0

    @property
    def is_running(self) -> bool:
        """Whether it is a named period of which days are still to come."""
        return self.months > self.whole_months

    @property
    def before(self) -> "Period":
        """What it is compared with: as many whole months before, the same days of the period before while it runs,
        else as many days.
        """
        months = self.months or self.whole_months
        if months:
            return Period(shifted(self.since, -months), _same_day(self.until, -months))
        return Period(self.since - DAY * self.days, self.since - DAY)

    def steps(self, grain: str) -> list[date]:
        """The first day of each step of a trend: weeks begin on Monday, the first step may be cut short."""
        found = [start_of(grain, self.since)]
        while (following := _next(grain, found[-1])) <= self.until:
            found.append(following)
        return found


def start_of(grain: str, day: date) -> date:
    """The first day of the step in which a day lies: of its month, or its Monday."""
    return day.replace(day=1) if grain == "month" else day - DAY * day.weekday()


def _next(grain: str, start: date) -> date:
    return shifted(start, 1) if grain == "month" else start + 7 * DAY


def shifted(first: date, months: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(first.year * YEAR + first.month - 1 + months, YEAR)
    return date(year, month + 1, 1)


def _same_day(day: date, months: int) -> date:
    """The same day so many months later; the last of a month stays the last."""
    last = shifted(day.replace(day=1), months + 1) - DAY
    return last if (day + DAY).day == 1 else last.replace(day=min(day.day, last.day))


def _months(begin: date, count: int) -> Period:
    """So many calendar months; of those that still run, the days until today."""
    return Period(begin, min(shifted(begin, count) - DAY, timezone.today()), count)


NAMED: Mapping[str, str | Promise] = {
    "month": _("This month"),
    "last_month": _("Last month"),
    "quarter": _("This quarter"),
    "last_quarter": _("Last quarter"),
    "year": _("This year"),
    "last_year": _("Last year"),
}
"""The periods that have a name in the address bar."""


def named_period(name: str) -> Period:
    """The period of a name, until today if it still runs; an unknown name is this month."""
    month = timezone.today().replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    year = month.replace(month=1)
    return {
        "last_month": _months(shifted(month, -1), 1),
        "quarter": _months(quarter, 3),
        "last_quarter": _months(shifted(quarter, -3), 3),
        "year": _months(year, YEAR),
        "last_year": _months(shifted(year, -YEAR), YEAR),
    }.get(name, _months(month, 1))
