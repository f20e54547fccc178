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
SERVER_SET = "set_server"
"""In the record: an administrator set up the mail server."""


class Frequency(TextChoices):
    """When somebody wants to be told outside the inbox."""

    DUTIES_AT_ONCE = "duties", _("My tasks immediately, everything else once a day")
    AT_ONCE = "at_once", _("Everything immediately")
    DAILY = "daily", _("Everything once a day")
    NEVER = "never", _("Nothing")


class FailureReason(TextChoices):
    """Why something did not go out. A class, never what the other side said: that may repeat an address."""

    UNREACHABLE = "unreachable", _("The server cannot be reached")
    ENCRYPTION = "encryption", _("The server's certificate or encryption was rejected")
    SIGN_IN = "sign_in", _("The server rejected our user name or password")
    NOT_NOW = "not_now", _("Temporarily rejected")
    WRONG_ADDRESS = "address", _("Address does not exist")
    REFUSED = "refused", _("Permanently rejected")
    NO_ANSWER = "no_answer", _("Delivered, but no confirmation received")
    WORKER_DIED = "worker_died", _("The worker stopped while sending")
    FAULT = "fault", _("Program error; see the log")


class LetterKind(TextChoices):
    """What a letter about an account is."""

    CODE = "code"
    ACTIVATED = "activated"


class AccountNotice(TextChoices):
    """What the inbox says of one's account."""

    ACTIVATED = (
        "activated",
        _("Your password was set with a sign-in code. If this was not you, tell the security administrator."),
    )


class Encryption(TextChoices):
    """How mail is handed over. The first is insisted on, not merely tried."""

    STARTTLS = "starttls", _("STARTTLS, usually port 587")
    IMPLICIT = "implicit", _("TLS from the first byte, usually port 465")
    NONE = "none", _("None: only to a relay in your own network")


class DeliveryState(TextChoices):
    """How far something is on its way. `unknown`: handed over, but nobody can say whether it was taken."""

    QUEUED = "queued", _("retrying")
    SENDING = "sending", pgettext_lazy("mail", "being sent")
    SENT = "sent", pgettext_lazy("mail", "sent")
    FAILED = "failed", pgettext_lazy("mail", "failed")
    DROPPED = "dropped", _("no longer needed")
    UNKNOWN = "unknown", _("delivery unknown")
