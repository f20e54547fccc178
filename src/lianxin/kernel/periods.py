"""Periods of whole days: those with a name, any other, and the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kernel import timezone

DAY = timedelta(days=1)
MOST_DAYS_BY_DAY = 31
MOST_DAYS_BY_WEEK = 100
YEAR = 12


@dataclass(frozen=True)
class Period:
    """From `since` to `until`, both included."""

    since: date
    until: date

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} – {self.until:%Y-%m-%d}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def grain(self) -> str:
        """The steps in which its trend is drawn: days of a month, weeks of a quarter, months of a year."""
        if self.days <= MOST_DAYS_BY_DAY:
            return "day"
        return "week" if self.days <= MOST_DAYS_BY_WEEK else "month"

    @property
    def whole_months(self) -> int:
        """How many calendar months it is; 0 if it begins or ends within one."""
        following = self.until + DAY
        months = (following.year - self.since.year) * YEAR + following.month - self.since.month
        return months if self.since.day == following.day == 1 else 0

    @property
    def before(self) -> "Period":
        """The period before: as many whole months, else as many days."""
        months = self.whole_months
        since = shifted(self.since, -months) if months else self.since - DAY * self.days
        return Period(since, self.since - DAY)

    def steps(self, grain: str) -> list[date]:
        """The first day of each step of a trend: weeks begin on Monday, the first step may be cut short."""
        found = [start_of(grain, self.since)]
        while (following := _next(grain, found[-1])) <= self.until:
            found.append(following)
        return found


def start_of(grain: str, day: date) -> date:
    """The first day of the step in which a day lies."""
    if grain == "month":
        return day.replace(day=1)
    return day - DAY * day.weekday() if grain == "week" else day


def _next(grain: str, start: date) -> date:
    if grain == "month":
        return shifted(start, 1)
    return start + (7 * DAY if grain == "week" else DAY)


def shifted(first: date, months: int) -> date:
    """The first of the month so many months later."""
    year, month = divmod(first.year * YEAR + first.month - 1 + months, YEAR)
    return date(year, month + 1, 1)


def _months(begin: date, count: int) -> Period:
    return Period(begin, shifted(begin, count) - DAY)


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
    """The period of a name, today; an unknown name is this month."""
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
