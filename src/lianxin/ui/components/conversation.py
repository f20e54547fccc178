"""A case as a conversation: what was said, what happened, what only staff may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from lianxin.ui.components.base import Component
from lianxin.ui.components.display import Text


@dataclass(frozen=True, kw_only=True)
class Conversation(Component):
    """Messages and events in the order of time; they stand between the tags."""

    template: ClassVar[str] = "ui/components/conversation.html"
    takes_content: ClassVar[bool] = True
    label: Text
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Message(Component):
    """Something said: by the reader (`mine`), by anyone else, the formal reply, or an internal note.

    What was said stands between the tags; line breaks are kept.
    """

    template: ClassVar[str] = "ui/components/message.html"
    takes_content: ClassVar[bool] = True
    author: Text
    at: datetime
    kind: Literal["mine", "other", "reply", "internal"] = "other"
    note: Text = ""
    id: str = ""


@dataclass(frozen=True, kw_only=True)
class Event(Component):
    """Something that happened, on one line."""

    template: ClassVar[str] = "ui/components/event.html"
    text: Text
    at: datetime
    icon: str = "point"
    detail: Text = ""
