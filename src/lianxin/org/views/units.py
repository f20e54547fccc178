"""The tree of units, a unit, and what can be done to it."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.numbers import read_number
from lianxin.org import queries, services
from lianxin.org.forms import ConfirmForm, DutyPhonesForm, MoveUnitForm, UnitForm
from lianxin.org.policies import Target
from lianxin.org.views.shared import answer_form, page_of, permission_required, possible


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


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def add_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    parent = queries.unit_for(viewer=viewer_of(request), unit_id=unit_id)
    return answer_form(
        request,
        UnitForm,
        partial(services.add_unit, parent_id=unit_id),
        title=_("Add a unit under %(name)s") % {"name": parent.name},
        back=reverse("org:unit", args=[unit_id]),
        done=_("Unit added."),
        action_label=_("Add"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def rename_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    shown = queries.unit_for(viewer=viewer_of(request), unit_id=unit_id)
    return answer_form(
        request,
        UnitForm,
        partial(services.rename_unit, unit_id=unit_id),
        title=_("Change %(name)s") % {"name": shown.name},
        back=reverse("org:unit", args=[unit_id]),
        done=_("Changes saved."),
        initial={"name": shown.name, "code": shown.code, "kind": shown.kind},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def duty_phones(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The numbers that whoever reports a danger there is shown first."""
    shown = queries.unit_for(viewer=viewer_of(request), unit_id=unit_id)
    return answer_form(
        request,
        DutyPhonesForm,
        partial(services.set_duty_phones, unit_id=unit_id),
        title=_("Duty phones of %(name)s") % {"name": shown.name},
        lead=_("Anyone who reports a danger sees these numbers first, before and after submitting, and can dial them."),
        back=reverse("org:unit", args=[unit_id]),
        done=_("Changes saved."),
        initial={"phones": "\n".join(str(phone) for phone in shown.duty_phones.all())},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def move_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    shown = queries.unit_for(viewer=viewer_of(request), unit_id=unit_id)
    return answer_form(
        request,
        MoveUnitForm,
        partial(services.move_unit, unit_id=unit_id),
        title=_("Move %(name)s") % {"name": shown.name},
        lead=_("Everything below it moves with it. Roles follow the new structure from now on."),
        back=reverse("org:unit", args=[unit_id]),
        done=_("Unit moved."),
        action_label=pgettext("unit", "Move"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def end_unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    shown = queries.unit_for(viewer=viewer_of(request), unit_id=unit_id)
    return answer_form(
        request,
        ConfirmForm,
        partial(services.end_unit, unit_id=unit_id),
        title=_("Close %(name)s") % {"name": shown.name},
        lead=_("It can no longer be chosen. Its history is kept. This cannot be undone."),
        back=reverse("org:unit", args=[unit_id]),
        done=_("Unit closed."),
        action_label=_("Close unit"),
    )
