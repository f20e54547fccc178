"""The tree of units, a unit, and what can be done to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.forms import ConfirmForm
from lianxin.kernel.numbers import read_number
from lianxin.org import queries, services
from lianxin.org.forms import DutyPhonesForm, MoveUnitForm, UnitForm
from lianxin.org.models import Unit
from lianxin.org.policies import Target
from lianxin.org.views.shared import OrgFormView, page_of, permission_required, possible


@require_safe
@permission_required("browse_organisation")
def units(request: HttpRequest) -> HttpResponse:
    """The tree, a few levels at a time; or the units that a search finds."""
    viewer, text, at = viewer_of(request), request.GET.get("q", "").strip(), read_number(request.GET.get("at", ""))
    node = queries.unit_for(viewer=viewer, unit_id=at) if at is not None else None
    context = {
        "text": text,
        "node": node,
        "above": queries.ancestors(node) if node else [],
        "found": page_of(request, queries.units_for(viewer=viewer, text=text)) if text else None,
        "tree": [] if text else queries.unit_tree(viewer=viewer, at=node),
    }
    return render(request, "org/units.html", context)


@require_safe
@permission_required("browse_organisation")
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A unit: who works there, posts, roles, what stands there, and its history."""
    viewer = viewer_of(request)
    shown = queries.unit_for(viewer=viewer, unit_id=unit_id)
    context = {
        "unit": shown,
        "above": queries.ancestors(shown),
        "below": queries.units_right_below(shown),
        "people": page_of(request, queries.people_at(viewer=viewer, unit=shown)),
        "duty_phones": queries.duty_phones(shown),
        "posts": queries.posts_at(unit=shown),
        "grants": queries.grants_at(viewer=viewer, unit=shown),
        "party_organisations": queries.party_organisations_for(viewer=viewer).filter(unit=shown),
        "history": queries.history_of(shown),
        "add_person_url": f"{reverse('org:add_person')}?unit={unit_id}",
        "may": possible(viewer, Target(shown.path)),
    }
    return render(request, "org/unit.html", context)


class UnitFormView(OrgFormView):
    """A form about one unit."""

    def get_object(self) -> Unit:
        return queries.unit_for(viewer=self.viewer, unit_id=self.kwargs["unit_id"])

    def get_back_url(self) -> str:
        return reverse("org:unit", args=[self.object.pk])


class AddUnit(UnitFormView):
    title = gettext_lazy("Add a unit under %(name)s")
    form_class = UnitForm
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("Unit added.")

    def service(self, **entered: Any) -> Unit:
        return services.add_unit(actor=self.viewer, parent_id=self.object.pk, **entered)


class RenameUnit(UnitFormView):
    title = gettext_lazy("Change %(name)s")
    form_class = UnitForm
    success_message = gettext_lazy("Changes saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "code": self.object.code, "kind": self.object.kind}

    def service(self, **entered: Any) -> Unit:
        return services.rename_unit(actor=self.viewer, unit_id=self.object.pk, **entered)


class SetDutyPhones(UnitFormView):
    """The numbers that whoever reports a danger there is shown first."""

    title = gettext_lazy("Duty phones of %(name)s")
    lead = gettext_lazy(
        "Anyone who reports a danger sees these numbers first, before and after submitting, and can dial them."
    )
    form_class = DutyPhonesForm
    success_message = gettext_lazy("Changes saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"phones": "\n".join(str(phone) for phone in self.object.duty_phones.all())}

    def service(self, **entered: Any) -> Any:
        return services.set_duty_phones(actor=self.viewer, unit_id=self.object.pk, **entered)


class MoveUnit(UnitFormView):
    title = gettext_lazy("Move %(name)s")
    lead = gettext_lazy("Everything below it moves with it. Roles follow the new structure from now on.")
    form_class = MoveUnitForm
    submit_label = pgettext_lazy("unit", "Move")
    success_message = gettext_lazy("Unit moved.")

    def service(self, **entered: Any) -> Unit:
        return services.move_unit(actor=self.viewer, unit_id=self.object.pk, **entered)


class EndUnit(UnitFormView):
    title = gettext_lazy("Close %(name)s")
    lead = gettext_lazy("It can no longer be chosen. Its history is kept. This cannot be undone.")
    form_class = ConfirmForm
    submit_label = gettext_lazy("Close unit")
    danger = True
    success_message = gettext_lazy("Unit closed.")

    def service(self, **_entered: Any) -> Unit:
        return services.end_unit(actor=self.viewer, unit_id=self.object.pk)
