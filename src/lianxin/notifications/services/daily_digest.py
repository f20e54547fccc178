"""The daily hint, for everybody whose hour has come: something waits that is addressed in secret.

Of a confidential case the database must not know whose it is, so nothing is written here but that the hour of some
people has come: for all of them alike, in one statement, whether there was something for them or not. The price: a hint
is sent at most once, and one that its server refuses for the moment is not tried again. The inbox has it all.
"""

import logging
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from lianxin.kernel import timezone
from lianxin.kernel.working_time import current_calendar
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact, Notice
from lianxin.notifications.policies import pseudonyms
from lianxin.notifications.queries import without_looked_at
from lianxin.notifications.services.channels import Channel, InDoubt, Permanent, Temporary, Unavailable
from lianxin.notifications.services.message_builder import hint

BATCH = 200

log = logging.getLogger(__name__)


def _due(channel: str, now: datetime) -> QuerySet[Contact]:
    """Contacts whose hour of today has come and has not been attended to."""
    local = now.astimezone(timezone.zone())
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    contacts = Contact.objects.filter(channel=channel, confirmed_at__isnull=False, refused_at__isnull=True)
    contacts = contacts.filter(hinted_until__lt=midnight, daily_at__lte=local.time()).exclude(wish=Frequency.NEVER)
    if not current_calendar().is_working_day(local.date()):
        contacts = contacts.filter(working_days_only=False)
    return contacts


def hints_are_due(channel: str) -> bool:
    """Whether anybody's hour has come."""
    return _due(channel, timezone.now()).exists()


def send_hints(channel: Channel) -> int:
    """Tell those for whom there is something that there is; return how many."""
    sent = 0
    while claimed := _claim_some(channel.name):
        for contact in _with_something(claimed):
            try:
                channel.send(hint(contact, str(uuid4())))
                sent += 1
            except Unavailable:
                raise
            except (Temporary, Permanent, InDoubt):
                log.warning("A hint was not taken; it is not tried again.")
    return sent


def _claim_some(channel: str) -> dict[Contact, datetime]:
    """Contacts of whom nobody else takes care, each with the moment up to which they were looked through before.

    They are looked through up to their hour, not up to now: a worker that is late must not answer an act at once.
    """
    now = timezone.now()
    today = timezone.day_of(now)
    with transaction.atomic():
        due = _due(channel, now).select_for_update(skip_locked=True, of=("self",)).select_related("person__user")
        claimed = {contact: contact.hinted_until for contact in due.order_by("pk")[:BATCH]}
        for contact in claimed:
            contact.hinted_until = datetime.combine(today, contact.daily_at, timezone.zone())
        Contact.objects.bulk_update(claimed, ["hinted_until"])
    return claimed


def _with_something(claimed: dict[Contact, datetime]) -> list[Contact]:
    """Those who have an unread notice, addressed in secret, since they were looked through."""
    here = [contact for contact in claimed if not contact.person.has_left]
    tags = {tag: contact for contact in here for tag in pseudonyms(contact.person_id)}
    unread = Notice.objects.filter(
        recipient_tag__in=list(tags), read=False, settled=False, at__gt=min(claimed.values())
    )
    found: dict[Contact, list[Notice]] = {}
    for notice in unread:
        contact = tags[bytes(notice.recipient_tag or b"")]
        if claimed[contact] < notice.at <= contact.hinted_until:
            found.setdefault(contact, []).append(notice)
    return [contact for contact, notices in found.items() if without_looked_at(notices, contact.person_id)]
