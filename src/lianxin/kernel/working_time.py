"""The enterprise's working calendar as it stands in the database."""

from django.conf import settings

from lianxin.kernel.calendar import DEFAULT_HOURS, WorkingCalendar
from lianxin.kernel.kept import Kept
from lianxin.kernel.models import BusinessHours, DayOverride


@Kept
def current_calendar() -> WorkingCalendar:
    """Statutory days, make-up working days, the administrator's overrides and the business hours, at most 30 s old."""
    hours = tuple((row.opens, row.closes) for row in BusinessHours.objects.all())
    overrides = {row.day: row.working for row in DayOverride.objects.all()}
    return WorkingCalendar(hours=hours or DEFAULT_HOURS, timezone=settings.TIME_ZONE, overrides=overrides)
