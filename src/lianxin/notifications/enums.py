"""The words of the inbox and of what goes out from it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MAIL = "mail"
"""The name of the channel."""
CHANNEL_SUBJECT = "notifications.channel"
"""What the record calls a channel."""
TAKEN = "taken"
"""In the record: the other side took a test message."""


class Wish(TextChoices):
    """When somebody wants to be told outside the inbox."""

    DUTIES_AT_ONCE = "duties", _("What waits for me at once, all else once a day")
    AT_ONCE = "at_once", _("Everything at once")
    DAILY = "daily", _("Everything once a day")
    NEVER = "never", _("Nothing")


class Trouble(TextChoices):
    """Why something did not go out. A class, never what the other side said: that may repeat an address."""

    UNREACHABLE = "unreachable", _("The server cannot be reached")
    ENCRYPTION = "encryption", _("The server's certificate or encryption was refused")
    SIGN_IN = "sign_in", _("The server refused our user name or password")
    NOT_NOW = "not_now", _("Not taken for the moment")
    WRONG_ADDRESS = "address", _("There is no such address")
    REFUSED = "refused", _("Refused for good")
    NO_ANSWER = "no_answer", _("Handed over, but the answer did not come")
    WORKER_DIED = "worker_died", _("The worker stopped while it was sending")
    FAULT = "fault", _("A mistake in the program; see its log")


class DeliveryState(TextChoices):
    """How far something is on its way. `unknown`: handed over, but nobody can say whether it was taken."""

    QUEUED = "queued", _("being tried again")
    SENDING = "sending", pgettext_lazy("mail", "being sent")
    SENT = "sent", pgettext_lazy("mail", "sent")
    FAILED = "failed", pgettext_lazy("mail", "failed")
    DROPPED = "dropped", _("no longer needed")
    UNKNOWN = "unknown", _("not known whether it arrived")
