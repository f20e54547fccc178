"""`{% load case_rows %}`: the rows of a work list, drawn here, as a page holds thirty of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseKind, CaseState, ClockKind, Priority, Urgency
from lianxin.cases.models import Case
from lianxin.text.searching import Piece
from lianxin.ui.components import Badge, Column, Deadline, Icon, Select, TableRows
from lianxin.ui.components.base import NOTHING, part
from lianxin.ui.formatting import day_of
from lianxin.ui.markup import format_html, format_html_join

register = template.Library()

NOTE = '<span class="row-note">{}</span>'


@register.simple_tag
def case_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], *, selectable: bool = False) -> SafeString:
    """Rows as `views.desk` gives them: a `case`, its `url`, its `look`, and where searched words stand (`hit`)."""
    cases = [row["case"] for row in rows] if selectable else []
    ticks = [Select(value=case.pk, label=case.number) for case in cases]
    states: dict[str, SafeString] = {}
    for row in rows:
        case, (icon, tone) = row["case"], row["look"]
        if case.state not in states:
            states[case.state] = Badge(word=case.get_state_display(), icon=icon, tone=tone).draw()
    kinds = {value: capfirst(str(word)) for value, word in CaseKind.choices}
    clocks = {value: str(word) for value, word in ClockKind.choices}
    cells = [_cells(row, states[row["case"].state], kinds, clocks) for row in rows]
    return TableRows(columns=columns, rows=cells, ticks=ticks).draw()


def _cells(
    row: Mapping[str, Any], state: SafeString, kinds: Mapping[str, str], clocks: Mapping[str, str]
) -> tuple[SafeString, ...]:
    """In the order of the list's columns."""
    case: Case = row["case"]
    return (
        _due(case, clocks),
        _name(case, row["url"], row.get("hit")),
        state,
        format_html(
            '<span class="text-nowrap">{}</span>{}',
            kinds[case.kind],
            part(NOTE, case.category and case.category.name),
        ),
        escape(case.place_unit.name),
        format_html(
            "{}{}", case.lead_unit.name if case.lead_unit else "–", part(NOTE, case.handler and case.handler.name)
        ),
        format_html('<span class="text-nowrap">{}</span>', day_of(case.submitted_at)),
    )


def _due(case: Case, clocks: Mapping[str, str]) -> SafeString:
    if case.due_at:
        return Deadline(due=case.due_at, label=clocks.get(case.due_clock, "")).draw()
    word = _("paused") if case.state == CaseState.WAITING else "–"
    return format_html('<span class="muted">{}</span>', word)


def _name(case: Case, url: str, hit: Any) -> SafeString:
    lock = format_html("{} ", Icon(name="lock", label=_("Sealed"), size="s").draw()) if case.sealed else NOTHING
    title = _marked(hit.title) if hit else case.title
    said = NOTHING
    if hit and hit.snippet:
        said = part(NOTE, _marked(hit.snippet))
    elif hit and hit.is_inside:
        said = part(NOTE, _("It stands in its text. Open the case to read it; that is noted as every opening."))
    notes = [case.number]
    if case.is_test:
        notes.append(format_html("<strong>{}</strong>", _("test")))
    if case.urgency != Urgency.NORMAL and case.priority == Priority.NORMAL:
        notes.append(format_html("<strong>{}</strong>", case.get_urgency_display()))
    if case.round > 1:
        notes.append(_("second round"))
    if case.supervised_at:
        notes.append(_("under supervision"))
    note = format_html_join(" · ", "{}", ((one,) for one in notes))
    mark = format_html("{}{}", priority_mark(case), _unsettled_mark(case))
    return format_html('<a class="row-link" href="{}">{}{}{}</a>{}{}', url, mark, lock, title, said, part(NOTE, note))


@register.simple_tag
def priority_mark(case: Case) -> SafeString:
    """An icon and a word before a case that does not wait; nothing for all others."""
    if case.priority == Priority.DANGER:
        return Badge(word=_("Danger"), icon="alert-triangle", tone="danger").draw()
    if case.priority == Priority.URGENT:
        return Badge(word=_("Urgent"), icon="urgent", tone="warning").draw()
    return NOTHING


def _unsettled_mark(case: Case) -> SafeString:
    """A badge on a case that waits until somebody says whom it is about. Whoever may be meant never sees such a row."""
    if case.subjects_unsettled and not case.danger:
        return Badge(word=_("To be settled: whom it is about"), icon="user-question", tone="warning").draw()
    return NOTHING


def _marked(pieces: Iterable[Piece]) -> SafeString:
    return format_html_join("", "{}", ((part("<mark>{}</mark>", p.text) if p.marked else p.text,) for p in pieces))
