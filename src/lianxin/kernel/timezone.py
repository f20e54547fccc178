"""The one source of the present moment, so that tests and the sample enterprise can live at another time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def zone() -> ZoneInfo:
    """The enterprise's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def today() -> date:
    """The present day where the enterprise is."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day of a moment where the enterprise is."""
    return moment.astimezone(zone()).date()


def to_the_hour(at: datetime) -> datetime:
    """The beginning of the hour: all that is kept of times from which nobody is to be found out."""
    return at.replace(minute=0, second=0, microsecond=0)


def this_hour() -> datetime:
    """The beginning of the present hour: what is kept of the time where there may be an anonymous case behind it."""
    return to_the_hour(now())


def next_hour(at: datetime) -> datetime:
    """The next full hour, or this one on the dot."""
    return to_the_hour(at + timedelta(hours=1) - timedelta(microseconds=1))


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Live at the moment `at` (aware) within the block."""
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
