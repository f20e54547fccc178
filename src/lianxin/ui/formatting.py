"""Dates, durations and figures as people say them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol

from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from lianxin.kernel import timezone

MINUTE = timedelta(minutes=1)
SMALLEST_COHORT = 5
"""A rate over fewer is shown as its two numbers."""


WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)
MONTHS = (
    pgettext_lazy("month", "Jan"),
    pgettext_lazy("month", "Feb"),
    pgettext_lazy("month", "Mar"),
    pgettext_lazy("month", "Apr"),
    pgettext_lazy("month", "May"),
    pgettext_lazy("month", "Jun"),
    pgettext_lazy("month", "Jul"),
    pgettext_lazy("month", "Aug"),
    pgettext_lazy("month", "Sep"),
    pgettext_lazy("month", "Oct"),
    pgettext_lazy("month", "Nov"),
    pgettext_lazy("month", "Dec"),
)


class _Days(Protocol):
    @property
    def since(self) -> date: ...

    @property
    def until(self) -> date: ...


def day_of(moment: date, *, now: datetime | None = None) -> str:
    """The day where the enterprise is: 11月26日 周四 (Thu 26 Nov), or with the year if it is not the present one."""
    zone = timezone.zone()
    day = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    if day.year != (now or timezone.now()).astimezone(zone).year:
        return full_date(day)
    return _day(day, get_language())


def full_date(day: date) -> str:
    """A day with its year, for what is kept longer: 2026年11月26日 (26 Nov 2026)."""
    return _("%(day)d %(month)s %(year)d") % _parts(day)


def month_of(day: date) -> str:
    """The month of a day: 2026年11月 (Nov 2026)."""
    return _("%(month)s %(year)d") % _parts(day)


def short_day(day: date) -> str:
    """A day in few characters, for the axis of a chart: 11月26日 (26 Nov)."""
    return _("%(day)d %(month)s") % _parts(day)


def period(days: _Days) -> str:
    """From a day to another: 2026年11月1日 – 11月30日 (1 Nov – 30 Nov 2026)."""
    if days.since.year != days.until.year:
        return f"{full_date(days.since)} – {full_date(days.until)}"
    first = {f"first_{name}": value for name, value in _parts(days.since).items()}
    return _("%(first_day)d %(first_month)s – %(day)d %(month)s %(year)d") % {**first, **_parts(days.until)}


@lru_cache(1000)
def _day(day: date, language: str) -> str:  # noqa: ARG001 - the language that is spoken now
    return _("%(weekday)s %(day)d %(month)s") % _parts(day)


def _parts(day: date) -> dict[str, Any]:
    return {"year": day.year, "month": MONTHS[day.month - 1], "day": day.day, "weekday": WEEKDAYS[day.weekday()]}


def when(moment: datetime, *, now: datetime | None = None) -> str:
    """Day and time where the enterprise is: 11月26日 周四 17:30."""
    local = moment.astimezone(timezone.zone())
    return f"{day_of(moment, now=now)} {local:%H:%M}"


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}


def _minutes(count: int) -> str:
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def duration(length: timedelta, *, units: int = 2) -> str:
    """A length of time in its largest units: 1 天 3 小时. Rounded down to the minute; its sign is ignored."""
    minutes = int(abs(length) / MINUTE)
    if minutes == 0:
        return _("less than a minute")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, _days), (hours, _hours), (minutes, _minutes)]
    first = next(index for index, (count, _say) in enumerate(parts) if count)
    return " ".join(say(count) for count, say in parts[first : first + units] if count)


def remaining(due: datetime, *, now: datetime | None = None) -> str:
    """How long there is until `due`: 还剩 1 天 3 小时, or 已超时 2 小时."""
    left = due - (now or timezone.now())
    if left >= timedelta(0):
        return _("%(duration)s left") % {"duration": duration(left)}
    return _("%(duration)s overdue") % {"duration": duration(left)}


def ago(moment: datetime, *, now: datetime | None = None) -> str:
    """How long since `moment`: 3 小时前; 刚刚 within a minute; the day itself after a week."""
    passed = (now or timezone.now()) - moment
    if passed < MINUTE:
        return _("just now")
    if passed >= timedelta(days=7):
        return day_of(moment, now=now)
    return _("%(duration)s ago") % {"duration": duration(passed, units=1)}


def number(value: int) -> str:
    """12345 as 12,345."""
    return f"{value:,}"


def ratio(part: int, whole: int) -> str:
    """A rate as a percentage with one decimal; over fewer than five cases its two numbers; of none a dash."""
    if whole == 0:
        return "–"
    if whole < SMALLEST_COHORT:
        return f"{part} / {whole}"
    return f"{part / whole:.1%}"
