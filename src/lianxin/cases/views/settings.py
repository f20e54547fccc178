"""Categories and time limits, for the enterprise's system administrator. No case is read here."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.cases.events import category_panels
from lianxin.cases.forms.settings import AmountForm, ExceptionForm, MoveForm, NameForm
from lianxin.cases.models import Category, SlaRule
from lianxin.cases.queries import choosing
from lianxin.cases.queries.receiving import span_text
from lianxin.cases.services import settings
from lianxin.kernel.access import View, sign_in_required, viewer_of
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.kernel.tables import Column, Text
from lianxin.kernel.views import ServiceFormView


def permission_required(view: View) -> View:
    """A page for the enterprise's system administrator; others are asked to sign in, or refused."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
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


class SettingFormView(ServiceFormView):
    """A form about categories or clocks."""

    has_permission = staticmethod(settings.may_set)


class CategoryFormView(SettingFormView):
    """A form about one category, or a new one."""

    def get_object(self) -> Category:
        return _category(self.kwargs["category_id"])

    def get_back_url(self) -> str:
        return reverse("cases:categories")


class AddCategory(CategoryFormView):
    """Add a category on top, or below one that the address names."""

    form_class = NameForm
    success_message = gettext_lazy("Added")

    def get_object(self) -> Any:
        return _category(self.kwargs["below"]) if "below" in self.kwargs else None

    def get_title(self) -> Text:
        if self.object is None:
            return _("Add a top-level category")
        return _("Add a category under “%(name)s”") % {"name": self.object.name}

    def service(self, **entered: Any) -> Category:
        return settings.add_category(actor=self.viewer, parent_id=self.kwargs.get("below"), **entered)


class RenameCategory(CategoryFormView):
    title = gettext_lazy("Rename “%(name)s”")
    form_class = NameForm
    success_message = gettext_lazy("Renamed")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name}

    def service(self, **entered: Any) -> Category:
        return settings.rename_category(actor=self.viewer, category_id=self.object.pk, **entered)


class MoveCategory(CategoryFormView):
    """Put a category elsewhere in the tree."""

    title = gettext_lazy("Move “%(name)s”")
    form_class = MoveForm
    success_message = gettext_lazy("Moved")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"category": self.object}

    def service(self, **entered: Any) -> Category:
        return settings.move_category(actor=self.viewer, category_id=self.object.pk, parent_id=entered["parent"])


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
    rules = [(rule, span_text(rule.amount, rule.measure)) for rule in choosing.sla_rule_rows()]
    return render(request, "cases/desk/clocks.html", {"rules": rules, "columns": columns})


class AddClockRule(SettingFormView):
    """Set a time limit of its own for a kind or a category."""

    template_name = "cases/desk/clock_rule.html"
    title = gettext_lazy("Add an exception")
    form_class: type[AmountForm] = ExceptionForm
    success_message = gettext_lazy("Saved, for deadlines that start from now on")

    def service(self, **entered: Any) -> SlaRule:
        return settings.set_clock_rule(actor=self.viewer, **entered)

    def get_back_url(self) -> str:
        return reverse("cases:clocks")


class ChangeClockRule(AddClockRule):
    """Change how long a clock runs."""

    form_class = AmountForm

    def get_object(self) -> SlaRule:
        rule = next((row for row in choosing.sla_rule_rows() if row.pk == self.kwargs["rule_id"]), None)
        if rule is None:
            raise NotFound(_("Rule not found."))
        return rule

    def get_title(self) -> Text:
        rule: SlaRule = self.object
        words = (rule.get_clock_display(), rule.kind and rule.get_kind_display(), rule.category)
        return capfirst(" · ".join(str(word) for word in words if word))

    def get_initial(self) -> dict[str, Any]:
        return {"amount": self.object.amount, "measure": self.object.measure}

    def service(self, **entered: Any) -> SlaRule:
        rule: SlaRule = self.object
        return super().service(clock=rule.clock, kind=rule.kind, category_id=rule.category_id, **entered)


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
