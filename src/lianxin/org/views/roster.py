"""Rosters: uploading, looking, applying."""

from functools import wraps
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.kernel.access import View, viewer_of
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.files import CONTENT_TYPES, content_disposition
from lianxin.kernel.forms import add_refusals
from lianxin.kernel.spreadsheets import Sheet, write_sheets
from lianxin.kernel.tables import Column
from lianxin.org import queries
from lianxin.org.enums import RosterOutcome, RosterPart, RosterState
from lianxin.org.forms import ApplyRosterForm, ColumnsForm, MissingForm, RosterForm
from lianxin.org.roster import workflow
from lianxin.org.roster.template import write_template
from lianxin.org.views.shared import page_of, permission_required
from lianxin.ui.components import Tab


def _charged_with_kind(view: View) -> View:
    """The system administrator imports units and people, the security administrator roles: each has an address."""

    @wraps(view)
    def checked(request: HttpRequest, *, for_roles: bool = False) -> HttpResponseBase:
        action = "import_roles" if for_roles else "import_roster"
        return permission_required(action)(view)(request, for_roles=for_roles)

    return checked


@require_http_methods(["GET", "HEAD", "POST"])
@_charged_with_kind
def rosters(request: HttpRequest, *, for_roles: bool) -> HttpResponse:
    """Upload a workbook; those uploaded before."""
    viewer = viewer_of(request)
    sent = request.method == "POST"
    form = RosterForm(request.POST if sent else None, request.FILES if sent else None, viewer=viewer)
    if for_roles:
        del form.fields["missing_left"]
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            roster = workflow.upload_roster(
                actor=viewer,
                file_name=file.name,
                content=file.read(workflow.MOST_BYTES + 1),
                missing_left=form.cleaned_data.get("missing_left", False),
                for_roles=for_roles,
            )
        except ValidationFailed as refusal:
            add_refusals(form, refusal)
        else:
            return redirect("org:roster", roster.pk)
    context = {
        "form": form,
        "for_roles": for_roles,
        "page": page_of(request, queries.rosters_for(viewer=viewer, for_roles=for_roles)),
        "columns": [
            Column(label=pgettext("roster", "File")),
            Column(label=pgettext("roster", "Uploaded")),
            Column(label=pgettext("roster", "Uploaded by")),
            Column(label=pgettext("roster", "Status")),
        ],
    }
    return render(request, "org/rosters.html", context, status=422 if form.errors else 200)


@require_safe
@_charged_with_kind
def template(request: HttpRequest, *, for_roles: bool) -> HttpResponse:  # noqa: ARG001 - a page takes it
    """The workbook to fill in, in the viewer's language."""
    content = BytesIO()
    write_template(content, for_roles=for_roles)
    return _workbook(content, _("Roles") if for_roles else _("Roster"))


def _workbook(content: BytesIO, name: str) -> HttpResponse:
    answer = HttpResponse(content.getvalue(), content_type=CONTENT_TYPES["xlsx"])
    answer["Content-Disposition"] = content_disposition(f"{name}.xlsx")
    return answer


@require_safe
@permission_required("import_any_roster")
def roster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """What a roster comes to, row by row; while a job is at it, how far it is."""
    viewer = viewer_of(request)
    shown = queries.roster_for(viewer=viewer, roster_id=roster_id)
    working = shown.state in queries.WORKING
    if request.headers.get("HX-Request") == "true":
        answer = render(request, "org/roster_progress.html", {"roster": shown})
        if not working:
            answer["HX-Refresh"] = "true"
        return answer
    if working:
        return render(request, "org/roster_working.html", {"roster": shown})
    return _show(request, shown, ApplyRosterForm(viewer=viewer, ask=workflow.must_confirm(shown)))


def _show(request: HttpRequest, shown: Any, form: ApplyRosterForm) -> HttpResponse:
    viewer, text = viewer_of(request), request.GET.get("q", "").strip()
    outcome, part = request.GET.get("outcome", ""), request.GET.get("part", "")
    lines = queries.roster_lines(
        shown, outcome=outcome, part=part, text=text, news=request.GET.get("news") == "1" and shown.stale
    )
    page = page_of(request, lines)
    own = shown.actor_id == viewer.pk
    missing = shown.counts.get("missing", 0)
    context = {
        "roster": shown,
        "problem": queries.roster_problem(shown),
        "tabs": _tabs(shown, outcome),
        "outcome": outcome,
        "part": part,
        "parts": RosterPart.choices,
        "text": text,
        "page": page,
        "rows": queries.readable(page.object_list),
        "columns": [
            Column(label=pgettext("roster", "Result")),
            Column(label=pgettext("roster", "Item")),
            Column(label=pgettext("roster", "Unit or parent")),
            Column(label=pgettext("roster", "Change and reason")),
            Column(label=pgettext("roster", "Row")),
        ],
        "open": own and shown.state in {RosterState.READY, RosterState.UNREADABLE, RosterState.FAILED},
        "may_apply": own and shown.state == RosterState.READY and _changes(shown) > 0,
        "changes": _changes(shown),
        "somebody_left": shown.lines.filter(part=RosterPart.PEOPLE, outcome=RosterOutcome.END).exists(),
        "unrecognised": queries.unrecognised(shown),
        "missing": ngettext("%(n)d person is not in this file", "%(n)d people are not in this file", missing)
        % {"n": missing},
        "form": form,
        "missing_form": MissingForm(viewer=viewer, initial={"missing_left": shown.missing_left}),
    }
    return render(request, "org/roster.html", context, status=422 if form.errors else 200)


def _changes(shown: Any) -> int:
    """How many rows change something."""
    kept = {RosterOutcome.REJECT.value, RosterOutcome.SAME.value, "missing"}
    return sum(count for outcome, count in shown.counts.items() if outcome not in kept)


def _tabs(shown: Any, outcome: str) -> list[Tab]:
    every = sum(count for name, count in shown.counts.items() if name != "missing")
    tabs = [Tab(label=pgettext("roster", "all rows"), url="?", current=not outcome, count=every)]
    return tabs + [
        Tab(label=str(one.label), url=f"?outcome={one.value}", current=outcome == one.value, count=shown.counts[one])
        for one in RosterOutcome
        if shown.counts.get(one.value)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("import_any_roster")
def columns(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Say what the columns mean."""
    viewer = viewer_of(request)
    shown = queries.roster_for(viewer=viewer, roster_id=roster_id)
    form = ColumnsForm(request.POST if request.method == "POST" else None, viewer=viewer, sheets=shown.sheets)
    if form.is_bound and form.is_valid():
        workflow.explain_columns(actor=viewer, roster_id=roster_id, **form.arguments())
        return redirect("org:roster", roster_id)
    context = {"roster": shown, "form": form}
    return render(request, "org/roster_columns.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required("import_any_roster")
def compare(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Compare anew, with or without the people who are missing from the file."""
    form = MissingForm(request.POST, viewer=viewer_of(request))
    form.is_valid()
    workflow.recompare_roster(actor=viewer_of(request), roster_id=roster_id, **form.arguments())
    return redirect("org:roster", roster_id)


@require_POST
@permission_required("import_any_roster")
def apply(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Have it applied as it was looked at."""
    viewer = viewer_of(request)
    shown = queries.roster_for(viewer=viewer, roster_id=roster_id)
    form = ApplyRosterForm(request.POST, viewer=viewer, ask=workflow.must_confirm(shown))
    if form.is_valid():
        try:
            workflow.start_applying(actor=viewer, roster_id=roster_id, **form.arguments())
        except ValidationFailed as refusal:
            add_refusals(form, refusal)
        else:
            return redirect("org:roster", roster_id)
    return _show(request, shown, form)


@require_POST
@permission_required("import_any_roster")
def discard(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Give it up."""
    shown = queries.roster_for(viewer=viewer_of(request), roster_id=roster_id)
    workflow.discard_roster(actor=viewer_of(request), roster_id=roster_id)
    said = _("Roster discarded and file deleted.")
    messages.success(request, said)
    return redirect(reverse("org:role_rosters" if shown.for_roles else "org:rosters"))


@require_safe
@permission_required("import_any_roster")
def rejected(request: HttpRequest, roster_id: int) -> HttpResponse:
    """The rejected rows whole, in the layout of the file, with the reasons: to be mended and sent again."""
    shown = queries.roster_for(viewer=viewer_of(request), roster_id=roster_id)
    sheets = [
        Sheet(title or "Sheet", headings, rows, texts=range(len(headings)))
        for title, headings, rows in queries.rejected_rows(shown)
    ]
    content = BytesIO()
    write_sheets(content, sheets or [Sheet(_("Rejected rows"), [])])
    return _workbook(content, _("Rejected rows"))
