"""The inbox of early warnings, one of them, and what people do with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.alerts.enums import UNSETTLED, AlertState, RuleKind
from lianxin.alerts.forms import ActForm, DismissForm, InboxForm
from lianxin.alerts.policies import sees_alerts, sees_rules
from lianxin.alerts.queries.counts import inbox_version, tab_counts
from lianxin.alerts.queries.inbox import GROUPS, AlertPage, alert_for, alerts_for, lines_of
from lianxin.alerts.queries.reasons import reason_with_words
from lianxin.alerts.services import handling
from lianxin.cases.queries import get_case_for, in_rows
from lianxin.cases.queries.publication import Case
from lianxin.cases.services.access_log import note_opening
from lianxin.hotissues import queries
from lianxin.hotissues.events import tabs_for
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.forms import add_refusals
from lianxin.kernel.numbers import read_number
from lianxin.kernel.paging import CappedPaginator
from lianxin.kernel.tables import Column
from lianxin.org.queries import Person
from lianxin.ui.components import Tab
from lianxin.ui.formatting import when

PER_PAGE = 20
COLUMNS = (
    Column(label=pgettext_lazy("early warning", "Event")),
    Column(label=pgettext_lazy("early warning", "Subject")),
    Column(label=pgettext_lazy("early warning", "Unit")),
    Column(label=pgettext_lazy("early warning", "Since")),
    Column(label=pgettext_lazy("early warning", "Assignee")),
)
CASE_COLUMNS = (
    Column(label=gettext_lazy("Case")),
    Column(label=gettext_lazy("Place")),
    Column(label=gettext_lazy("Status")),
    Column(label=gettext_lazy("Submitted on")),
)
LOOKS: Mapping[str, tuple[str, str]] = {
    AlertState.NEW: ("bell", "accent"),
    AlertState.TAKEN: ("user-check", "info"),
    AlertState.ACTED: ("circle-check", "success"),
    AlertState.DISMISSED: ("ban", "neutral"),
}
EMPTY: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "mine": (
        gettext_lazy("No warnings waiting"),
        gettext_lazy(
            "A warning appears here automatically when a rule finds something urgent: a danger, or an "
            "issue that grows or recurs. The first person to choose “Assign to me” follows it up."
        ),
    ),
    "settled": (
        gettext_lazy("No resolved warnings yet"),
        gettext_lazy("Every action taken on a warning, and every reason for taking none, is kept here."),
    ),
}


def _viewer(request: HttpRequest) -> Person:
    """Who looks at alerts.

    Raises:
        PermissionDenied: they have no role that comes with alerts.
    """
    viewer = viewer_of(request)
    if not sees_alerts(viewer):
        raise PermissionDenied(_("Early warnings are available to unit leaders and staff who handle cases."))
    return viewer


@never_cache
@require_safe
@sign_in_required
def alerts(request: HttpRequest) -> HttpResponse:
    """What should not wait: danger to people first, then the newest."""
    viewer = _viewer(request)
    form = InboxForm(request.GET)
    group, rule = form.group, form.kind
    counts = tab_counts(viewer=viewer, rule=rule)
    found = alerts_for(viewer=viewer, group=group)
    page = CappedPaginator(found.filter(rule=rule) if rule else found, PER_PAGE, found=counts[group]).get_page(
        request.GET.get("page")
    )
    kept = f"&rule={rule}" if rule else ""
    context = {
        "places": tabs_for(request, viewer, "alerts"),
        "tabs": [
            Tab(label=each.label, url=f"?show={name}{kept}", current=name == group, count=counts[name])
            for name, each in GROUPS.items()
        ],
        "form": form,
        "group": group,
        "rule": rule,
        "page": page,
        "rows": [(line, LOOKS[line.alert.state]) for line in lines_of(viewer=viewer, alerts=page)],
        "columns": COLUMNS,
        "empty": EMPTY.get(group, EMPTY["mine"]),
        "version": inbox_version(viewer=viewer),
    }
    return render(request, "alerts/alerts.html", context)


@never_cache
@require_safe
@sign_in_required
def live(request: HttpRequest) -> HttpResponse:
    """The word that changes when the inbox does."""
    return HttpResponse(inbox_version(viewer=_viewer(request)), content_type="text/plain")


@never_cache
@require_safe
@sign_in_required
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """One alert: why, by which numbers and rows, what is being done, and what to do."""
    viewer = _viewer(request)
    page = alert_for(viewer=viewer, alert_id=alert_id)
    return render(request, "alerts/alert.html", _shown(request, viewer, page))


def _shown(request: HttpRequest, viewer: Person, page: AlertPage) -> dict[str, Any]:
    found = page.line.alert
    cases = Paginator(page.cases, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "line": page.line,
        "alert": found,
        "look": LOOKS[found.state],
        "open": found.state in UNSETTLED,
        "new": found.state == AlertState.NEW,
        "cases": cases,
        "rows": in_rows([case.pk for case in cases]),
        "columns": CASE_COLUMNS,
        "doing": _doing(viewer, page),
        "pressing_case": (case := _pressing_case(viewer, page)),
        "why": reason_with_words(found, case) if case else page.line.reason,
        "sees_rules": sees_rules(viewer),
    }


def _pressing_case(viewer: Person, page: AlertPage) -> Case | None:
    """The case that speaks of danger, for whoever may act on it: to help they have to read it. Reading is noted."""
    line = page.line
    if line.kind != RuleKind.DANGER or line.case is None or line.case.sealed or not line.may_act:
        return None
    try:
        case = get_case_for(viewer, line.case.pk)
    except NotFound:
        return None
    note_opening(actor=viewer, case=case)
    return case


def _doing(viewer: Person, page: AlertPage) -> list[tuple[Any, Any]]:
    """What is being done about the matter or the case, in words."""
    issue, case = page.line.issue, page.line.case
    if issue is not None and page.line.alert.unit is not None:
        scope = queries.Scope(page.line.alert.unit, queries.last_days(), viewer=viewer)
        return queries.issue_page(viewer=viewer, issue=issue, scope=scope).doing
    if case is None:
        return []
    (row,) = in_rows([case.pk])
    return [
        (_("Status"), row.state_label),
        (_("Lead unit"), row.lead_unit or "–"),
        (_("Handler"), row.handler.name if row.handler else "–"),
        (_("Next deadline"), when(row.due_at) if row.due_at else "–"),
    ]


@require_POST
@sign_in_required
def acknowledge(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Take it up."""
    viewer = _viewer(request)
    back = redirect("alerts:alert", alert_id)
    seen = read_number(request.POST.get("expected", ""))
    try:
        handling.acknowledge(actor=viewer, alert_id=alert_id, expected=seen)
    except VersionConflict as refusal:
        now = alert_for(viewer=viewer, alert_id=alert_id).line.alert
        if now.state == AlertState.TAKEN and now.taken_by_id == viewer.pk:  # the same form sent twice
            messages.success(request, _("Assigned to you."))
            return back
        said = _("Already assigned to someone else.") if now.taken_by else str(refusal)
        messages.warning(request, said)
        return back
    messages.success(request, _("Assigned to you. No one else will be reminded."))
    return back


@dataclass(frozen=True)
class Settling:
    """One of the two ways in which an alert is settled: what is asked, what does it, what is said."""

    form: type[ActForm]
    service: Callable[..., object]
    state: AlertState
    title: str | Promise
    text: str | Promise
    button: str | Promise
    icon: str
    done: str | Promise


ACT = Settling(
    ActForm,
    handling.act,
    AlertState.ACTED,
    title=gettext_lazy("What was done?"),
    text=gettext_lazy("A sentence or two for others who look at this later. The warning is then resolved."),
    button=gettext_lazy("Mark resolved"),
    icon="check",
    done=gettext_lazy("Resolved. Your note was saved with the warning."),
)
DISMISS = Settling(
    DismissForm,
    handling.dismiss,
    AlertState.DISMISSED,
    title=gettext_lazy("Why is no action needed?"),
    text=gettext_lazy("The reason is kept with the warning."),
    button=gettext_lazy("No action needed"),
    icon="circle-x",
    done=gettext_lazy("Marked as “no action needed”. Your reason was saved."),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def act(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Say what was done."""
    return _settle(request, alert_id, ACT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def dismiss(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Say why nothing is to be done."""
    return _settle(request, alert_id, DISMISS)


def _settle(request: HttpRequest, alert_id: UUID, how: Settling) -> HttpResponse:
    """Ask, do, go back to the alert. What was refused comes back with all that was typed."""
    viewer = _viewer(request)
    page = alert_for(viewer=viewer, alert_id=alert_id)
    if not page.line.may_act:
        raise PermissionDenied(_("Warnings are handled by the unit's leader."))
    if request.method != "POST":
        return _ask(request, page, how, how.form(initial={"expected": page.line.alert.version}))
    form = how.form(request.POST)
    if not form.is_valid():
        return _ask(request, page, how, form)
    try:
        how.service(actor=viewer, alert_id=alert_id, **form.cleaned_data)
    except ValidationFailed as refusal:
        add_refusals(form, refusal)
        return _ask(request, page, how, form)
    except VersionConflict as refusal:
        return _overtaken(request, alert_id, how, form, str(refusal))
    messages.success(request, str(how.done))
    return redirect("alerts:alert", alert_id)


def _overtaken(request: HttpRequest, alert_id: UUID, how: Settling, form: ActForm, why: str) -> HttpResponse:
    """Somebody was quicker: say so and keep what was typed; the same form sent twice is done."""
    viewer = viewer_of(request)
    page = alert_for(viewer=viewer, alert_id=alert_id)
    now = page.line.alert
    if (now.state, now.settled_by_id, now.note) == (how.state, viewer.pk, form.cleaned_data["text"].strip()):
        messages.success(request, str(how.done))
        return redirect("alerts:alert", alert_id)
    form.seen(now.version)
    return _ask(request, page, how, form, overtaken=why)


def _ask(request: HttpRequest, page: AlertPage, how: Settling, form: ActForm, *, overtaken: str = "") -> HttpResponse:
    possible = page.line.alert.state in UNSETTLED
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {
        "line": page.line,
        "alert": page.line.alert,
        "how": how,
        "form": form,
        "overtaken": overtaken,
        "possible": possible,
        "url": request.path,
    }
    template = "alerts/_settle.html" if "HX-Request" in request.headers else "alerts/settle.html"
    return render(request, template, context, status=HTTPStatus.CONFLICT if overtaken or not possible else status)
