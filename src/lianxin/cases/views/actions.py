"""Taking a step: a page with the step's form, and doing it."""

from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.cases.enums import CaseKind, CaseState
from lianxin.cases.forms import desk as forms
from lianxin.cases.models import Case
from lianxin.cases.policies import refuse_own, relations_of
from lianxin.cases.queries import (
    CasePage,
    case_changes,
    case_page,
    event_icon,
    event_sentence,
    following_in_list,
    get_case_for,
    reader_count,
)
from lianxin.cases.queries.subjects import subjects_of
from lianxin.cases.queries.templates import replied_before, templates_for
from lianxin.cases.services import access_log
from lianxin.cases.services.transitions import perform
from lianxin.cases.views.steps import ACTIONS
from lianxin.cases.workflow import CASE
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.files import StorageFull
from lianxin.kernel.forms import add_refusals
from lianxin.org.queries import Person

SHOWS_SUBJECTS = frozenset(
    {"accept", "decline", "settle_subjects", "name_people", "dispatch", "transfer", "take_up", "merge", "seal"}
)


WRITES = frozenset({"contact", "ask", "reply"})
"""Steps in which a handler writes to the requester."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def act(request: HttpRequest, case_id: UUID, action: str) -> HttpResponse:
    """One of `ACTIONS` on one case: its form, and doing it. What is refused comes back with all that was typed."""
    if action not in ACTIONS:
        raise Http404
    viewer = viewer_of(request)
    page = case_page(viewer=viewer, case=get_case_for(viewer, case_id))
    refuse_own(action, viewer, page.case)
    if CASE.allowed(action).isdisjoint(page.relations):
        raise PermissionDenied(_("You do not have permission to do this."))
    form_class, beside = _form_class(action, page), request.GET.get("with", "")
    if request.method != "POST":
        access_log.note_opening(actor=viewer, case=page.case)
        status = HTTPStatus.OK if action in page.offered else HTTPStatus.CONFLICT
        form = form_class(viewer=viewer, page=page, beside=beside)
        return _show(request, page, action, form, status=status)
    form = form_class(request.POST, request.FILES, viewer=viewer, page=page, beside=beside)
    if not form.is_valid():
        return _show(request, page, action, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    query = _going_on(request, viewer, case_id)
    try:
        service = ACTIONS[action].service or partial(perform, action)
        service(actor=viewer, case_id=case_id, **form.arguments())
    except ValidationFailed as refusal:
        add_refusals(form, refusal)
        return _show(request, page, action, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except StorageFull as refusal:
        form.add_error("files", str(refusal))
        return _show(request, page, action, form, status=HTTPStatus.INSUFFICIENT_STORAGE)
    except VersionConflict as refusal:
        return _overtaken(request, case_id, action, form, refusal)
    return _done(request, viewer, case_id, action, query)


def _form_class(action: str, page: CasePage) -> type[forms.ActForm]:
    unsettled = page.case.subjects_unsettled and page.case.kind != CaseKind.HAZARD
    if action == "accept" and (page.case.sealed or unsettled):
        return forms.AcceptForm
    return ACTIONS[action].form


def case_url(case_id: UUID, query: QueryDict) -> str:
    """The page of a case, beside the work list from which it was opened."""
    return f"{reverse('cases:case', args=[case_id])}{'?' if query else ''}{query.urlencode()}"


def read_id(text: str) -> UUID | None:
    """An id as the address bar says it; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _going_on(request: HttpRequest, viewer: Person, case_id: UUID) -> QueryDict:
    """The address of the list beside the case, with the case that comes next: this one may soon be in it no longer."""
    query, chosen = request.GET.copy(), forms.FilterForm.read(request.GET)
    if chosen.queue and (following := following_in_list(viewer=viewer, chosen=chosen, case_id=case_id)):
        query["then"] = str(following)
    return query


def _done(request: HttpRequest, viewer: Person, case_id: UUID, action: str, query: QueryDict) -> HttpResponse:
    """Say what was done, on the case or, where it is out of sight now, on the work list."""
    try:
        case = get_case_for(viewer, case_id)
    except NotFound:
        messages.success(request, str(CASE.buttons[action].done))
        query.pop("then", None)
        return redirect(f"{reverse('cases:desk')}?{query.urlencode()}" if query else "cases:desk")
    done, undo = CASE.buttons[action].done, CASE.buttons[action].undo
    if action == "accept" and case.state == CaseState.DISPATCHED:
        done, undo = _("Accepted and dispatched"), CASE.buttons["dispatch"].undo
    address = reverse("cases:act", args=[case_id, undo]) if may_take(undo, viewer, case) else ""
    messages.success(request, str(done), extra_tags=address)
    return redirect(case_url(case_id, query))


def may_take(action: str, viewer: Person, case: Case) -> bool:
    """Whether the viewer could take a step of the case as it stands now."""
    return any(step.action == action for step in CASE.possible(case.state, relations_of(viewer, case)))


def _overtaken(
    request: HttpRequest, case_id: UUID, action: str, form: forms.ActForm, refusal: VersionConflict
) -> HttpResponse:
    """Somebody was quicker: show what they did; the form, with all that was typed, is now for the case as it is."""
    viewer = form.viewer
    changes = refusal.changes or case_changes(
        viewer=viewer, case_id=case_id, after_version=form.cleaned_data.get("expected")
    )
    if changes and all(event.actor_id == viewer.pk and event.action in (action, "dispatch") for event in changes):
        return _done(request, viewer, case_id, action, request.GET.copy())  # the same form sent twice
    page = case_page(viewer=viewer, case=get_case_for(viewer, case_id))
    form.seen(page.case.version)
    told = [(event.at, event_sentence(event, page.units), event_icon(event)) for event in changes]
    context = {"overtaken": str(refusal), "changes": told}
    return _show(request, page, action, form, status=HTTPStatus.CONFLICT, **context)


def _show(
    request: HttpRequest, page: CasePage, action: str, form: forms.ActForm, *, status: int, **more: Any
) -> HttpResponse:
    readers = reader_count(viewer=form.viewer, case=page.case) if action == "reply" else 0
    context = {
        "page": page,
        "case": page.case,
        "button": CASE.buttons[action],
        "name": action,
        "form": form,
        "possible": action in page.offered,
        "url": f"{reverse('cases:act', args=[page.case.pk, action])}?{request.GET.urlencode()}",
        "back": case_url(page.case.pk, request.GET),
        "readers": readers > 1
        and ngettext("%(n)d requester will read this.", "%(n)d requesters will read this.", readers) % {"n": readers},
        "subjects": subjects_of(page) if action in SHOWS_SUBJECTS else None,
        "missing_parts": [row.unit.name for row in page.parts if row.done_at is None] if action == "reply" else [],
        "templates": templates_for(page.case) if action in WRITES else [],
        "before": replied_before(viewer=form.viewer, case=page.case) if action == "reply" else [],
        **more,
    }
    whole = "HX-Request" not in request.headers
    template = "cases/desk/action.html" if whole else "cases/desk/_action.html"
    return render(request, template, context, status=status)
