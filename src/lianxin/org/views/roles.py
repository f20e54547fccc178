"""Roles: who holds which where, granting and ending them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.numbers import read_number
from lianxin.kernel.tables import Column
from lianxin.org import queries, services
from lianxin.org.enums import Role
from lianxin.org.forms import EndRoleForm, GrantForm, GrantManyForm
from lianxin.org.models import RosterImport
from lianxin.org.policies import may
from lianxin.org.roster import upload_role_list
from lianxin.org.views.shared import OrgFormView, page_of, permission_required


@require_safe
@permission_required("browse_organisation")
def roles(request: HttpRequest) -> HttpResponse:
    """Roles held today or later, by unit."""
    viewer, name, unit_id = viewer_of(request), request.GET.get("role", ""), read_number(request.GET.get("unit", ""))
    unit = queries.unit_for(viewer=viewer, unit_id=unit_id) if unit_id is not None else None
    role = Role(name) if name in Role.values else None
    context = {
        "role": name,
        "roles": Role.choices,
        "unit": unit,
        "page": page_of(request, queries.grants_at(viewer=viewer, unit=unit, role=role)),
        "columns": [
            Column(label=_("Unit")),
            Column(label=_("Role")),
            Column(label=_("Person")),
            Column(label=_("Dates")),
        ]
        + [Column(label=_("Action"))] * may(viewer, "administer_roles"),
        "may_administer": may(viewer, "administer_roles"),
    }
    return render(request, "org/roles.html", context)


class RoleFormView(OrgFormView):
    """A form about roles."""

    action = "administer_roles"

    def get_back_url(self) -> str:
        return reverse("org:roles")


class GrantRole(RoleFormView):
    title = gettext_lazy("Grant role")
    lead = gettext_lazy("A system, security or audit administrator can hold only that one role.")
    form_class = GrantForm
    submit_label = gettext_lazy("Grant")
    success_message = gettext_lazy("Role granted.")

    def get_initial(self) -> dict[str, Any]:
        chosen: dict[str, Any] = {key: read_number(self.request.GET.get(key, "")) for key in ("person", "unit")}
        chosen["role"] = self.request.GET.get("role")
        return {key: value for key, value in chosen.items() if value}

    def service(self, **entered: Any) -> Any:
        return services.grant_role(actor=self.viewer, **entered)


class GrantMany(RoleFormView):
    title = gettext_lazy("Grant a role to several people")
    lead = gettext_lazy("You can review the result person by person; nothing is granted until you apply it.")
    form_class = GrantManyForm
    submit_label = gettext_lazy("Compare")

    def get_initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name) for name in ("role", "same_role", "same_unit")}

    def service(self, **entered: Any) -> RosterImport:
        roles = {name: Role(entered[name]) if entered[name] else None for name in ("role", "same_role")}
        return upload_role_list(actor=self.viewer, **entered | roles)

    def get_success_url(self) -> str:
        return reverse("org:roster", args=[self.result.pk])


class EndRole(RoleFormView):
    form_class = EndRoleForm
    submit_label = gettext_lazy("End role")
    danger = True
    success_message = gettext_lazy("Role ended.")

    def get_object(self) -> Any:
        return queries.grant_for(viewer=self.viewer, grant_id=self.kwargs["grant_id"])

    def get_title(self) -> str:
        return _("End a role of %(person)s") % {"person": self.object.person.name}

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        grant = self.object
        said = {"person": grant.person.name, "role": grant.get_role_display(), "unit": grant.unit.name}
        return super().get_context_data(**more) | {"lead": _("%(person)s is %(role)s at %(unit)s.") % said}

    def service(self, **entered: Any) -> Any:
        return services.end_role(actor=self.viewer, grant_id=self.object.pk, **entered)
