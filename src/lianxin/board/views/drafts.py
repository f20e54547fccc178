"""Preparing what is shown: taking out what is personal, looking at it, putting it up, keeping it off."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.board import queries, services
from lianxin.board.enums import PostState
from lianxin.board.forms import KeepOffForm, PostForm
from lianxin.board.queries import Draft, Mark, Markings
from lianxin.board.services import Texts
from lianxin.board.views.board import page_for
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied, ValidationFailed, VersionConflict
from lianxin.org.enums import Role
from lianxin.ui.components import Tab

PER_PAGE = 30
STATES = (
    (PostState.DRAFT, gettext_lazy("Pending")),
    (PostState.PUBLISHED, gettext_lazy("Published")),
    (PostState.KEPT_OFF, gettext_lazy("Not published")),
)


@never_cache
@require_safe
@sign_in_required
def drafts(request: HttpRequest) -> HttpResponse:
    """The cases whose requesters agreed, and what became of them."""
    viewer = viewer_of(request)
    if not viewer.holds(Role.DISPATCHER):
        raise PermissionDenied(_("This page is for dispatchers who prepare cases for publication."))
    asked = request.GET.get("state", "")
    state = PostState(asked) if asked in PostState.values else PostState.DRAFT
    address = reverse("board:drafts")
    cases = Paginator(queries.drafts_for(viewer=viewer, state=state), PER_PAGE)
    context = {
        **page_for(request, "board:drafts"),
        "states": [Tab(label=label, url=f"{address}?state={each}", current=each == state) for each, label in STATES],
        "state": state,
        "page": cases.get_page(request.GET.get("page")),
    }
    return render(request, "board/drafts.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def edit(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The texts with what is marked in them. First they are looked at as everybody will read them, then put up."""
    draft = queries.draft_for(viewer=viewer_of(request), case_id=case_id)
    if request.method != "POST":
        return _show(request, draft, PostForm(draft=draft))
    form = PostForm(request.POST, draft=draft)
    do = request.POST.get("do", "look")
    if do.startswith("replace"):
        form.rewritten(_replaced(form.texts, do.removeprefix("replace:")))
        return _show(request, draft, form)
    if do == "edit" or not form.is_valid():
        return _show(request, draft, form, checked=do != "edit")
    try:
        return _act(request, draft, form, do)
    except ValidationFailed as refusal:
        for name, message in refusal.fields.items():
            form.add_error(name if name in form.fields else None, message)
        return _show(request, draft, form, looking="looked" in refusal.fields, checked=True)
    except VersionConflict as refusal:
        return _overtaken(request, draft, form, str(refusal))


def _act(request: HttpRequest, draft: Draft, form: PostForm, do: str) -> HttpResponse:
    viewer, entered = viewer_of(request), form.cleaned_data
    written: dict[str, Any] = {
        "actor": viewer,
        "case_id": draft.case.pk,
        "texts": form.texts,
        "unit_id": entered["unit"],
        "expected": entered["expected"],
    }
    if do == "publish":
        services.publish(**written, looked=entered["looked"])
        said = (
            _("Correction published.")
            if draft.state == PostState.PUBLISHED
            else _("Scheduled. It appears on the board from tomorrow.")
        )
        messages.success(request, said)
        return redirect("board:drafts")
    if draft.state != PostState.PUBLISHED:
        form.seen(services.save_draft(**written).version)
    if do == "save":
        messages.success(request, _("Draft saved. It is not visible to employees."))
        return redirect("board:drafts")
    return _show(request, draft, form, looking=True)


def _overtaken(request: HttpRequest, draft: Draft, form: PostForm, why: str) -> HttpResponse:
    """Somebody was quicker: say so, and show what they wrote beside what was typed; the same sent twice is done."""
    now = queries.draft_for(viewer=viewer_of(request), case_id=draft.case.pk)
    if Texts(now.title, now.question, now.answer) == form.texts.cleaned() and now.state == PostState.PUBLISHED:
        messages.success(request, _("This case is already published."))
        return redirect("board:drafts")
    form.seen(now.version)
    return _show(request, now, form, overtaken=why)


def _replaced(texts: Texts, word: str) -> Texts:
    """The texts with the replacement for one marked word, or for all."""
    found = queries.markings_for(texts=texts.as_dict()).by_field
    return Texts(
        **{
            name: queries.without(text, [mark for mark in found[name] if word in ("", "replace", mark.text)])
            for name, text in texts.as_dict().items()
        }
    )


def _show(
    request: HttpRequest,
    draft: Draft,
    form: PostForm,
    *,
    looking: bool = False,
    checked: bool = False,
    overtaken: str = "",
) -> HttpResponse:
    markings = queries.markings_for(texts=form.texts.as_dict())
    levels = queries.levels_of(draft.case)
    context = {
        **page_for(request, "board:drafts"),
        "draft": draft,
        "form": form,
        "looking": looking,
        "words": markings.words,
        "highlighted": _highlighted(form.texts, markings),
        "unit": next((level.name for level in levels if str(level.pk) == str(form["unit"].value())), ""),
        "overtaken": overtaken,
        "latest": draft if overtaken else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if checked and form.errors else HTTPStatus.OK
    status = HTTPStatus.CONFLICT if overtaken else status
    return render(request, "board/edit.html", context, status=status)


def _highlighted(texts: Texts, markings: Markings) -> dict[str, SafeString]:
    return {name: _with_marks(text, markings.by_field[name]) for name, text in texts.as_dict().items()}


def _with_marks(text: str, marks: list[Mark]) -> SafeString:
    """The text with its marked places in `<mark>`, all of it escaped."""
    ends = [0, *(mark.end for mark in marks)]
    starts = [*(mark.start for mark in marks), len(text)]
    between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    words = [*(mark.text for mark in marks), ""]
    pieces = [
        (plain, format_html("<mark>{}</mark>", word) if word else "")
        for plain, word in zip(between, words, strict=True)
    ]
    return format_html_join("", "{}{}", pieces)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def keep_off(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Keeps a case off the board, or takes it down, with a reason for its requester."""
    viewer = viewer_of(request)
    draft = queries.draft_for(viewer=viewer, case_id=case_id)
    form = KeepOffForm(request.POST or None, initial={"expected": draft.version})
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        services.keep_off(actor=viewer, case_id=case_id, reason=entered["reason"], expected=entered["expected"])
        messages.success(request, _("Removed from the board; the requester can read the reason."))
        return redirect("board:drafts")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {**page_for(request, "board:drafts"), "draft": draft, "form": form}
    return render(request, "board/keep_off.html", context, status=status)
