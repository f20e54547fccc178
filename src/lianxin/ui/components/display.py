"""What only shows: icons, states, progress, deadlines, figures."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeAlias

from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kernel import clock
from lianxin.ui.components.base import NOTHING, Component, ComponentError, DrawnComponent, attribute, part
from lianxin.ui.formatting import remaining, when
from lianxin.ui.markup import format_html, format_html_join

Text: TypeAlias = str | Promise
Tone: TypeAlias = Literal["neutral", "info", "success", "warning", "danger", "accent"]
NoticeTone: TypeAlias = Literal["info", "success", "warning", "danger"]

TONE_ICONS = {"info": "info-circle", "success": "circle-check", "warning": "alert-triangle", "danger": "alert-circle"}
DEADLINE_ICONS = {
    "overdue": "clock-exclamation",
    "late": "clock-exclamation",
    "soon": "clock-hour-4",
    "done": "circle-check",
    "paused": "clock-pause",
    "open": "clock",
}
DEADLINE_WORDS = {
    "done": gettext_lazy("Done in time"),
    "late": gettext_lazy("Done late"),
    "paused": gettext_lazy("The clock is paused"),
}
"""Of all other states the time that is left says enough."""
_ICON_LIST = Path(__file__).parent.parent / "assets" / "icons.json"


@cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds; `assets/icons.json` beside this package lists them."""
    return frozenset(json.loads(_ICON_LIST.read_text(encoding="utf-8")))


@dataclass(frozen=True, kw_only=True)
class Icon(DrawnComponent):
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

    def draw(self) -> SafeString:
        if not self.label:
            return draw_icon(self.name, self.size)
        form = '<svg class="icon icon-{}" role="img" aria-label="{}"><use href="{}"></use></svg>'
        return format_html(form, self.size, self.label, _address(self.name))


@cache
def _address(icon: str) -> str:
    return f"{static('lianxin/built/icons.svg')}#{icon}"


@cache
def draw_icon(name: str, size: Literal["s", "m", "l"] = "m") -> SafeString:
    """An icon that decorates the word beside it; nothing without a name. Drawn once."""
    if not name:
        return NOTHING
    form = '<svg class="icon icon-{}" aria-hidden="true"><use href="{}"></use></svg>'
    icon = Icon(name=name, size=size)  # which knows what there is
    return format_html(form, icon.size, _address(icon.name))


def draw_moment(moment: datetime) -> SafeString:
    """Day and time, for people and for machines."""
    return format_html('<time datetime="{}">{}</time>', localtime(moment).isoformat(), when(moment))


@dataclass(frozen=True, kw_only=True)
class Badge(DrawnComponent):
    """A state: always an icon and a word, never colour alone."""

    word: Text
    icon: str
    tone: Tone = "neutral"

    def draw(self) -> SafeString:
        picture, word = draw_icon(self.icon, "s"), capfirst(str(self.word))
        return format_html('<span class="badge tone-{}">{}{}</span>', self.tone, picture, word)


@dataclass(frozen=True, kw_only=True)
class Card(DrawnComponent):
    """A block of a page under its own heading (`level` 2 or 3)."""

    takes_content: ClassVar[bool] = True
    title: Text = ""
    level: Literal[2, 3] = 2
    id: str = ""
    padded: bool = True

    def draw(self) -> SafeString:
        head = NOTHING
        if self.title:
            head = format_html('<h{} class="card-title">{}</h{}>', self.level, self.title, self.level)
        body = format_html('<div class="card-body">{}</div>', self.content) if self.padded else self.content
        return format_html('<section class="card"{}>{}{}</section>\n', attribute("id", self.id), head, body)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a progress line. `note` stands below it: a date, a name."""

    label: Text
    state: Literal["done", "current", "todo"]
    note: Text = ""


@dataclass(frozen=True, kw_only=True)
class Progress(DrawnComponent):
    """Where a thing stands: 已提交 → 已受理 → 办理中 → 已答复 → 已评价. At most one step is the current one."""

    label: Text
    steps: Sequence[Step]

    def __post_init__(self) -> None:
        super().__post_init__()
        if sum(step.state == "current" for step in self.steps) > 1:
            raise ComponentError("Progress: more than one current step")

    def draw(self) -> SafeString:
        steps = format_html_join("", "{}", ((self._step(step),) for step in self.steps))
        return format_html('<ol class="steps" aria-label="{}">\n{}</ol>\n', self.label, steps)

    @staticmethod
    def _step(step: Step) -> SafeString:
        read_out = {"done": _("done"), "todo": _("not yet")}.get(step.state)
        return format_html(
            '<li class="step step-{}"{}><span class="step-dot">{}</span><span class="step-label">{}{}</span>{}</li>\n',
            step.state,
            attribute("aria-current", "step" if step.state == "current" else ""),
            draw_icon("check" if step.state == "done" else "", "s"),
            step.label,
            part('<span class="visually-hidden"> {}</span>', read_out),
            part('<span class="step-note">{}</span>', step.note),
        )


@dataclass(frozen=True, kw_only=True)
class Deadline(DrawnComponent):
    """When something is due, absolute and relative; overdue says so with icon and word.

    Args:
        done_at: when it was done: then only whether in time matters.
        paused: the clock stands still (waiting for the requester).
        how: how the deadline was computed, shown on tap.
        soon_hours: from how many hours before on it counts as near.
    """

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

    def draw(self) -> SafeString:
        state = self.state
        shown = format_html(
            '<span class="deadline deadline-{}">{}<span class="deadline-text">{}<span class="deadline-state">{}'
            "</span>{}</span></span>",
            state,
            draw_icon(DEADLINE_ICONS[state], "s"),
            part('<span class="deadline-label">{}</span> ', capfirst(str(self.label))),
            DEADLINE_WORDS.get(state) or remaining(self.due),
            NOTHING if self.compact else format_html(" {}", draw_moment(self.due)),
        )
        if not self.how:
            return format_html("{}\n", shown)
        return format_html(
            '<details class="deadline-how"><summary>{}{}</summary><p class="deadline-explained">{}</p></details>\n',
            shown,
            draw_icon("chevron-down", "s"),
            self.how,
        )


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
class Facts(DrawnComponent):
    """Short facts as label and value; values may be HTML that was marked safe."""

    items: Sequence[tuple[Text, Any]]

    def draw(self) -> SafeString:
        return format_html(
            '<dl class="facts">{}</dl>\n',
            format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", self.items),
        )


@dataclass(frozen=True, kw_only=True)
class NoticeBox(DrawnComponent):
    """Something the reader should know before going on. Its words stand between the tags."""

    takes_content: ClassVar[bool] = True
    tone: NoticeTone = "info"
    title: Text = ""

    def draw(self) -> SafeString:
        title = part('<p class="notice-title">{}</p>', self.title)
        form = '<div class="notice tone-{}">{}<div>{}{}</div></div>\n'
        return format_html(form, self.tone, draw_icon(TONE_ICONS[self.tone]), title, self.content)


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
