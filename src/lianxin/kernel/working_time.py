"""The enterprise's working calendar as it stands in the database."""

from datetime import date, time

from django.conf import settings
from django.core.cache import cache

from lianxin.kernel.business_calendar import DEFAULT_HOURS, WorkingCalendar
from lianxin.kernel.models import BusinessHours, DayOverride

_CACHE_KEY = "working-calendar"
_CACHE_SECONDS = 30


def current_calendar() -> WorkingCalendar:
    """Statutory days, make-up working days, the administrator's overrides and the business hours.

    Per-process cache, 30-second TTL: a scan of deadlines asks for it once a case.
    """
    known = cache.get(_CACHE_KEY)
    if known is None:
        known = _read()
        cache.set(_CACHE_KEY, known, _CACHE_SECONDS)
    hours, overrides = known
    return WorkingCalendar(hours=hours or DEFAULT_HOURS, timezone=settings.TIME_ZONE, overrides=overrides)


def forget_calendar() -> None:
    """Drop the cached calendar of this process after a change."""
    cache.delete(_CACHE_KEY)


def _read() -> tuple[tuple[tuple[time, time], ...], dict[date, bool]]:
    hours = tuple(BusinessHours.objects.values_list("opens", "closes"))
    return hours, dict(DayOverride.objects.values_list("day", "working"))
