"""What the pages of the organisation have in common: who is there, lists, a form that leads to one service."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from lianxin.kernel.access import ask_to_sign_in, viewer_of
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.forms import add_refusals
from lianxin.org.forms import ConfirmForm, OrgForm
from lianxin.org.policies import ACTIONS, Target, may, require
from lianxin.org.queries import Person

P = ParamSpec("P")
PER_PAGE = 50


def permission_required(
    action: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """A page for those who may `action` (somewhere, or wherever they are); others are asked to sign in or refused."""

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            viewer = viewer_of(request)
            require(viewer, action, Target(person_id=viewer.pk))
            return view(request, *args, **kwargs)

        return checked

    return decorate


def possible(viewer: Person, matter: Target) -> dict[str, bool]:
    """Every action, and whether the viewer may do it here: what a page offers."""
    return {action: may(viewer, action, matter) for action in ACTIONS}


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page of a list that the address names."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def answer_form(
    request: HttpRequest,
    form_class: type[OrgForm],
    act: Callable[..., Any],
    *,
    title: str,
    back: str,
    done: str | Promise | Callable[[Any], str],
    initial: dict[str, Any] | None = None,
    lead: str = "",
    action_label: str = "",
    danger: bool = False,
    then: Callable[[Any], str] | None = None,
) -> HttpResponse:
    """Show a form; when it is sent, call `act` as the viewer with what was entered, then go `back`.

    `then` says where else to go, from the result; `done` may say what was done from it, too.

    A refusal comes back on the form with everything that was entered.
    """
    viewer = viewer_of(request)
    form = form_class(request.POST if request.method == "POST" else None, viewer=viewer, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            result = act(actor=viewer, **form.arguments())
        except ValidationFailed as refusal:
            add_refusals(form, refusal)
        else:
            said = done(result) if callable(done) else str(done)
            messages.success(request, said)
            return redirect(then(result) if then else back)
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "back": back,
        "action_label": action_label or _("Save"),
        "danger": danger or (form_class is ConfirmForm),
    }
    return render(request, form.template, context, status=422 if form.errors else 200)
