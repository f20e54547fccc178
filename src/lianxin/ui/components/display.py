"""What only shows: icons, states, progress, deadlines, figures."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

from django.template import Context
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from lianxin.kernel import clock
from lianxin.ui.components.base import Component, ComponentError

Text: TypeAlias = str | Promise
Tone: TypeAlias = Literal["neutral", "info", "success", "warning", "danger", "accent"]
NoticeTone: TypeAlias = Literal["info", "success", "warning", "danger"]

TONE_ICONS = {"info": "info-circle", "success": "circle-check", "warning": "alert-triangle", "danger": "alert-circle"}
_ICON_LIST = Path(__file__).parent.parent / "assets" / "icons.json"


@cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds; `assets/icons.json` beside this package lists them."""
    return frozenset(json.loads(_ICON_LIST.read_text(encoding="utf-8")))


@dataclass(frozen=True, kw_only=True)
class Icon(Component):
    """A picture from the sprite. Without `label` it only decorates the word beside it."""

    name: str
    label: Text = ""
    size: Literal["s", "m", "l"] = "m"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.name not in icon_names():
            raise ComponentError(
                f"No icon {self.name!r} in the sprite; add it to ui/assets/icons.json and build the assets"
            )

    def render(self, context: Context | None = None) -> SafeString:  # noqa: ARG002 - drawn without a template: pages hold dozens
        address = f"{static('lianxin/built/icons.svg')}#{self.name}"
        if self.label:
            form = '<svg class="icon icon-{}" role="img" aria-label="{}"><use href="{}"></use></svg>'
            return format_html(form, self.size, self.label, address)
        return format_html(
            '<svg class="icon icon-{}" aria-hidden="true"><use href="{}"></use></svg>', self.size, address
        )


@dataclass(frozen=True, kw_only=True)
class Badge(Component):
    """A state: always an icon and a word, never colour alone."""

    word: Text
    icon: str
    tone: Tone = "neutral"

    def render(self, context: Context | None = None) -> SafeString:
        picture = Icon(name=self.icon, size="s").render(context)  # without a template, as the icon
        return format_html('<span class="badge tone-{}">{}{}</span>', self.tone, picture, capfirst(str(self.word)))


@dataclass(frozen=True, kw_only=True)
class Card(Component):
    """A block of a page under its own heading (`level` 2 or 3)."""

    template: ClassVar[str] = "ui/components/card.html"
    takes_content: ClassVar[bool] = True
    title: Text = ""
    level: Literal[2, 3] = 2
    id: str = ""
    padded: bool = True


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a progress line. `note` stands below it: a date, a name."""

    label: Text
    state: Literal["done", "current", "todo"]
    note: Text = ""


@dataclass(frozen=True, kw_only=True)
class Progress(Component):
    """Where a thing stands: 已提交 → 已受理 → 办理中 → 已答复 → 已评价. At most one step is the current one."""

    template: ClassVar[str] = "ui/components/progress.html"
    label: Text
    steps: Sequence[Step]

    def __post_init__(self) -> None:
        super().__post_init__()
        if sum(step.state == "current" for step in self.steps) > 1:
            raise ComponentError("Progress: more than one current step")


@dataclass(frozen=True, kw_only=True)
class Deadline(Component):
    """When something is due, absolute and relative; overdue says so with icon and word.

    Args:
        done_at: when it was done: then only whether in time matters.
        paused: the clock stands still (waiting for the requester).
        how: how the deadline was computed, shown on tap.
        soon_hours: from how many hours before on it counts as near.
    """

    template: ClassVar[str] = "ui/components/deadline.html"
    due: datetime
    label: Text = ""
    done_at: datetime | None = None
    paused: bool = False
    how: Text = ""
    soon_hours: int = 24
    compact: bool = False

    @property
    def state(self) -> Literal["done", "late", "paused", "overdue", "soon", "open"]:
        if self.done_at:
            return "done" if self.done_at <= self.due else "late"
        if self.paused:
            return "paused"
        hours_left = (self.due - clock.now()).total_seconds() / 3600
        if hours_left < 0:
            return "overdue"
        return "soon" if hours_left < self.soon_hours else "open"


@dataclass(frozen=True, kw_only=True)
class EmptyState(Component):
    """A list with nothing in it: says what to do first."""

    template: ClassVar[str] = "ui/components/empty_state.html"
    title: Text
    text: Text = ""
    icon: str = "inbox"
    action_label: Text = ""
    action_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Tile(Component):
    """One figure with what it is made of; opens to its rows where `url` is given."""

    template: ClassVar[str] = "ui/components/tile.html"
    label: Text
    number: Text | int
    parts: Text = ""
    change: Text = ""
    url: str = ""
    tone: Literal["plain", "warning", "danger"] = "plain"


@dataclass(frozen=True, kw_only=True)
class Facts(Component):
    """Short facts as label and value; values may be HTML that was marked safe."""

    template: ClassVar[str] = "ui/components/facts.html"
    items: Sequence[tuple[Text, Any]]


@dataclass(frozen=True, kw_only=True)
class NoticeBox(Component):
    """Something the reader should know before going on. Its words stand between the tags."""

    template: ClassVar[str] = "ui/components/notice.html"
    takes_content: ClassVar[bool] = True
    tone: NoticeTone = "info"
    title: Text = ""

    @property
    def icon(self) -> str:
        return TONE_ICONS[self.tone]


@dataclass(frozen=True, kw_only=True)
class Toast(Component):
    """What an action has just done, read out at once; with an undo button that posts to `undo_url`."""

    template: ClassVar[str] = "ui/components/toast.html"
    text: Text
    tone: NoticeTone = "success"
    undo_url: str = ""

    @property
    def icon(self) -> str:
        return TONE_ICONS[self.tone]
