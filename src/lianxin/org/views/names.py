"""The enterprise's places and equipment: the lists, and what can be done to them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.forms import ConfirmForm
from lianxin.kernel.tables import Column
from lianxin.org import queries, services
from lianxin.org.enums import OwnNameKind
from lianxin.org.forms import NameForm, NamesForm
from lianxin.org.models import OwnName
from lianxin.org.policies import Target, may
from lianxin.org.views.shared import OrgFormView, page_of, permission_required
from lianxin.ui.components import Tab


@require_safe
@permission_required("administer_organisation")
def names(request: HttpRequest) -> HttpResponse:
    """The names of places and equipment, of both kinds or one, and with a text in them."""
    viewer, text, kind = viewer_of(request), request.GET.get("q", "").strip(), request.GET.get("kind", "")
    page = page_of(request, queries.names_for(viewer=viewer, kind=kind, text=text))
    kinds = [("", pgettext("own names", "All")), *OwnNameKind.choices]
    context = {
        "text": text,
        "kind": kind,
        "page": page,
        "rows": [(row, may(viewer, "keep_names", Target(row.unit.path if row.unit else ""))) for row in page],
        "tabs": [Tab(label=str(label), url=f"?kind={value}", current=kind == value) for value, label in kinds],
        "columns": [
            Column(label=_("Name")),
            Column(label=_("Kind")),
            Column(label=_("Other spellings")),
            Column(label=_("Unit"), wide_only=True),
        ],
    }
    return render(request, "org/names.html", context)


class NameFormView(OrgFormView):
    """A form about one name, or many new ones."""

    def get_back_url(self) -> str:
        return reverse("org:names")


class AddNames(NameFormView):
    title = gettext_lazy("Add places or equipment")
    lead = gettext_lazy("Paste them straight from your list. Existing entries stay unchanged.")
    form_class = NamesForm
    submit_label = gettext_lazy("Add")

    def get_initial(self) -> dict[str, Any]:
        kind = self.request.GET.get("kind", "")
        return {"kind": kind if kind in OwnNameKind else OwnNameKind.PLACE}

    def service(self, **entered: Any) -> list[OwnName]:
        return services.add_names(actor=self.viewer, **entered)

    def get_success_message(self) -> str:
        number = len(self.result)
        return ngettext("%(number)d new name.", "%(number)d new names.", number) % {"number": number}


class ChangeName(NameFormView):
    title = gettext_lazy("Change %(name)s")
    form_class = NameForm
    success_message = gettext_lazy("Changes saved.")

    def get_object(self) -> OwnName:
        return queries.name_for(viewer=self.viewer, name_id=self.kwargs["name_id"])

    def get_initial(self) -> dict[str, Any]:
        name: OwnName = self.object
        return {"kind": name.kind, "name": name.name, "others": "，".join(name.others), "unit": name.unit_id or ""}

    def service(self, **entered: Any) -> Any:
        return services.change_name(actor=self.viewer, name_id=self.object.pk, **entered)


class RemoveName(NameFormView):
    title = gettext_lazy("Remove %(name)s from the list")
    lead = gettext_lazy("It is then treated as ordinary text. Cases do not change.")
    form_class = ConfirmForm
    submit_label = gettext_lazy("Remove")
    danger = True
    success_message = gettext_lazy("Removed from the list.")

    def get_object(self) -> OwnName:
        return queries.name_for(viewer=self.viewer, name_id=self.kwargs["name_id"])

    def service(self, **_entered: Any) -> None:
        services.remove_name(actor=self.viewer, name_id=self.object.pk)
