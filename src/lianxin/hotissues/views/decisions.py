"""What people say about an issue: follow it, name it, merge it, divide it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.hotissues import queries
from lianxin.hotissues.forms import CasesForm, MergeForm, RenameForm
from lianxin.hotissues.models import Issue
from lianxin.hotissues.policies import may_decide, sees_hot_issues
from lianxin.hotissues.services import moderation
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.kernel.numbers import read_number
from lianxin.org.queries import Person

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _asked(request: HttpRequest, issue_id: int) -> tuple[Person, Issue]:
    """Who decides about what.

    Raises:
        PermissionDenied, NotFound: it is not theirs.
    """
    viewer = viewer_of(request)
    if not sees_hot_issues(viewer) or not may_decide(viewer):
        raise PermissionDenied(_("Only dispatchers and supervisors can do this."))
    return viewer, queries.issue_for(viewer=viewer, issue_id=issue_id)


def _page(
    request: HttpRequest, issue: Issue, form: forms.Form, act: Callable[[dict[str, Any]], Issue], **words: str
) -> HttpResponse:
    """Ask, do, and go back to the issue; what was refused is said beside the field."""
    if request.method == "POST" and form.is_valid():
        try:
            found = act(form.cleaned_data)
        except ValidationFailed as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name if name in form.fields else None, message)
        else:
            messages.success(request, _("Saved with your name and reason."))
            return redirect("hotissues:issue", found.pk)
    status = 422 if form.is_bound else 200
    context = {"issue": issue, "form": form, **words}
    return render(request, "hotissues/decide.html", context, status=status)


@never_cache
@form_page
@sign_in_required
def rename(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Another name."""
    viewer, issue = _asked(request, issue_id)
    form = RenameForm(request.POST or None, initial={"name": issue.name, "expected": issue.version})
    text = _("The name is kept as new cases arrive. Name the issue and place, never a person.")
    return _page(
        request,
        issue,
        form,
        lambda said: moderation.rename(actor=viewer, issue_id=issue.pk, **said),
        title=_("Rename issue"),
        text=text,
    )


@never_cache
@form_page
@sign_in_required
def merge(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Two issues are the same matter."""
    viewer, issue = _asked(request, issue_id)
    others = [(each.pk, each.title) for each in queries.issues_for(viewer=viewer) if each.pk != issue.pk]
    form = MergeForm(request.POST or None, initial={"expected": issue.version}).offer(others)
    text = _("The other issue's cases are moved here, and its number redirects here from now on.")
    return _page(
        request,
        issue,
        form,
        lambda said: moderation.merge(
            actor=viewer,
            issue_id=issue.pk,
            other_id=said["other"],
            expected=said["expected"],
            reason=said["reason"],
        ),
        title=_("Merge with another issue"),
        text=text,
    )


@require_POST
@sign_in_required
def confirm(request: HttpRequest, issue_id: int) -> HttpResponse:
    """It is one matter."""
    viewer, issue = _asked(request, issue_id)
    expected = read_number(request.POST.get("expected", "")) or 0
    moderation.confirm(actor=viewer, issue_id=issue.pk, expected=expected)
    messages.success(request, _("Confirmed and added to hot issues."))
    return redirect("hotissues:issue", issue.pk)


@require_POST
@sign_in_required
def cases(request: HttpRequest, issue_id: int) -> HttpResponse:
    """What is to be done with the chosen cases."""
    viewer, issue = _asked(request, issue_id)
    form = CasesForm(request.POST)
    if not form.is_valid():
        raise ValidationFailed({name: str(errors[0]) for name, errors in form.errors.items()})
    said = form.cleaned_data
    given: dict[str, Any] = {
        "actor": viewer,
        "issue_id": issue.pk,
        "cases": _uuids(request.POST.getlist("selected")),
        "expected": said["expected"],
        "reason": said["reason"],
    }
    if said["act"] == "split":
        found = moderation.split(**given, name=said["name"])
    elif said["act"] == "out":
        found = moderation.take_out(**given)
    else:
        found = moderation.take_in(**given)
    messages.success(request, _("Saved with your name and reason."))
    return redirect("hotissues:issue", found.pk)


def _uuids(words: list[str]) -> list[UUID]:
    found = []
    for word in words:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found


@require_POST
@sign_in_required
def follow(request: HttpRequest, issue_id: int) -> HttpResponse:
    """Have it among those one follows, or no longer."""
    viewer = viewer_of(request)
    if not sees_hot_issues(viewer):
        raise PermissionDenied(_("Hot issues are available to unit leaders and staff who handle cases."))
    wanted = request.POST.get("wanted") != "no"
    moderation.follow(actor=viewer, issue_id=issue_id, wanted=wanted)
    said = _("You are following this. Find it under “Following”.") if wanted else _("You no longer follow this.")
    messages.success(request, said)
    return redirect("hotissues:issue", issue_id)
