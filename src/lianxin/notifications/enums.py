"""The words of the inbox and of what goes out from it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Wish(TextChoices):
    """When somebody wants to be told outside the inbox."""

    DUTIES_AT_ONCE = "duties", _("What waits for me at once, all else once a day")
    AT_ONCE = "at_once", _("Everything at once")
    DAILY = "daily", _("Everything once a day")
    NEVER = "never", _("Nothing")


class DeliveryState(TextChoices):
    """How far something is on its way. `unknown`: handed over, but nobody can say whether it was taken."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    UNKNOWN = "unknown"
