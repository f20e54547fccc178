"""Whose notice is it: openly addressed, or under a pseudonym that only the recipient's own sign-in can compute.
And when something may go out to somebody.
"""

import secrets
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from lianxin.kernel import timezone
from lianxin.kernel.crypto import keyed_hash
from lianxin.kernel.working_time import current_calendar
from lianxin.notifications.enums import DeliveryState, FailureReason, Frequency
from lianxin.notifications.events import subject
from lianxin.notifications.models import Contact, Notice
from lianxin.org.policies import Target, is_system_admin_there
from lianxin.org.queries import Person

AGAIN_WITHIN = timedelta(days=7)
"""What failed longer ago is not tried again: nobody wants to hear of it any more."""
PSEUDONYMS = 64
"""So many a person has. Each case draws one of them, so that whoever finds out whose one of them is learns of few
cases, and the rows of a database tell neither how many people nor how often one of them raised something.
"""
_DAYS_AHEAD = 60
"""Longer than any holiday; an enterprise that never works is told nothing sooner than this."""


def pseudonyms(person_id: int) -> list[bytes]:
    """All tags under which a person may receive what must not be addressed by name."""
    return [_pseudonym(person_id, k) for k in range(PSEUDONYMS)]


def draw_pseudonym(person_id: int) -> bytes:
    """One of a person's pseudonyms, at random; for one case and all its notices."""
    return _pseudonym(person_id, secrets.randbelow(PSEUDONYMS))


def addressed_to(person: Person) -> Q:
    """Notices of a person, openly or secretly addressed."""
    return Q(recipient=person.pk) | Q(recipient_tag__in=pseudonyms(person.pk))


def _pseudonym(person_id: int, k: int) -> bytes:
    return keyed_hash("pseudonym", f"{person_id}|{k}")


def keeps_channels(person: Person) -> bool:
    """Whether they look after the ways out of the house: a system administrator of the whole enterprise."""
    return is_system_admin_there(person, Target())


def may_go_again(now: datetime) -> Q:
    """Deliveries that failed lately and may be tried once more: no codes, and nothing to an address that is none."""
    failed = Q(state=DeliveryState.FAILED, notice__isnull=False, done_at__gt=now - AGAIN_WITHIN)
    return failed & ~Q(trouble=FailureReason.WRONG_ADDRESS)


def may_go_at(contact: Contact, moment: datetime) -> datetime:
    """The first moment, not before `moment`, that is neither in the person's quiet hours nor on a day off of theirs.

    All hours are wall-clock time where the enterprise is; quiet hours that end before they begin run over midnight,
    and equal ones are none.
    """
    local = moment.astimezone(timezone.zone())
    day = local.date() if _is_a_day_for(contact, local.date()) else _next_day(contact, local.date())
    at = local.time() if day == local.date() else time(0)
    quiet_from, quiet_until = contact.quiet_from, contact.quiet_until
    if quiet_from < quiet_until and quiet_from <= at < quiet_until:
        return _moment(day, quiet_until)
    if quiet_from > quiet_until and at < quiet_until:
        return _moment(day, quiet_until)
    if quiet_from > quiet_until and at >= quiet_from:
        return _moment(_next_day(contact, day), quiet_until)
    return moment if day == local.date() else _moment(day, at)


def goes_at(contact: Contact, *, is_duty: bool, now: datetime) -> datetime:
    """When something that comes up now is due to go to a person, by their wish."""
    if contact.wish == Frequency.AT_ONCE or (is_duty and contact.wish == Frequency.DUTIES_AT_ONCE):
        return may_go_at(contact, now)
    local = now.astimezone(timezone.zone())
    today = _is_a_day_for(contact, local.date()) and local.time() < contact.daily_at
    return may_go_at(contact, _moment(local.date() if today else _next_day(contact, local.date()), contact.daily_at))


def due_of(notice: Notice, contact: Contact, now: datetime) -> datetime:
    """When a notice that comes up now is due to go to its recipient; what is pressing at once, whatever the hour.

    At once is, for a notice whose times are kept to the hour, the beginning of this one.
    """
    is_duty = notice.kind in subject(notice.subject_type).duties
    moment = now if is_pressing(notice) else goes_at(contact, is_duty=is_duty, now=now)
    return timezone.to_the_hour(now) if notice.hourly and moment == now else moment


def is_pressing(notice: Notice | None) -> bool:
    """Whether somebody may be in danger, so that quiet hours do not hold."""
    return notice is not None and (notice.urgent or notice.kind in subject(notice.subject_type).pressing)


def _is_a_day_for(contact: Contact, day: date) -> bool:
    return not contact.working_days_only or current_calendar().is_working_day(day)


def _next_day(contact: Contact, day: date) -> date:
    following = (day + timedelta(days=n) for n in range(1, _DAYS_AHEAD))
    return next((one for one in following if _is_a_day_for(contact, one)), day + timedelta(days=_DAYS_AHEAD))


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.zone())
