"""Trying a channel out, for whoever sets the system up."""

from uuid import uuid4

from django.utils.translation import gettext as _

from lianxin.notifications.services.channels import CHANNELS, MAIL, Message
from lianxin.notifications.services.channels.base import Item


def send_test_message(*, address: str, channel: str = MAIL) -> str:
    """Send a message at once, past the queue; return what the other side said.

    Raises:
        Invalid: this is no address.
        Temporary, Permanent, InDoubt: it was not taken, or nobody knows.
    """
    way = CHANNELS[channel]()
    cleaned = way.clean(address)
    said = _("Lianxin can send mail. This was a try.")
    try:
        way.open()
        return way.send(Message(id=str(uuid4()), address=cleaned, subject=_("Lianxin"), items=[Item(said)]))
    finally:
        way.close()
