"""Roles: who holds which where, granting and ending them."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.numbers import read_number
from lianxin.kernel.tables import Column
from lianxin.org import queries, services
from lianxin.org.enums import Role
from lianxin.org.forms import EndRoleForm, GrantForm
from lianxin.org.policies import may
from lianxin.org.views.shared import answer_form, page_of, permission_required


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


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_roles")
def grant_role(request: HttpRequest) -> HttpResponse:
    chosen = {key: request.GET.get(key, "") for key in ("person", "unit")}
    return answer_form(
        request,
        GrantForm,
        services.grant_role,
        title=_("Grant role"),
        lead=_("A system, security or audit administrator can hold only that one role."),
        back=reverse("org:roles"),
        done=_("Role granted."),
        action_label=_("Grant"),
        initial={key: value for key, value in chosen.items() if read_number(value) is not None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_roles")
def end_role(request: HttpRequest, grant_id: int) -> HttpResponse:
    grant = queries.grant_for(viewer=viewer_of(request), grant_id=grant_id)
    said = {"person": grant.person.name, "role": grant.get_role_display(), "unit": grant.unit.name}
    return answer_form(
        request,
        EndRoleForm,
        partial(services.end_role, grant_id=grant_id),
        title=_("End a role of %(person)s") % said,
        lead=_("%(person)s is %(role)s at %(unit)s.") % said,
        back=reverse("org:roles"),
        done=_("Role ended."),
        action_label=_("End role"),
        danger=True,
    )
