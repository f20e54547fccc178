"""The inbox, what goes out from it, and where to."""

from lianxin.notifications.policies import draw_pseudonym, pseudonyms
from lianxin.notifications.services.channel_test import (
    NOT_TAKEN,
    explain,
    send_test_message,
    try_channel,
    try_failed_again,
)
from lianxin.notifications.services.channels import CHANNELS, MAIL
from lianxin.notifications.services.contacts import (
    choose,
    confirm_address,
    enter_address,
    forget_contacts,
    remove_address,
    stop_by_token,
)
from lianxin.notifications.services.delivery import deliver, deliver_codes, forget_old_deliveries
from lianxin.notifications.services.holding import hold_channels, switch_on
from lianxin.notifications.services.inbox import (
    Notifier,
    mark_all_read,
    mark_read,
    notify,
    notify_pseudonymous,
    recipients_of,
    settle_notices,
    settle_read_marks,
    take_back,
)
from lianxin.notifications.services.letters import letters_go_out, tell_of_activation, write_code_letter
from lianxin.notifications.services.mail_server import remove_mail_server, set_mail_server

__all__ = [
    "CHANNELS",
    "MAIL",
    "NOT_TAKEN",
    "Notifier",
    "choose",
    "confirm_address",
    "deliver",
    "deliver_codes",
    "draw_pseudonym",
    "enter_address",
    "explain",
    "forget_contacts",
    "forget_old_deliveries",
    "hold_channels",
    "letters_go_out",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_pseudonymous",
    "pseudonyms",
    "recipients_of",
    "remove_address",
    "remove_mail_server",
    "send_test_message",
    "set_mail_server",
    "settle_notices",
    "settle_read_marks",
    "stop_by_token",
    "switch_on",
    "take_back",
    "tell_of_activation",
    "try_channel",
    "try_failed_again",
    "write_code_letter",
]
