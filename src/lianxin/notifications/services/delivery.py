"""What goes out, sent by the worker: passed on from the inbox, claimed, handed over, recorded.

Safe to run twice and in several places at once. A delivery is claimed, and the claim committed, before anything is
handed over; whoever dies in between leaves it `unknown`, and it is not sent again: at most once.
"""

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, QuerySet

from lianxin.kernel import timezone
from lianxin.notifications.enums import DeliveryState, FailureReason, Frequency
from lianxin.notifications.models import ChannelOutage, Contact, Delivery, Letter, Notice
from lianxin.notifications.policies import due_of, is_pressing, may_go_at
from lianxin.notifications.services.channels import (
    CHANNELS,
    MAIL,
    Channel,
    InDoubt,
    Message,
    Permanent,
    Temporary,
    Unavailable,
)
from lianxin.notifications.services.daily_digest import hints_are_due, send_hints
from lianxin.notifications.services.holding import is_held
from lianxin.notifications.services.letters import message_of, waiting_letters
from lianxin.notifications.services.message_builder import asking_for_code, standing_of, telling

BATCH = 500
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)
CLAIM_LASTS = timedelta(minutes=15)
KEPT = timedelta(days=30)
TRIES_AT_ONCE = 5
"""What is timed to the hour is tried so often, a minute apart, before it waits for full hours."""

log = logging.getLogger(__name__)


def deliver() -> int:
    """Do one round: all that is due goes out on every channel; return how many messages were taken."""
    pass_on()
    _give_up_lost_claims()
    return sum(_round(name) for name in CHANNELS)


def deliver_codes() -> int:
    """Send the codes that somebody is waiting for in front of a page, on every channel; return how many were taken."""
    return sum(_round(name, codes_alone=True) for name in CHANNELS)


def pass_on() -> int:
    """Plan a delivery for every new notice whose recipient wants to be told; return how many notices were new."""
    total = 0
    while count := _pass_on_some():
        total += count
    return total


def _pass_on_some() -> int:
    now = timezone.now()
    with transaction.atomic():
        new = Notice.objects.select_for_update(skip_locked=True).filter(passed_on=False, recipient__isnull=False)
        notices = list(new.order_by("at")[:BATCH])
        if not notices:
            return 0
        in_use = Contact.objects.filter(confirmed_at__isnull=False, refused_at__isnull=True).exclude(
            wish=Frequency.NEVER
        )
        contacts = list(in_use.filter(person__in={notice.recipient_id for notice in notices}))
        planned = [
            Delivery(channel=contact.channel, notice=notice, due_at=moment, next_at=moment)
            for contact in contacts
            for notice in notices
            if notice.recipient_id == contact.person_id and notice.read_at is None
            for moment in [due_of(notice, contact, now)]
        ]
        Delivery.objects.bulk_create(planned, ignore_conflicts=True)
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(passed_on=True)
    return len(notices)


@dataclass(frozen=True)
class ClaimedBatch:
    """What one worker has claimed: deliveries that go to one contact in one message."""

    contact: Contact
    deliveries: Sequence[Delivery]
    message: Message


def _round(name: str, *, codes_alone: bool = False) -> int:
    """Send what is due on a channel. It is opened first: while nobody can be reached, nothing is claimed."""
    due = Delivery.objects.filter(channel=name, state=DeliveryState.QUEUED, next_at__lte=timezone.now())
    codes = list(due.filter(contact__isnull=False).order_by("next_at").values_list("pk", flat=True)[:BATCH])
    if codes_alone and ChannelOutage.objects.filter(channel=name, tried_at__gt=timezone.now() - FIRST_WAIT).exists():
        return 0  # the round of each minute tries whether the server is back
    letters = list(waiting_letters(failed_too=not codes_alone)[:BATCH]) if name == MAIL else []
    people: list[int] = []
    if not codes_alone:
        waiting = due.filter(notice__isnull=False).values("notice__recipient").annotate(first=Min("next_at"))
        people = [row["notice__recipient"] for row in waiting.order_by("first")]
    hints = not codes_alone and hints_are_due(name)
    if not (codes or letters or people or hints) or is_held(name):
        return 0
    channel = CHANNELS[name]()
    sent = 0
    try:
        channel.open()
        ChannelOutage.objects.filter(channel=name).delete()
        for delivery_id in codes:
            sent += _send(channel, _claim_code(delivery_id))
        for letter in letters:
            sent += _post(channel, letter)
        for person_id in people:
            sent += _send(channel, _claim_for(person_id, name))
        sent += send_hints(channel) if hints else 0
    except Unavailable as reason:
        log.warning("The channel %s cannot be reached (%s); what waits is kept.", name, reason)
        _note_outage(name, reason.trouble)
    finally:
        channel.close()
    return sent


def _note_outage(name: str, trouble: FailureReason) -> None:
    now = timezone.now()
    seen = {"trouble": trouble, "tried_at": now}
    ChannelOutage.objects.update_or_create(channel=name, defaults=seen, create_defaults={**seen, "since": now})


def _claim_code(delivery_id: UUID) -> ClaimedBatch | None:
    with transaction.atomic():
        free = Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        found = free.filter(pk=delivery_id, state=DeliveryState.QUEUED).first()
        if found is None:
            return None
        contact = Contact.objects.select_related("person__user").get(pk=str(found.contact_id))
        if contact.confirmed_at is not None:
            _finish([found], DeliveryState.DROPPED)
            return None
        _claim([found])
    return ClaimedBatch(contact, [found], asking_for_code(contact, found))


def _claim_for(person_id: int, channel: str) -> ClaimedBatch | None:
    """Claim what is due to a person, less what they have read, see no more, or no longer want to be told."""
    now = timezone.now()
    with transaction.atomic():
        free = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("notice")
        due = free.filter(channel=channel, notice__recipient=person_id, state=DeliveryState.QUEUED, next_at__lte=now)
        deliveries = list(due.order_by("due_at", "pk"))
        contact = Contact.objects.select_related("person__user").filter(person=person_id, channel=channel).first()
        if contact is None or not contact.is_in_use or contact.person.has_left:
            _finish(deliveries, DeliveryState.DROPPED)
            return None
        if (moment := may_go_at(contact, now)) > now:
            waiting = [delivery.pk for delivery in deliveries if not is_pressing(delivery.notice)]
            Delivery.objects.filter(pk__in=waiting).update(next_at=moment)
            deliveries = [delivery for delivery in deliveries if is_pressing(delivery.notice)]
        unread = [one.notice for one in deliveries if one.notice is not None and one.notice.read_at is None]
        standing = standing_of(contact.person, unread)
        going = [delivery for delivery in deliveries if delivery.notice in standing]
        _finish([delivery for delivery in deliveries if delivery not in going], DeliveryState.DROPPED)
        if not going:
            return None
        _claim(going)
    return ClaimedBatch(contact, going, telling(contact, going[0], standing))


def _claim(deliveries: Sequence[Delivery]) -> None:
    now = timezone.now()
    for rows, hourly in _by_fineness(deliveries):
        # To the end of the hour, so that a claim is not taken for lost while the hour lasts.
        claimed_at = timezone.next_hour(now) if hourly else now
        rows.update(state=DeliveryState.SENDING, claimed_at=claimed_at, attempts=F("attempts") + 1)
    for delivery in deliveries:
        delivery.attempts += 1


def _send(channel: Channel, parcel: ClaimedBatch | None) -> bool:
    """Hand over what was claimed and record how it ended.

    Raises:
        Unavailable: the connection was lost; what was claimed is tried again later.
    """
    if parcel is None:
        return False
    try:
        channel.send(parcel.message)
    except InDoubt as reason:
        log.warning("Whether a message arrived is not known (%s); it is not sent again.", reason)
        _finish(parcel.deliveries, DeliveryState.UNKNOWN, reason.trouble)
    except Permanent as reason:
        log.warning("A message was refused: %s", reason)
        _finish(parcel.deliveries, DeliveryState.FAILED, reason.trouble)
        if reason.address_is_wrong:
            same = Contact.objects.filter(pk=parcel.contact.pk, address=parcel.contact.address)
            same.update(refused_at=timezone.now())
    except Unavailable as reason:
        _try_later(parcel.deliveries, reason.trouble)
        raise
    except Temporary as reason:
        _try_later(parcel.deliveries, reason.trouble)
    except Exception:
        log.exception("A message could not be sent.")
        _try_later(parcel.deliveries, FailureReason.FAULT)
    else:
        _finish(parcel.deliveries, DeliveryState.SENT)
        return True
    return False


def _post(channel: Channel, letter: Letter) -> bool:
    """Send a letter that no other worker has taken; it comes back where it may go later.

    Raises:
        Unavailable: the connection was lost.
    """
    message = message_of(letter)
    if not Letter.objects.filter(pk=letter.pk).delete()[0] or message is None:
        return False
    try:
        channel.send(message)
    except Temporary as reason:
        log.warning("A letter was not taken: %s", reason)
        letter.failures += 1
        letter.save(force_insert=True)
        if isinstance(reason, Unavailable):
            raise
        return False
    except (Permanent, InDoubt) as reason:
        log.warning("A letter was refused: %s", reason)
        return False
    return True


def _finish(deliveries: Sequence[Delivery], state: DeliveryState, trouble: FailureReason | None = None) -> None:
    now = timezone.now()
    for rows, hourly in _by_fineness(deliveries):
        rows.update(state=state, trouble=trouble or "", done_at=timezone.to_the_hour(now) if hourly else now)


def _is_hourly(delivery: Delivery) -> bool:
    return delivery.notice is not None and delivery.notice.hourly


def _by_fineness(deliveries: Sequence[Delivery]) -> Iterator[tuple[QuerySet[Delivery], bool]]:
    """The rows of some deliveries, those whose times are kept to the hour apart from the others."""
    for hourly in (False, True):
        keys = [delivery.pk for delivery in deliveries if _is_hourly(delivery) == hourly]
        if keys:
            yield Delivery.objects.filter(pk__in=keys), hourly


def _try_later(deliveries: Sequence[Delivery], trouble: FailureReason) -> None:
    now = timezone.now()
    hopeless = [delivery for delivery in deliveries if now - delivery.due_at > GIVE_UP_AFTER]
    _finish(hopeless, DeliveryState.FAILED, trouble)
    for delivery in deliveries:
        if delivery not in hopeless:
            later = _next_full_hour(now, delivery) if _is_hourly(delivery) else next_try(now, delivery.attempts)
            Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.QUEUED, trouble=trouble, next_at=later)


def _next_full_hour(now: datetime, delivery: Delivery) -> datetime:
    """What is timed to the hour is tried a few times with each round, then with every full hour."""
    hour = timezone.to_the_hour(now)
    return hour if delivery.attempts < TRIES_AT_ONCE else hour + timedelta(hours=1)


def next_try(now: datetime, attempts: int) -> datetime:
    """Twice as long a wait after each attempt, up to an hour, a quarter more or less so that they do not all come
    together.
    """
    wait = min(FIRST_WAIT * 2 ** min(attempts, 10), LONGEST_WAIT)
    return now + wait * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing


def _give_up_lost_claims() -> None:
    """Claims of workers that died: nobody knows whether they had handed over, so it is not done again."""
    lost = Delivery.objects.filter(state=DeliveryState.SENDING, claimed_at__lt=timezone.now() - CLAIM_LASTS)
    died = {"state": DeliveryState.UNKNOWN, "trouble": FailureReason.WORKER_DIED}
    now = timezone.now()
    count = lost.filter(notice__hourly=True).update(**died, done_at=timezone.to_the_hour(now))
    if count := count + lost.update(**died, done_at=now):
        log.warning("%d deliveries were claimed by a worker that died; they are not sent again.", count)


def forget_old_deliveries() -> None:
    """What ended a month ago is of no use any more."""
    Delivery.objects.filter(done_at__lt=timezone.now() - KEPT).delete()
