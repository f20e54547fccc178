"""What views hand to the components of pages; their HTML stands in `templates/cotton/`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.kernel import timezone
from lianxin.ui.formatting import remaining

Text: TypeAlias = str | Promise

DEADLINE_ICONS = {
    "overdue": "clock-exclamation",
    "late": "clock-exclamation",
    "soon": "clock-hour-4",
    "done": "circle-check",
    "paused": "clock-pause",
    "open": "clock",
}
DEADLINE_WORDS = {
    "done": gettext_lazy("Met"),
    "late": gettext_lazy("Met late"),
    "paused": gettext_lazy("Deadline paused"),
}
"""Of all other states the time that is left says enough."""
SOON_HOURS = 24


@dataclass(frozen=True, kw_only=True)
class Tab:
    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a progress line, of which at most one is the current one. `note` stands below it: a date, a name."""

    label: Text
    state: Literal["done", "current", "todo"]
    note: Text = ""


class DeadlineState(NamedTuple):
    name: Literal["done", "late", "paused", "overdue", "soon", "open"]
    words: Text

    @property
    def icon(self) -> str:
        return DEADLINE_ICONS[self.name]


def deadline_state(due: datetime, *, done_at: datetime | None = None, paused: bool = False) -> DeadlineState:
    """How a deadline stands now: when it is done, only whether in time matters; `paused`: the clock stands still."""
    name = _name_state(due, done_at, paused=paused)
    return DeadlineState(name, DEADLINE_WORDS.get(name) or remaining(due))


def _name_state(
    due: datetime, done_at: datetime | None, *, paused: bool
) -> Literal["done", "late", "paused", "overdue", "soon", "open"]:
    if done_at:
        return "done" if done_at <= due else "late"
    if paused:
        return "paused"
    hours_left = (due - timezone.now()).total_seconds() / 3600
    if hours_left < 0:
        return "overdue"
    return "soon" if hours_left < SOON_HOURS else "open"


class Mistake(NamedTuple):
    """What has to be put right in a form, and the id of the field where; none for what concerns the whole form."""

    message: str
    target: str


def find_mistakes(form: BaseForm) -> Iterator[Mistake]:
    for message in form.non_field_errors():
        yield Mistake(str(message), "")
    for field in form:
        target = (field.subwidgets[0].id_for_label if field.use_fieldset else field.id_for_label) or ""
        label = str(field.label).rstrip("?？")
        for message in field.errors:
            yield Mistake(_("%(label)s: %(message)s") % {"label": label, "message": message}, target)
