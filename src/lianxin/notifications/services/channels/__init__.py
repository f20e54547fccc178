"""The ways out of the house. One channel is one small module: a class with a name and `send`.

To add one, write a module beside `mail` and name its class in `CHANNELS`; docs/developer/channels.md shows it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lianxin.notifications.services.channels.base import (
    Channel,
    InDoubt,
    Message,
    Permanent,
    Temporary,
    Unavailable,
)
from lianxin.notifications.services.channels.mail import Mail

__all__ = ["CHANNELS", "MAIL", "Channel", "InDoubt", "Message", "Permanent", "Temporary", "Unavailable"]

MAIL = Mail.name
CHANNELS: Mapping[str, type[Channel]] = MappingProxyType({channel.name: channel for channel in (Mail,)})
