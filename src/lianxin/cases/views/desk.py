"""The desk: work lists, and a case as staff see it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.cases import queries
from lianxin.cases.enums import CaseKind, CaseState, Channel, DeadlineKind, Identity, MessageKind, Relation
from lianxin.cases.events import notices_of, suggestions_for
from lianxin.cases.forms.desk import ActForm, FilterForm, SelectedForm, TakeBackForm
from lianxin.cases.models import Case, Message
from lianxin.cases.queries import CaseFilter, CasePage, choosing, deadlines
from lianxin.cases.queries.case_context import why_not_solved
from lianxin.cases.queries.kinds import suggested_kinds
from lianxin.cases.queries.sentences import called
from lianxin.cases.queries.subjects import subjects_of
from lianxin.cases.queries.templates import keeps_templates, saved_views
from lianxin.cases.queries.together import waiting_together
from lianxin.cases.services import access_log
from lianxin.cases.services.bulk_actions import Outcome, take_back_several
from lianxin.cases.views.actions import case_url, may_take, read_id
from lianxin.cases.views.alike import similar_rows
from lianxin.cases.views.steps import ACTIONS
from lianxin.cases.workflow import CASE
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied
from lianxin.kernel.paging import CappedPaginator
from lianxin.kernel.tables import Column
from lianxin.ledger.queries import Event
from lianxin.org.queries import Person
from lianxin.ui.components import Tab
from lianxin.ui.formatting import when

PER_PAGE = 30
"""Of the first page all are watched (`queries.desk_version`)."""
ANY = UUID(int=0)
"""Stands for the key of whichever case."""
COLUMNS = (
    Column(label=gettext_lazy("Due"), sort="due"),
    Column(label=gettext_lazy("Case")),
    Column(label=gettext_lazy("Status")),
    Column(label=gettext_lazy("Kind"), wide_only=True),
    Column(label=gettext_lazy("Place")),
    Column(label=gettext_lazy("Lead unit"), wide_only=True),
    Column(label=gettext_lazy("Submitted on"), sort="-submitted", wide_only=True),
)
BULK: Mapping[str, str] = {"to_accept": "accept", "to_dispatch": "dispatch", "to_sign": "sign"}
"""In which work list several cases can be dealt with together, and how."""
STATE_LOOKS: Mapping[str, tuple[str, str]] = {
    CaseState.SUBMITTED: ("inbox", "accent"),
    CaseState.ACCEPTED: ("circle-check", "info"),
    CaseState.DECLINED: ("ban", "neutral"),
    CaseState.DISPATCHED: ("route", "info"),
    CaseState.IN_PROGRESS: ("progress", "info"),
    CaseState.WAITING: ("hourglass", "neutral"),
    CaseState.REPLIED: ("message-check", "success"),
    CaseState.REOPENED: ("repeat", "warning"),
    CaseState.CLOSED: ("archive", "neutral"),
    CaseState.MERGED: ("git-merge", "neutral"),
    CaseState.WITHDRAWN: ("arrow-back-up", "neutral"),
}
APPEAL_LOOK = ("gavel", "accent")


def _require_desk(viewer: Person) -> None:
    if not queries.has_desk(viewer):
        raise PermissionDenied(_("This page is for staff who handle cases."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def work_list(request: HttpRequest) -> HttpResponse:
    """One of the viewer's work lists; posted to, it deals with the cases ticked in it."""
    viewer = viewer_of(request)
    _require_desk(viewer)
    if request.method == "POST":
        return _deal_with_selected(request, viewer)
    counts = queries.desk_counts(viewer=viewer)
    chosen = FilterForm.read(request.GET)
    first = "all" if chosen.text else queries.first_queue(viewer, counts)
    queue = chosen.queue if chosen.queue in queries.queues_of(viewer) else first
    chosen = _in_queue(chosen, queue)
    listed = queries.WorkList(viewer=viewer, chosen=chosen)
    known = None if chosen.narrows else counts.get(queue)
    number = listed.count() if known is None else known
    page = CappedPaginator(listed, PER_PAGE, found=number).get_page(request.GET.get("page"))
    rows = _rows(viewer, page, chosen)
    watched = [row["case"] for row in rows] if page.number == 1 else None
    context = {
        "title": queries.queues_of(viewer)[queue].label,
        "chosen": chosen,
        "queue": queue,
        "tabs": _tabs(viewer, counts, queue),
        "form": FilterForm(initial=chosen.as_query()).offer(),
        "page": page,
        "rows": rows,
        "cut_at": number if chosen.wanted is not None and number == queries.MOST_FOUND else None,
        "everywhere_url": f"?{urlencode(_in_queue(chosen, 'all').as_query())}" if queue != "all" else "",
        "columns": COLUMNS,
        "views": saved_views(viewer=viewer),
        "save_url": f"{reverse('cases:save_view')}?{chosen.as_address()}" if chosen.narrows or chosen.sort else "",
        "keeps_templates": keeps_templates(viewer),
        "bulk": BULK.get(queue, ""),
        "version": queries.desk_version(viewer=viewer, chosen=chosen, first=watched),
        "live_url": f"{reverse('cases:desk_live')}?{urlencode(chosen.as_query())}",
    }
    return render(request, "cases/desk/list.html", context)


@never_cache
@require_safe
@sign_in_required
def work_list_live(request: HttpRequest) -> HttpResponse:
    """The word that changes when the work list does."""
    viewer = viewer_of(request)
    _require_desk(viewer)
    word = queries.desk_version(viewer=viewer, chosen=FilterForm.read(request.GET))
    return HttpResponse(word, content_type="text/plain")


@never_cache
@require_safe
@sign_in_required
def case_live(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The word that changes when what the viewer may read of a case does."""
    viewer = viewer_of(request)
    seen = queries.seen_version(viewer=viewer, case=queries.get_case_for(viewer, case_id))
    return HttpResponse(str(seen), content_type="text/plain")


def _in_queue(chosen: CaseFilter, queue: str) -> CaseFilter:
    return CaseFilter(**{**vars(chosen), "queue": queue})


def _tabs(viewer: Person, counts: Mapping[str, int], queue: str) -> list[Tab]:
    address = reverse("cases:desk")
    return [
        Tab(label=each.label, url=f"{address}?queue={name}", current=name == queue, count=counts.get(name))
        for name, each in queries.queues_of(viewer).items()
        if name != "danger" or counts.get(name) or name == queue
    ]


def _rows(viewer: Person, page: Any, chosen: CaseFilter) -> list[dict[str, Any]]:
    """What a page of the list shows; of what was searched also where the words stand, as far as they have read it."""
    wanted = chosen.wanted
    hits = {} if wanted is None else queries.hits(viewer=viewer, wanted=wanted, cases=page.object_list)
    return [row | {"hit": hits.get(row["case"].pk)} for row in _linked(page.object_list, chosen)]


def _linked(cases: Iterable[Case], chosen: CaseFilter) -> list[dict[str, Any]]:
    """Cases with their addresses beside the list; these differ by the key alone, so that one is looked up."""
    address = f"{reverse('cases:case', args=[ANY])}?{urlencode(chosen.as_query())}"
    return [{"case": case, "url": address.replace(str(ANY), str(case.pk)), "look": _look(case)} for case in cases]


def _look(case: Case) -> tuple[str, str]:
    """Icon and colour of the state of a case."""
    return APPEAL_LOOK if case.awaits_appeal_decision else STATE_LOOKS[case.state]


def _deal_with_selected(request: HttpRequest, viewer: Person) -> HttpResponse:
    """Sign for, or dispatch to one unit, all that was ticked; before dispatching, ask to which."""
    form = SelectedForm(request.POST, viewer=viewer)
    back = _beside_list(request, "cases:desk")
    waiting = request.POST.getlist("waiting")
    if not form.is_valid():
        if "selected" in form.errors or "action" in form.errors:
            messages.warning(request, _("Please select cases first."))
            return redirect(_beside_list(request, "cases:accept_selected", waiting=waiting) if waiting else back)
        selected = form.cleaned_data["selected"]
        if form.cleaned_data["action"] == "accept":
            return redirect(_beside_list(request, "cases:accept_selected", waiting=selected))
        if "lead_unit_q" not in request.POST:
            form.errors.clear()
        status = 422 if form.errors else 200
        context = {"form": form, "back": back, "selected": request.POST.getlist("selected")}
        return render(request, "cases/desk/dispatch_selected.html", context, status=status)
    outcome, action = form.deal_with(), form.cleaned_data["action"]
    done = {str(case.pk) for case in outcome.done}
    waiting = [case_id for case_id in waiting if case_id not in done]  # what was refused or left out is read anew
    undo = _undo_url(request, viewer, outcome.done, waiting) if action != "sign" else ""
    _say_outcome(request, _done_text(action, len(outcome.done)), outcome, undo)
    return redirect(_beside_list(request, "cases:accept_selected", waiting=waiting) if waiting else back)


def _beside_list(request: HttpRequest, name: str, **cases: Iterable[Any]) -> str:
    """An address that keeps the work list from which it is reached, with some cases."""
    query = request.GET.copy()
    for key in ("waiting", "selected"):
        query.setlist(key, [str(each) for each in cases.get(key, ())])
    return f"{reverse(name)}?{query.urlencode()}"


def _undo_url(request: HttpRequest, viewer: Person, done: Iterable[Case], waiting: Iterable[str]) -> str:
    """Where the dispatch of several cases is taken back; empty where there is none to take back."""
    undo = CASE.buttons["dispatch"].undo
    selected = [f"{case.pk}.{case.version}" for case in done if may_take(undo, viewer, case)]
    return _beside_list(request, "cases:recall_selected", selected=selected, waiting=waiting) if selected else ""


def _say_outcome(request: HttpRequest, said: str, outcome: Outcome, undo: str = "") -> None:
    """What was done with several cases, and which were left out and why."""
    parts = [said, *(f"{case.number}: {reason}" for case, reason in outcome.refused)]
    if outcome.gone:
        gone = ngettext(
            "%(n)d case is no longer available to you.", "%(n)d cases are no longer available to you.", outcome.gone
        )
        parts.append(gone % {"n": outcome.gone})
    level = messages.WARNING if len(parts) > 1 else messages.SUCCESS
    messages.add_message(request, level, " ".join(parts), extra_tags=undo)


def _done_text(action: str, count: int) -> str:
    said = {
        "sign": ngettext("%(n)d case signed for.", "%(n)d cases signed for.", count),
        "accept": ngettext("%(n)d case accepted and dispatched.", "%(n)d cases accepted and dispatched.", count),
        "dispatch": ngettext("%(n)d case dispatched.", "%(n)d cases dispatched.", count),
        "recall": ngettext(
            "%(n)d case taken back; waiting for dispatch.", "%(n)d cases taken back; waiting for dispatch.", count
        ),
    }
    return said[action] % {"n": count}


@never_cache
@require_safe
@sign_in_required
def accept_selected(request: HttpRequest) -> HttpResponse:
    """The cases ticked, put together where the same is suggested, to be read and dispatched with one button a group.

    After each group those come back that still wait.
    """
    viewer = viewer_of(request)
    _require_desk(viewer)
    case_ids = [case_id for case_id in map(read_id, request.GET.getlist("waiting")) if case_id]
    groups, rest, others = waiting_together(viewer=viewer, case_ids=case_ids)
    back = _beside_list(request, "cases:desk")
    found = sum(len(group.cases) for group in groups) + len(rest) + len(others)
    gone = len(set(case_ids)) - found
    if gone or others:
        said = _("Left out, because they no longer wait for acceptance:")
        _say_outcome(request, said, Outcome(refused=[(case, case.state_label) for case in others], gone=gone))
    if not groups and not rest:
        return redirect(back)
    for case in (case for group in groups for case in group.cases):
        access_log.note_opening(actor=viewer, case=case)
    context = {
        "groups": groups,
        "waiting": [case.pk for group in groups for case in group.cases] + [case.pk for case in rest],
        "rest": _linked(rest, FilterForm.read(request.GET)),
        "back": back,
    }
    return render(request, "cases/desk/accept_selected.html", context)


@never_cache
@require_POST
@sign_in_required
def recall_selected(request: HttpRequest) -> HttpResponse:
    """Take back what was dispatched together."""
    viewer = viewer_of(request)
    _require_desk(viewer)
    form, waiting = TakeBackForm(request.GET), request.GET.getlist("waiting")
    if form.is_valid():
        outcome = take_back_several(actor=viewer, seen=form.cleaned_data["selected"])
        _say_outcome(request, _done_text("recall", len(outcome.done)), outcome)
    name = "cases:accept_selected" if waiting else "cases:desk"
    return redirect(_beside_list(request, name, waiting=waiting))


def case_at_desk(request: HttpRequest, page: CasePage) -> HttpResponse:
    """A case as staff see it, beside the work list from which it was opened. Looking at it is noted."""
    viewer, case = viewer_of(request), page.case
    access_log.note_opening(actor=viewer, case=case)
    followers, similar = queries.related_cases(viewer=viewer, case=case)
    chosen = FilterForm.read(request.GET)
    unsorted = case.kind == CaseKind.UNSORTED and page.can("accept")
    main, other = page.next_action, _other_decision(page)
    context = {
        "page": page,
        "case": case,
        "look": _look(case),
        "suggested_kind": suggested_kinds([case], suggestions_for([case])).get(case.pk) if unsorted else None,
        "notices": [] if case.sealed else notices_of(viewer, case.pk),
        "list_url": f"{reverse('cases:desk')}?{urlencode(chosen.as_query())}",
        "beside": _beside(request, viewer, case, chosen) if chosen.queue else None,
        "turns": _turns(page),
        "deadlines": _deadlines(page),
        "extended_due": choosing.extended_due(case, page.extension) if page.can("approve_extension") else None,
        "unseal": _offer(request, page, "unseal"),
        "facts": _facts(page),
        "subjects": subjects_of(page),
        "settle": _offer(request, page, "settle_subjects"),
        "name_people": _offer(request, page, "name_people"),
        "appeal": _appeal(page),
        "main": _offer(request, page, main),
        "beside_main": _offer(request, page, other),
        "others": [
            _offer(request, page, name) for name in CASE.buttons if name in page.offered and name not in (main, other)
        ],
        "form": ActForm(viewer=viewer, page=page),
        "followers": [(each, case_url(each.pk, request.GET)) for each in followers],
        "similar": similar_rows(similar, page, request.GET),
    }
    return render(request, "cases/desk/case.html", context)


def _beside(request: HttpRequest, viewer: Person, case: Case, chosen: CaseFilter) -> dict[str, Any]:
    """The work list beside the open case, with the cases before and after it."""
    then = read_id(request.GET.get("then", ""))
    found = queries.list_beside(viewer=viewer, chosen=chosen, case_id=case.pk, then=then)
    linked = {row["case"].pk: row for row in _linked(found.rows, chosen)}
    around = {"previous": found.previous, "following": found.following}
    shown = {name: linked[each.pk] if each else None for name, each in around.items()}
    return {"rows": linked.values(), "is_done": found.is_done, **shown}


def _appeal(page: CasePage) -> dict[str, Message]:
    """Of a case under appeal: why it was declined, and what the requester says to that."""
    if not page.case.is_under_appeal:
        return {}
    said = [turn for turn in page.conversation if isinstance(turn, Message)]
    declined = next((each for each in reversed(said) if each.decline_reason), None)
    answered = next((each for each in reversed(said) if each.kind == MessageKind.APPEAL), None)
    return {"declined": declined, "said": answered} if declined and answered else {}


def _other_decision(page: CasePage) -> str:
    """The other of two decisions, where it is as likely as the first: of an extension, and of an appeal."""
    if page.next_action == "approve_extension":
        return "refuse_extension"
    return "decline" if page.next_action == "accept" and page.case.is_under_appeal else ""


def _offer(request: HttpRequest, page: CasePage, name: str) -> dict[str, Any]:
    """An action with its address; empty for none."""
    if not name or name not in page.offered:
        return {}
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    url = reverse("cases:act", args=[page.case.pk, name]) + query
    return {"name": name, "button": CASE.buttons[name], "at_once": ACTIONS[name].form is ActForm, "url": url}


SPOKEN = frozenset({"contact", "ask", "answer", "add", "reply", "note", "co_part", "appeal"})
"""Events that need no line of their own, because what was said stands there."""


def _turns(page: CasePage) -> list[dict[str, Any]]:
    reasons = why_not_solved(page)
    return [
        {"message": turn, "author": _author(turn, page), "files": page.files.get(turn.pk, [])}
        if isinstance(turn, Message)
        else {"event": turn, "text": _event_text(turn, page, reasons), "icon": queries.event_icon(turn)}
        for turn in page.conversation
        if isinstance(turn, Message) or turn.action not in SPOKEN
    ]


def _event_text(event: Event, page: CasePage, reasons: Mapping[int, str]) -> str:
    """The event as a sentence; of a rating with its words, where the viewer reads them."""
    sentence = queries.event_sentence(event, page.units)
    reason = reasons.get(event.data["round"]) if event.action == "rate" else ""
    return _("%(sentence)s. “%(words)s”") % {"sentence": sentence, "words": reason} if reason else sentence


def _author(message: Message, page: CasePage) -> str:
    """Who said it; the requester by name only where the viewer may know it."""
    if message.role != Relation.REQUESTER:
        return called(message.author) if message.author else _("The system")
    return page.requester.name if page.requester else _("The requester")


def _deadlines(page: CasePage) -> list[dict[str, Any]]:
    """The clocks of this round that are not cancelled, each with how it came about."""
    return [
        {
            "kind": row.kind,
            "label": DeadlineKind(row.kind).label,
            "due": row.due_at,
            "done_at": row.completed_at,
            "paused": bool(row.paused_at),
            "how": deadlines.explain(row, extension=page.extension, events=page.events),
        }
        for row in page.deadlines
        if row.round == page.case.round and not row.cancelled_at and row.kind != DeadlineKind.RATING
    ]


def _facts(page: CasePage) -> list[tuple[Any, Any]]:
    case = page.case
    handling = case.lead_unit.name if case.lead_unit else "–"
    if case.handler:
        handling = f"{handling} · {called(case.handler)}"
    facts: list[tuple[Any, Any]] = [
        (_("Submitted by"), _raised_by(page)),
        *([(_("Phone"), _dial(page.requester.phone))] if page.requester and page.requester.phone else []),
        (_("Place"), case.place_unit.name),
        (_("Category"), case.category.name if case.category else "–"),
        (_("Submitted on"), when(case.submitted_at)),
        (_("Handled by"), handling),
    ]
    if page.parts:
        facts.append((_("Supporting"), "、".join(_part(row.unit.name, done=bool(row.done_at)) for row in page.parts)))
    if case.submitted_by and page.requester:
        facts.append((_("Words of"), _("%(name)s, on behalf of the requester") % {"name": case.submitted_by.name}))
    elif case.channel != Channel.WEB:
        facts.append((_("Channel"), case.get_channel_display()))
    if case.asked_to_withdraw and Relation.INSPECTOR in page.relations:
        facts.append((_("Withdrawn"), _("The requester says they were asked to withdraw.")))
    return facts


def _dial(phone: str) -> SafeString:
    """A phone number as a link that dials it."""
    return format_html('<a href="tel:{}">{}</a>', re.sub(r"[^0-9+]", "", phone.split("转", maxsplit=1)[0]), phone)


def _part(unit: str, *, done: bool) -> str:
    return _("%(unit)s (submitted)") % {"unit": unit} if done else _("%(unit)s (pending)") % {"unit": unit}


def _raised_by(page: CasePage) -> str:
    if page.requester:
        unit = page.requester.unit
        return " · ".join([page.requester.name, page.requester.employee_no, *([unit.name] if unit else [])])
    if page.case.is_imported:
        return _("imported from a register")
    identity = Identity(page.case.identity)
    return _("hidden") if identity == Identity.NAMED else str(_UNNAMED[identity])


_UNNAMED = {
    Identity.CONFIDENTIAL: gettext_lazy("confidential"),
    Identity.ANONYMOUS: gettext_lazy("anonymous"),
}
