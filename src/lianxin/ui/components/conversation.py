"""A case as a conversation: what was said, what happened, what only staff may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianxin.ui.components.base import NOTHING, DrawnComponent, attribute, part
from lianxin.ui.components.display import Text, draw_icon, draw_moment
from lianxin.ui.markup import format_html


@dataclass(frozen=True, kw_only=True)
class Conversation(DrawnComponent):
    """Messages and events in the order of time; they stand between the tags."""

    takes_content: ClassVar[bool] = True
    label: Text
    id: str = ""

    def draw(self) -> SafeString:
        form = '<ol class="conversation" aria-label="{}"{}>{}</ol>\n'
        return format_html(form, self.label, attribute("id", self.id), self.content)


@dataclass(frozen=True, kw_only=True)
class Message(DrawnComponent):
    """Something said: by the reader (`mine`), by anyone else, the formal reply, or an internal note.

    What was said stands between the tags; line breaks are kept.
    """

    takes_content: ClassVar[bool] = True
    author: Text
    at: datetime
    kind: Literal["mine", "other", "reply", "internal"] = "other"
    note: Text = ""
    id: str = ""

    def draw(self) -> SafeString:
        return format_html(
            '<li class="message message-{}"{}><div class="message-head">{}<span class="message-author">{}</span>{}{}'
            '</div><div class="message-body">{}</div></li>\n',
            self.kind,
            attribute("id", self.id),
            self._mark(),
            self.author,
            part('<span class="message-note">{}</span>', self.note),
            draw_moment(self.at),
            self.content,
        )

    def _mark(self) -> SafeString:
        if self.kind == "internal":
            form = '<span class="message-lock">{}{}</span>'
            return format_html(form, draw_icon("lock", "s"), _("Only visible internally"))
        if self.kind == "reply":
            return format_html('<span class="message-mark">{}{}</span>', draw_icon("message-check", "s"), _("Reply"))
        return NOTHING


@dataclass(frozen=True, kw_only=True)
class Event(DrawnComponent):
    """Something that happened, on one line."""

    text: Text
    at: datetime
    icon: str = "point"
    detail: Text = ""

    def draw(self) -> SafeString:
        return format_html(
            '<li class="event">{}<span class="event-text">{}{}</span>{}</li>\n',
            draw_icon(self.icon, "s"),
            self.text,
            part('<span class="event-detail">{}</span>', self.detail),
            draw_moment(self.at),
        )
