"""Where and when a person wants to be told: entered, confirmed and changed by themselves alone."""

import base64
import binascii
import hmac
from datetime import time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kernel import rate_limit, timezone
from lianxin.kernel.crypto import keyed_hash
from lianxin.kernel.errors import ValidationFailed
from lianxin.notifications.enums import DeliveryState, Frequency
from lianxin.notifications.models import Contact, Delivery
from lianxin.notifications.policies import due_of
from lianxin.notifications.services.channels import CHANNELS, MAIL
from lianxin.org.queries import Person

CODE_LASTS = timedelta(hours=24)
_CODES = 10**6
_WINDOW = timedelta(hours=1)
_CODES_A_PERSON = 5
_CODES_AN_ADDRESS = 3
_GUESSES = 10
_ID_BYTES = 16


def enter_address(*, actor: Person, address: str, channel: str = MAIL) -> Contact:
    """Say where one wants to be told; a code goes there, and nothing else before the code came back.

    Raises:
        ValidationFailed: this is no address.
        RateLimited: codes were asked for too often, by this person or to this address.
    """
    address = CHANNELS[channel].clean(address)
    now = timezone.now()
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(person=actor, channel=channel).first()
        if contact and contact.address == address and contact.confirmed_at and not contact.refused_at:
            return contact
        rate_limit.admit("contact codes", str(actor.pk), limit=_CODES_A_PERSON, per=_WINDOW)
        rate_limit.admit("contact codes to", address, limit=_CODES_AN_ADDRESS, per=_WINDOW)
        entered = {
            "address": address, "asked_at": now, "confirmed_at": None, "refused_at": None, "hinted_until": now,
        }  # fmt: skip
        contact, _made = Contact.objects.update_or_create(person=actor, channel=channel, defaults=entered)
        Delivery.objects.filter(contact=contact).delete()
        Delivery.objects.create(channel=channel, contact=contact, due_at=now, next_at=now)
    return contact


def code_of(contact: Contact) -> str:
    """The six digits that confirm an address. They are worked out anew each time, never kept."""
    meant = f"{contact.pk}|{contact.address}|{contact.asked_at.timestamp()}"
    return f"{int.from_bytes(keyed_hash('contact code', meant)[:8]) % _CODES:06d}"


def confirm_address(*, actor: Person, code: str, channel: str = MAIL) -> None:
    """Show that what was sent arrived.

    Raises:
        ValidationFailed: the code is wrong or a day old, or none was asked for.
        RateLimited: too many guesses.
    """
    now = timezone.now()
    contact = Contact.objects.filter(person=actor, channel=channel, confirmed_at__isnull=True).first()
    rate_limit.check("contact guesses", str(actor.pk), limit=_GUESSES, per=_WINDOW)
    typed = "".join(code.split()).encode()
    if (
        contact is None
        or now > contact.asked_at + CODE_LASTS
        or not hmac.compare_digest(code_of(contact).encode(), typed)
    ):
        rate_limit.count("contact guesses", str(actor.pk), per=_WINDOW)
        said = _("This code is incorrect or older than one day. Please check the latest email, or request a new code.")
        raise ValidationFailed({"code": said})
    with transaction.atomic():
        Contact.objects.filter(pk=contact.pk, address=contact.address).update(confirmed_at=now, hinted_until=now)
        Delivery.objects.filter(contact=contact, state=DeliveryState.QUEUED).delete()


def choose(
    *,
    actor: Person,
    wish: Frequency,
    daily_at: time,
    quiet_from: time,
    quiet_until: time,
    working_days_only: bool,
    channel: str = MAIL,
) -> None:
    """Set when one is told. What waits to go out is planned anew."""
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(person=actor, channel=channel).first()
        if contact is None:
            return
        contact.wish, contact.daily_at = wish, daily_at
        contact.quiet_from, contact.quiet_until = quiet_from, quiet_until
        contact.working_days_only = working_days_only
        contact.save(update_fields=["wish", "daily_at", "quiet_from", "quiet_until", "working_days_only"])
        waiting = Delivery.objects.filter(channel=channel, notice__recipient=actor, state=DeliveryState.QUEUED)
        for delivery in waiting.filter(attempts=0).select_related("notice"):
            if notice := delivery.notice:
                moment = due_of(notice, contact, timezone.now())
                Delivery.objects.filter(pk=delivery.pk).update(due_at=moment, next_at=moment)


def remove_address(*, actor: Person, channel: str = MAIL) -> None:
    """Be told nowhere but in the inbox; the address is forgotten."""
    Contact.objects.filter(person=actor, channel=channel).delete()


def forget_contacts(*, person_id: int) -> None:
    """Who leaves is told nothing more, and their private addresses are not kept."""
    Contact.objects.filter(person=person_id).delete()


def stop_token(contact: Contact) -> str:
    """What lets a mail end its like with one click. It names nobody, and is good for this address alone."""
    return base64.urlsafe_b64encode(contact.pk.bytes + _proof(contact)).decode().rstrip("=")


def stop_by_token(token: str) -> None:
    """End it for whoever's mail held this token. A wrong one does nothing, and looks the same."""
    try:
        given = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        contact = Contact.objects.filter(pk=UUID(bytes=given[:_ID_BYTES])).first()
    except (ValueError, binascii.Error):
        return
    if contact and hmac.compare_digest(_proof(contact), given[_ID_BYTES:]):
        Contact.objects.filter(pk=contact.pk).update(wish=Frequency.NEVER)


def _proof(contact: Contact) -> bytes:
    return keyed_hash("stop contact", f"{contact.pk}|{contact.address}")[:_ID_BYTES]
