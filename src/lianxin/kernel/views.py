"""Generic pages: a list, one thing with what can be done to it, a form that leads to a service, a step of a workflow.

They are Django's own generic views with a viewer: whoever is not signed in is led to sign in, what is not for the
viewer looks like what does not exist, and what a service refuses comes back on the form with all that was typed.
"""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, BinaryIO, cast

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import generic
from django.views.decorators.cache import never_cache

from lianxin.kernel import timezone
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.documents import write_register
from lianxin.kernel.errors import PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.files import CONTENT_TYPES, content_disposition
from lianxin.kernel.files.names import safe_name
from lianxin.kernel.forms import ActionForm, ReasonForm, ServiceForm, add_refusals, describe_filters
from lianxin.kernel.paging import CappedPaginator
from lianxin.kernel.spreadsheets import Sheet, sheet_name, write_sheets
from lianxin.kernel.tables import Column, Text
from lianxin.kernel.workflow import Workflow

EXPORTS = ("xlsx", "docx")
MAX_EXPORTED, MAX_IN_WORD = 100_000, 2_000
"""Rows of a list in one workbook, and in one Word document, which is held in memory."""


@method_decorator([never_cache, sign_in_required], name="dispatch")
class SignedInMixin(generic.base.ContextMixin):
    """A page for whoever is signed in.

    Attributes:
        title: the page's heading.
        has_permission: given the viewer, whether the page is for them; left out: for everybody.
        permission_denied_message: said to whoever it is not for.
    """

    request: HttpRequest
    kwargs: dict[str, Any]
    title: Text = ""
    has_permission: Callable[[Any], bool] | None = None
    permission_denied_message: Text = gettext_lazy("You do not have permission to do this.")

    @cached_property
    def viewer(self) -> Any:
        """Who makes the request."""
        return viewer_of(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse whoever the page is not for, then go on as Django does.

        Raises:
            PermissionDenied: the page is not for the viewer.
        """
        if self.has_permission is not None and not self.has_permission(self.viewer):
            raise PermissionDenied(str(self.permission_denied_message))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc] # View's
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.get_title(), **more)

    def get_title(self) -> Text:
        return self.title


class ListView(SignedInMixin, generic.ListView):  # type: ignore[type-arg] # it has none where it runs
    """A list: filtered and sorted by the address bar, in capped pages, exported as a register (`?export=xlsx`, `docx`).

    Attributes:
        columns: what of a row is shown and exported. The first one links to `row.get_absolute_url()`.
        filterset_class: the filters above the list (django-filter); its form is sent by GET.
        export_name: what the file's name begins with, followed by what the list is filtered to; empty: no export.
        empty_text: said where nothing is listed.
        add_label: of the link to where a new one is made (`get_add_url`).
    """

    template_name = "ui/generic/list.html"
    paginate_by = 50
    columns: Sequence[Column] = ()
    filterset_class: type[django_filters.FilterSet] | None = None
    export_name = ""
    empty_text: Text = ""
    add_label: Text = ""

    def get_rows(self) -> QuerySet[Any]:
        """What the viewer sees of the list, in its usual order."""
        raise NotImplementedError

    def get_add_url(self) -> str:
        """Where a new one is made; empty: nowhere, or not by the viewer."""
        return ""

    def get_links(self) -> list[tuple[str, str]]:
        """(label, address) of pages that belong to the list."""
        return []

    @cached_property
    def filterset(self) -> Any:
        return self.filterset_class(self.request.GET, self.get_rows()) if self.filterset_class else None

    def get_queryset(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.filterset.qs if self.filterset else self.get_rows()
        wanted = self.request.GET.get("sort", "")
        keys = {column.sort for column in self.columns if column.sort}
        return rows.order_by(wanted, "pk") if wanted.lstrip("-") in keys else rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = request.GET.get("export", "")
        if self.export_name and form in EXPORTS:
            return self.export(form)
        return super().get(request, *args, **kwargs)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """As Django's; a page that there is not is the last one."""
        paginator = CappedPaginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get("page"))
        return paginator, page, page.object_list, page.has_other_pages()

    def get_filter_words(self) -> list[str]:
        """To what the list is filtered, in words: what an export is about."""
        return describe_filters(self.filterset.form) if self.filterset else []

    def export(self, form: str) -> HttpResponse:
        """The rows of the filtered list as a register: a workbook (`xlsx`) or a Word document (`docx`)."""
        rows = self.get_queryset()[: MAX_EXPORTED if form == "xlsx" else MAX_IN_WORD]
        cells = ([column.of(row) for column in self.columns] for row in rows.iterator(chunk_size=2000))
        headers, filters = [str(column.label) for column in self.columns], self.get_filter_words()
        title = " · ".join([str(self.get_title()), *filters])
        name = safe_name("_".join([self.export_name, *filters, timezone.today().isoformat()]), form)
        response = HttpResponse(content_type=CONTENT_TYPES[form])
        response["Content-Disposition"] = content_disposition(name)
        target = cast("BinaryIO", response)
        if form == "xlsx":
            write_sheets(target, [Sheet(sheet_name(str(self.get_title()), *filters), headers, cells, title=title)])
        else:
            subtitle = " · ".join([*filters, timezone.today().isoformat()])
            write_register(target, str(self.get_title()), headers, cells, subtitle=subtitle)
        return response

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        rows = [(row, [(column, column.of(row)) for column in self.columns]) for row in context["object_list"]]
        return context | {
            "rows": rows,
            "columns": self.columns,
            "filters": self.filterset.form if self.filterset else None,
            "exported": bool(self.export_name),
            "empty_text": self.empty_text,
            "links": self.get_links(),
            "add_url": self.get_add_url(),
            "add_label": self.add_label,
        }


class DetailView(SignedInMixin, generic.TemplateView):
    """One object of a workflow: its facts, its trail, and what the viewer can do to it now.

    Attributes:
        workflow: through which it is fetched and authorised in one call.
        action_url: the name of the address of a step (arguments: id, action).
    """

    template_name = "ui/generic/detail.html"
    workflow: Workflow[Any]
    action_url = ""

    @cached_property
    def object(self) -> Any:
        """The object.

        Raises:
            NotFound: there is none, or not for the viewer.
        """
        return self.workflow.get(self.viewer, self.kwargs["pk"])

    def get_facts(self) -> list[tuple[Text, Any]]:
        """(label, value) of what is shown of the object."""
        return []

    def get_title(self) -> Text:
        return str(self.object)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        offered = self.workflow.offered(self.object, self.viewer)
        return super().get_context_data(**more) | {
            "object": self.object,
            "facts": self.get_facts(),
            "trail": self.workflow.trail(self.object, self.viewer),
            "offers": list(offered.items()),
            "action_url": self.action_url,
        }


class ServiceFormView(SignedInMixin, generic.FormView):  # type: ignore[type-arg] # it has none where it runs
    """A form that leads to one service. Where it is about an object, the title may hold its name as %(name)s.

    Attributes:
        lead: said above the form.
        submit_label, icon, danger: its button.
        success_message: said when it is done.
    """

    template_name = "ui/generic/form.html"
    form_class: Any = ServiceForm
    lead: Text = ""
    submit_label: Text = ""
    icon = ""
    danger = False
    success_message: Text = ""

    def get_object(self) -> Any:
        """What it is about, as it is now and as the viewer may see it; None: nothing that there is yet."""
        return None

    @cached_property
    def object(self) -> Any:
        return self.get_object()

    def get_title(self) -> Text:
        return self.title if self.object is None else str(self.title) % {"name": self.object}

    def service(self, **entered: Any) -> Any:
        """Do it, as `self.viewer`, with what was entered; what it returns is `self.result`."""
        raise NotImplementedError

    def get_back_url(self) -> str:
        """Where "Cancel" leads, and the way after it is done."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        return self.get_back_url()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"viewer": self.viewer}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.result = self.service(**form.arguments())
        except ValidationFailed as refusal:
            add_refusals(form, refusal)
            return self.form_invalid(form)
        except VersionConflict as refusal:
            return self.form_overtaken(form, refusal)
        if said := self.get_success_message():
            messages.success(self.request, said)
        return redirect(self.get_success_url())

    def get_success_message(self) -> str:
        return str(self.success_message)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)

    def form_overtaken(self, form: Any, refusal: VersionConflict) -> HttpResponse:
        """Somebody was quicker: what they did, and the form as it was typed. Sent again, it is about what is now."""
        if "expected" in form.fields:
            form.data = form.data.copy()
            form.data[form.add_prefix("expected")] = str(self.get_object().version)
        changes = self.describe_changes(refusal.changes)
        context = self.get_context_data(form=form, overtaken=str(refusal), changes=changes)
        return self.render_to_response(context, status=HTTPStatus.CONFLICT)

    def describe_changes(self, events: Sequence[Any]) -> Sequence[Any]:
        """What others did, as people read it: each with `at` and `text`."""
        return events

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more) | {
            "lead": self.lead,
            "submit_label": self.submit_label or _("Save"),
            "icon": self.icon,
            "danger": self.danger,
            "back": self.get_back_url(),
        }


class ActionView(ServiceFormView):
    """One step of a workflow: its form, and doing it.

    Attributes:
        workflow: the table.
        forms: the form of each action that needs more than a text.
    """

    workflow: Workflow[Any]
    forms: Mapping[str, type[ActionForm]] = {}

    def get_object(self) -> Any:
        return self.workflow.get(self.viewer, self.kwargs["pk"])

    @property
    def action(self) -> str:
        return str(self.kwargs["action"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.action not in self.workflow.buttons:
            raise Http404
        button = self.workflow.buttons[self.action]
        self.title, self.lead, self.icon, self.danger = button.label, button.lead, button.icon, button.danger
        self.submit_label, self.success_message = button.label, button.done
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.workflow.require_now(self.action, self.object, self.viewer)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.workflow.require_allowed(self.action, self.workflow.relations(self.viewer, self.object))
        return super().post(request, *args, **kwargs)

    def get_form_class(self) -> type[ActionForm]:
        rows = [row for row in self.workflow.transitions if row.action == self.action]
        return self.forms.get(self.action, ReasonForm if "text" in rows[0].required else ActionForm)

    def get_initial(self) -> dict[str, Any]:
        return {"expected": self.object.version}

    def service(self, **entered: Any) -> Any:
        return self.workflow.perform_on(self.object.pk, self.action, actor=self.viewer, **entered)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(**more, about=str(self.object))

    def describe_changes(self, events: Sequence[Any]) -> Sequence[Any]:
        return self.workflow.describe(events)

    def get_back_url(self) -> str:
        return str(self.object.get_absolute_url())
