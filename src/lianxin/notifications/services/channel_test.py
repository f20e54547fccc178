"""Trying a channel out, and what failed on it once more: for whoever sets the system up."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kernel import rate_limit, timezone
from lianxin.kernel.errors import PermissionDenied
from lianxin.ledger.services import append_event
from lianxin.notifications.enums import CHANNEL_SUBJECT, TAKEN, DeliveryState
from lianxin.notifications.models import Delivery
from lianxin.notifications.policies import keeps_channels, may_go_again
from lianxin.notifications.queries import mail_is_set_up
from lianxin.notifications.services.channels import CHANNELS, MAIL, InDoubt, Message, Permanent, Temporary
from lianxin.notifications.services.channels.base import Item
from lianxin.org.enums import Role
from lianxin.org.queries import Person

SUBJECT = CHANNEL_SUBJECT
NOT_TAKEN = (Temporary, Permanent, InDoubt)
"""What says that a message was not taken, or that nobody knows; `explain` says why."""
_TRIES, _WINDOW = 5, timedelta(hours=1)


def send_test_message(*, address: str, channel: str = MAIL, actor: Person | None = None) -> str:
    """Send a message at once, past the queue; return what the other side said. That it was taken is on the record.

    Raises:
        ValidationFailed: this is no address.
        Temporary, Permanent, InDoubt: it was not taken, or nobody knows.
    """
    way = CHANNELS[channel]()
    cleaned = way.clean(address)
    said = _("Lianxin can send email. This is a test message.")
    try:
        way.open()
        answer = way.send(Message(id=str(uuid4()), address=cleaned, subject=_("Lianxin"), items=[Item(said)]))
    finally:
        way.close()
    if channel != MAIL or mail_is_set_up():  # what is printed on the console proves nothing
        note(actor, channel, TAKEN)
    return answer


def try_channel(*, actor: Person, address: str, channel: str = MAIL) -> str:
    """As `send_test_message`, by an administrator on a page: five times an hour, on the record, without the address.

    Raises:
        PermissionDenied: the actor keeps no channels.
        ValidationFailed, Temporary, Permanent, InDoubt: as `send_test_message`.
        RateLimited: they have tried too often.
    """
    require(actor)
    cleaned = CHANNELS[channel].clean(address)
    with transaction.atomic():
        rate_limit.admit("channel tries", str(actor.pk), limit=_TRIES, per=_WINDOW)
        note(actor, channel, "try")
    return send_test_message(address=cleaned, channel=channel, actor=actor)


@transaction.atomic
def try_failed_again(*, actor: Person, channel: str = MAIL) -> int:
    """Put what failed on a channel in the last days back into the queue; return how much that was.

    What may have arrived is not sent again, nor what went to an address that is none, nor a code that somebody can ask
    for anew. What its recipient has read or no longer wants is left out when its turn comes.

    Raises:
        PermissionDenied: the actor keeps no channels.
    """
    require(actor)
    now = timezone.now()
    failed = Delivery.objects.filter(may_go_again(now), channel=channel)
    again = {"state": DeliveryState.QUEUED, "attempts": 0, "done_at": None}
    hour = timezone.to_the_hour(now)
    count = failed.filter(notice__hourly=True).update(**again, due_at=hour, next_at=hour)
    count += failed.update(**again, due_at=now, next_at=now)
    if count:
        note(actor, channel, "again", count=count)
    return count


def explain(error: Exception) -> str:
    """Why a message was not taken, what can be done about it, and what the other side said."""
    about: Any = error
    told = {"why": about.trouble.label, "advice": getattr(about, "advice", ""), "answer": error}
    return _("Not sent: %(why)s. %(advice)s (%(answer)s)") % told


def require(actor: Person) -> None:
    """Insist that the actor keeps the channels.

    Raises:
        PermissionDenied: they do not.
    """
    if not keeps_channels(actor):
        raise PermissionDenied(_("You do not have permission to do this."))


def note(actor: Person | None, channel: str, action: str, **data: int) -> None:
    """Put on record what an administrator did to a channel."""
    append_event(
        subject_type=SUBJECT,
        subject_id=channel,
        action=action,
        actor_id=actor.pk if actor else None,
        role=Role.SYSTEM_ADMIN if actor else "",
        data=data,
    )
