"""What every channel is given and what it may answer."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from lianxin.notifications.enums import FailureReason


@dataclass(frozen=True)
class Item:
    """One line of a message; `url` is absolute, or empty where the system does not know its own address."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Message:
    """What is to be told. It holds numbers and sentences of ours, never a word of a case or a name.

    Args:
        id: the same for every attempt at the same message, so that a receiver can tell a repetition.
        address: where to, as the channel's `clean` made it.
        subject: case numbers alone, or the name of the system.
        items: what there is, one line each.
        stop_url: where one click ends it all, without signing in; empty for a message that was just asked for.
        settings_url: where the person sets when and how they are told; may be empty, as all addresses here.
        code: a code to be typed in, shown large.
        code_label: what stands before it, if not "Your code:".
        urgent: somebody may be in danger. A channel that can wake people does (a call, a loud message); mail says so
            in its subject and marks itself important.
    """

    id: str
    address: str
    subject: str
    items: Sequence[Item]
    stop_url: str = ""
    settings_url: str = ""
    code: str = ""
    code_label: str = ""
    urgent: bool = False


class Temporary(Exception):  # noqa: N818 - says how long, not that something is broken
    """Not taken now; trying again later may help."""

    trouble = FailureReason.NOT_NOW
    advice: Any = ""
    """What whoever sets the channel up can do about it."""


class Unavailable(Temporary):
    """Nobody can be reached on this channel now; no attempt at anything else makes sense for the moment."""

    def __init__(self, reason: str, trouble: FailureReason = FailureReason.UNREACHABLE, *, advice: Any = "") -> None:
        super().__init__(reason)
        self.trouble, self.advice = trouble, advice


class Permanent(Exception):  # noqa: N818
    """Refused for good. `address_is_wrong`: nothing will ever arrive there."""

    def __init__(self, reason: str, *, address_is_wrong: bool = False) -> None:
        super().__init__(reason)
        self.address_is_wrong = address_is_wrong
        self.trouble = FailureReason.WRONG_ADDRESS if address_is_wrong else FailureReason.REFUSED


class InDoubt(Exception):  # noqa: N818
    """Handed over, and the answer did not come: it may have arrived, so it is not sent again."""

    trouble = FailureReason.NO_ANSWER


class Channel(ABC):
    """A way to reach people. An object of it lives for one round of sending, in one thread."""

    name: ClassVar[str]
    """As it stands in the database."""

    @staticmethod
    @abstractmethod
    def clean(address: str) -> str:
        """The address as it is kept.

        Raises:
            ValidationFailed: this is no address of this channel.
        """

    def open(self) -> None:  # noqa: B027 - most channels need nothing
        """Get ready to send; called once, before anything is taken from the queue.

        Raises:
            Unavailable: not now.
        """

    @abstractmethod
    def send(self, message: Message) -> str:
        """Hand a message over; return what the other side said, for the log.

        Raises:
            Temporary, Unavailable, Permanent, InDoubt: it was not taken, or nobody knows.
        """

    def close(self) -> None:  # noqa: B027
        """Let go of what `open` took; never fails."""
