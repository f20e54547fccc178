"""Rate limits on what can be guessed, kept in PostgreSQL so that all web processes count together.

Nothing kept can be traced back: a row's key is a keyed hash of scope, subject and window, and its times are the
window's.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.crypto import keyed_hash
from lianxin.kernel.errors import RateLimited
from lianxin.kernel.models import Throttle

# An upsert in one statement, so that two attempts at the same moment are both counted.
_UPSERT = """
    INSERT INTO kernel_throttle (key, count, expires) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET count = kernel_throttle.count + EXCLUDED.count
    RETURNING count
"""


def _window(scope: str, subject: str, per: timedelta) -> tuple[bytes, datetime]:
    length = int(per.total_seconds())
    index = int(timezone.now().timestamp()) // length
    return keyed_hash("throttle", f"{scope}|{subject}|{index}"), datetime.fromtimestamp((index + 1) * length, UTC)


def count(scope: str, subject: str, *, per: timedelta, by: int = 1) -> int:
    """Count one more attempt (`by` = 0 only asks); return how many there were in the present window."""
    key, expires = _window(scope, subject, per)
    if by == 0:
        return Throttle.objects.filter(key=key).values_list("count", flat=True).first() or 0
    return _add(key, by, expires)


def _add(key: bytes, by: int, expires: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [key, by, expires])
        return int(cursor.fetchone()[0])


def check(scope: str, subject: str, *, limit: int, per: timedelta) -> None:
    """Refuse when `limit` attempts were counted in the present window.

    Raises:
        RateLimited: with the seconds until the next window.
    """
    if count(scope, subject, per=per, by=0) >= limit:
        raise _too_many(scope, subject, per)


def admit(scope: str, subject: str, *, limit: int, per: timedelta) -> None:
    """Count one more attempt, and refuse it if it is more than `limit`, however many are made at the same moment.

    Raises:
        RateLimited: as `check`.
    """
    if count(scope, subject, per=per) > limit:
        raise _too_many(scope, subject, per)


def _too_many(scope: str, subject: str, per: timedelta) -> RateLimited:
    _key, expires = _window(scope, subject, per)
    wait = max(1, int((expires - timezone.now()).total_seconds()))
    said = _("Too many attempts. Please try again in %(minutes)d minutes.") % {"minutes": -(-wait // 60)}
    return RateLimited(said, wait)


def once(scope: str, subject: str, *, until: datetime) -> bool:
    """Whether this is the first time; remembered until that moment, whatever windows begin meanwhile."""
    key = keyed_hash("throttle", f"{scope}|{subject}|once")
    day = until.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)  # a row keeps no time of day
    return _add(key, 1, day) == 1


def forget_expired() -> int:
    """Delete the windows that are over; return how many."""
    return Throttle.objects.filter(expires__lt=timezone.now()).delete()[0]
