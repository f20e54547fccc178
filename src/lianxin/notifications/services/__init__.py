"""The inbox, what goes out from it, and where to."""

from lianxin.notifications.policies import secret_address
from lianxin.notifications.services.channels import CHANNELS, MAIL
from lianxin.notifications.services.contacts import (
    choose,
    confirm_address,
    enter_address,
    forget_who_left,
    remove_address,
    stop_by_token,
)
from lianxin.notifications.services.inbox import (
    mark_all_read,
    mark_read,
    notify,
    notify_in_secret,
    recipients_of,
    take_back,
)
from lianxin.notifications.services.sending import deliver, forget_old_deliveries
from lianxin.notifications.services.trying import NOT_TAKEN, send_test_message, try_channel, try_failed_again

__all__ = [
    "CHANNELS",
    "MAIL",
    "NOT_TAKEN",
    "choose",
    "confirm_address",
    "deliver",
    "enter_address",
    "forget_old_deliveries",
    "forget_who_left",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_in_secret",
    "recipients_of",
    "remove_address",
    "secret_address",
    "send_test_message",
    "stop_by_token",
    "take_back",
    "try_channel",
    "try_failed_again",
]
