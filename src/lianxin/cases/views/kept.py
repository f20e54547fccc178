"""Pages of what people at a desk keep, and of looking for a requester by name."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lianxin.cases import queries
from lianxin.cases.forms.desk import FilterForm
from lianxin.cases.forms.kept import FindRequesterForm, TemplateForm, ViewForm
from lianxin.cases.models import ReplyTemplate
from lianxin.cases.queries.templates import get_template_for, keeps_templates, templates_of
from lianxin.cases.services import desk
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied, RateLimited
from lianxin.kernel.tables import Column
from lianxin.kernel.views import ListView, ServiceFormView


class ReplyTemplates(ListView):
    """The templates of the viewer's units."""

    title = gettext_lazy("Reply templates")
    has_permission = staticmethod(keeps_templates)
    columns = (
        Column(label=gettext_lazy("Title"), value="title"),
        Column(label=gettext_lazy("Unit"), value="unit.name"),
        Column(label=gettext_lazy("Text"), value="text"),
    )
    empty_text = gettext_lazy("What your unit often writes stands here, ready to be put into a reply.")
    add_label = gettext_lazy("Add a template")

    def get_rows(self) -> QuerySet[ReplyTemplate]:
        return templates_of(self.viewer)

    def get_add_url(self) -> str:
        return reverse("cases:add_reply_template")


class AddReplyTemplate(ServiceFormView):
    title = gettext_lazy("Add a template")
    has_permission = staticmethod(keeps_templates)
    form_class = TemplateForm
    success_message = gettext_lazy("Saved.")

    def service(self, **entered: Any) -> None:
        desk.write_template(actor=self.viewer, template=self.object, **entered)

    def get_back_url(self) -> str:
        return reverse("cases:reply_templates")


class ChangeReplyTemplate(AddReplyTemplate):
    """Other words for a template; or it is removed."""

    template_name = "cases/desk/reply_template.html"
    title = gettext_lazy("Template “%(name)s”")

    def get_object(self) -> ReplyTemplate:
        return get_template_for(self.viewer, self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        template: ReplyTemplate = self.object
        return {"unit": template.unit_id, "title": template.title, "text": template.text}


@never_cache
@require_POST
@sign_in_required
def remove_reply_template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a template out of use."""
    if not keeps_templates(viewer_of(request)):
        raise PermissionDenied(_("You do not have permission to do this."))
    desk.remove_template(actor=viewer_of(request), template_id=pk)
    messages.success(request, _("Removed"))
    return redirect("cases:reply_templates")


def _require_desk(request: HttpRequest) -> None:
    if not queries.has_desk(viewer_of(request)):
        raise PermissionDenied(_("This page is for staff who handle cases."))


class SaveView(ServiceFormView):
    """Keep the work list that the address says under a name. The form stands beside the list, too."""

    title = gettext_lazy("Save this view")
    has_permission = staticmethod(queries.has_desk)
    permission_denied_message = gettext_lazy("This page is for staff who handle cases.")
    form_class = ViewForm

    def service(self, **entered: Any) -> None:
        desk.save_view(actor=self.viewer, query=FilterForm.read(self.request.GET).as_address(), **entered)

    def get_back_url(self) -> str:
        return f"{reverse('cases:desk')}?{self.request.GET.urlencode()}"


@never_cache
@require_POST
@sign_in_required
def remove_view(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget a saved view."""
    _require_desk(request)
    desk.remove_view(actor=viewer_of(request), view_id=pk)
    return redirect("cases:desk")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def find_requester(request: HttpRequest) -> HttpResponse:
    """One's open cases that somebody raised by name; whom one looked for stands in no address and no log."""
    _require_desk(request)
    viewer = viewer_of(request)
    form = FindRequesterForm(request.POST if request.method == "POST" else None, viewer=viewer)
    found, status = None, 200
    if form.is_bound and form.is_valid():
        try:
            found = desk.find_by_requester(actor=viewer, **form.arguments())
        except RateLimited as refusal:
            form.add_error(None, str(refusal))
    if form.is_bound and not form.is_valid():
        status = 422
    context = {"form": form, "found": found, "title": _("Find cases by requester")}
    return render(request, "cases/desk/find_requester.html", context, status=status)
