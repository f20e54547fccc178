"""What people say about an issue: follow it, name it, merge it, divide it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lianxin.hotissues import queries
from lianxin.hotissues.forms import CasesForm, ConfirmForm, MergeForm, RenameForm
from lianxin.hotissues.models import Issue
from lianxin.hotissues.policies import may_decide, sees_hot_issues
from lianxin.hotissues.services import moderation
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.kernel.views import ServiceFormView
from lianxin.org.queries import Person

ONLY_DECIDING = gettext_lazy("Only dispatchers and supervisors can do this.")


def _asked(request: HttpRequest, issue_id: int) -> tuple[Person, Issue]:
    """Who decides about what.

    Raises:
        PermissionDenied, NotFound: it is not theirs.
    """
    viewer = viewer_of(request)
    if not may_decide(viewer):
        raise PermissionDenied(str(ONLY_DECIDING))
    return viewer, queries.issue_for(viewer=viewer, issue_id=issue_id)


class DecisionView(ServiceFormView):
    """A form with which something is decided about an issue."""

    has_permission = staticmethod(may_decide)
    permission_denied_message = ONLY_DECIDING
    icon = "check"
    success_message = gettext_lazy("Saved with your name and reason.")

    def get_object(self) -> Issue:
        return queries.issue_for(viewer=self.viewer, issue_id=self.kwargs["issue_id"])

    def get_initial(self) -> dict[str, Any]:
        return {"expected": self.object.version}

    def get_back_url(self) -> str:
        return reverse("hotissues:issue", args=[self.object.pk])

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more, about=self.object.title)


class Rename(DecisionView):
    title = gettext_lazy("Rename issue")
    lead = gettext_lazy("The name is kept as new cases arrive. Name the issue and place, never a person.")
    form_class = RenameForm

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"name": self.object.name}

    def service(self, **entered: Any) -> Issue:
        return moderation.rename(actor=self.viewer, issue_id=self.object.pk, **entered)


class Confirm(DecisionView):
    """It is one matter."""

    title = gettext_lazy("Confirm as one issue")
    lead = gettext_lazy("It is then among the hot issues, and no regrouping takes it apart. This cannot be undone.")
    form_class = ConfirmForm
    success_message = gettext_lazy("Confirmed and added to hot issues.")

    def service(self, **entered: Any) -> Issue:
        return moderation.confirm(actor=self.viewer, issue_id=self.object.pk, **entered)


class Merge(DecisionView):
    """Two issues are the same matter."""

    title = gettext_lazy("Merge with another issue")
    lead = gettext_lazy(
        "The other issue's cases are moved here, and its number redirects here from now on. This cannot be undone: "
        "cases can only be separated again as a new issue."
    )
    form_class = MergeForm
    submit_label = gettext_lazy("Merge issues")
    danger = True

    def get_form_kwargs(self) -> dict[str, Any]:
        others = [each for each in queries.issues_for(viewer=self.viewer) if each.pk != self.object.pk]
        return super().get_form_kwargs() | {"others": others}

    def service(self, **entered: Any) -> Issue:
        other_id = entered.pop("other")
        entered.pop("sure")
        return moderation.merge(actor=self.viewer, issue_id=self.object.pk, other_id=other_id, **entered)


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
