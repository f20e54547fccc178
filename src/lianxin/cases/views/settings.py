"""Categories and time limits, for the enterprise's system administrator. No case is read here."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.cases.events import category_panels
from lianxin.cases.forms.fields import add_refusal
from lianxin.cases.forms.settings import AmountForm, ExceptionForm, MoveForm, NameForm
from lianxin.cases.models import Category
from lianxin.cases.queries import choosing
from lianxin.cases.services import settings
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.kernel.tables import Column

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def permission_required(view: View[P]) -> Callable[..., HttpResponseBase]:
    """A page for the enterprise's system administrator; others are asked to sign in, or refused."""

    @wraps(view)
    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        settings.require_settings(viewer_of(request))
        return view(request, *args, **kwargs)

    return never_cache(sign_in_required(checked))


@require_safe
@permission_required
def categories(request: HttpRequest) -> HttpResponse:
    """The category tree, and what contexts above say of it."""
    panels = [panel for panel in category_panels() if panel]
    context = {"groups": choosing.category_cards(), "panels": panels}
    return render(request, "cases/desk/categories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required
def add_category(request: HttpRequest, below: int | None = None) -> HttpResponse:
    """Add a category on top, or below one that the address names."""
    parent = _category(below) if below else None
    title = _("Add a category under “%(name)s”") % {"name": parent.name} if parent else _("Add a top-level category")
    form = NameForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda name: settings.add_category(actor=viewer_of(request), name=name, parent_id=below),
        title=title,
        done=_("Added"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required
def rename_category(request: HttpRequest, category_id: int) -> HttpResponse:
    """Give a category another name."""
    category = _category(category_id)
    form = NameForm(request.POST or None, initial={"name": category.name})
    return _answer(
        request,
        form,
        lambda name: settings.rename_category(actor=viewer_of(request), category_id=category_id, name=name),
        title=_("Rename “%(name)s”") % {"name": category.name},
        done=_("Renamed"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required
def move_category(request: HttpRequest, category_id: int) -> HttpResponse:
    """Put a category elsewhere in the tree."""
    category = _category(category_id)
    form = MoveForm(request.POST if request.method == "POST" else None, category=category)
    return _answer(
        request,
        form,
        lambda parent: settings.move_category(actor=viewer_of(request), category_id=category_id, parent_id=parent),
        title=_("Move “%(name)s”") % {"name": category.name},
        done=_("Moved"),
    )


@require_POST
@permission_required
def use_category(request: HttpRequest, category_id: int, active: int) -> HttpResponse:
    """Take a category out of use, or back into use; the notice offers to undo it."""
    try:
        settings.use_category(actor=viewer_of(request), category_id=category_id, active=bool(active))
    except ValidationFailed as refusal:
        messages.warning(request, str(refusal))
        return redirect("cases:categories")
    undo = reverse("cases:use_category", args=[category_id, 0 if active else 1])
    done = _("Enabled again") if active else _("Disabled: it can no longer be chosen; existing cases keep it")
    messages.success(request, done, extra_tags=undo)
    return redirect("cases:categories")


@require_safe
@permission_required
def clocks(request: HttpRequest) -> HttpResponse:
    """How long each clock runs."""
    columns = [
        Column(label=_("Stage")),
        Column(label=_("Kind")),
        Column(label=_("Category")),
        Column(label=_("Deadline"), numeric=True),
        Column(label=_("Change")),
    ]
    return render(request, "cases/desk/clocks.html", {"rules": choosing.clock_rule_rows(), "columns": columns})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required
def add_clock_rule(request: HttpRequest) -> HttpResponse:
    """Set a time limit of its own for a kind or a category."""
    form = ExceptionForm(request.POST or None)
    return _answer(
        request,
        form,
        lambda **entered: settings.set_clock_rule(actor=viewer_of(request), **entered),
        title=_("Add an exception"),
        done=_("Saved, for deadlines that start from now on"),
        back="cases:clocks",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required
def change_clock_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Change how long a clock runs."""
    rule = next((row for row in choosing.clock_rule_rows() if row.pk == rule_id), None)
    if rule is None:
        raise NotFound(_("Rule not found."))
    form = AmountForm(request.POST or None, initial={"amount": rule.amount, "measure": rule.measure})
    where = " · ".join(
        str(word) for word in (rule.get_clock_display(), rule.kind and rule.get_kind_display(), rule.category) if word
    )
    return _answer(
        request,
        form,
        lambda amount, measure: settings.set_clock_rule(
            actor=viewer_of(request),
            clock=rule.clock,
            kind=rule.kind,
            category_id=rule.category_id,
            amount=amount,
            measure=measure,
        ),
        title=where,
        done=_("Saved, for deadlines that start from now on"),
        back="cases:clocks",
    )


@require_POST
@permission_required
def remove_clock_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Remove an exception."""
    try:
        settings.remove_clock_rule(actor=viewer_of(request), rule_id=rule_id)
    except ValidationFailed as refusal:
        messages.warning(request, str(refusal))
        return redirect("cases:clocks")
    messages.success(request, _("Removed; the general rule applies to deadlines that start from now on"))
    return redirect("cases:clocks")


def _category(category_id: int) -> Category:
    found = choosing.category_of(category_id)
    if found is None:
        raise NotFound(_("Category not found."))
    return found


def _answer(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[..., Any],
    *,
    title: str,
    done: str,
    back: str = "cases:categories",
) -> HttpResponse:
    """Show a form; when it is sent, do what it says and go back. A refusal comes back on the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act(**form.cleaned_data)
        except ValidationFailed as refusal:
            add_refusal(form, refusal.fields)
        else:
            messages.success(request, done)
            return redirect(back)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    running = back == "cases:clocks"
    context = {"form": form, "title": title, "back": reverse(back), "running": running}
    return render(request, "cases/desk/setting.html", context, status=status)
