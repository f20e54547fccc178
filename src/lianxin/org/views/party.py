"""The tree of Party organisations, one of them, and what can be done to it."""

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
from lianxin.org.forms import (
    AddPartyOrganisationForm,
    ConfirmForm,
    MovePartyOrganisationForm,
    PartyOrganisationForm,
)
from lianxin.org.policies import Target
from lianxin.org.views.shared import answer_form, page_of, permission_required, possible


@require_safe
@permission_required("browse_organisation")
def party(request: HttpRequest) -> HttpResponse:
    """The tree, a few levels at a time; or what a search finds."""
    viewer, text, at = viewer_of(request), request.GET.get("q", "").strip(), read_number(request.GET.get("at", ""))
    node = queries.party_organisation_for(viewer=viewer, party_organisation_id=at) if at is not None else None
    context = {
        "text": text,
        "node": node,
        "above": queries.ancestors(node) if node else [],
        "found": page_of(request, queries.party_organisations_for(viewer=viewer, text=text)) if text else None,
        "tree": [] if text else queries.party_tree(viewer=viewer, at=node),
        "may": possible(viewer, Target()),
    }
    return render(request, "org/party.html", context)


@require_safe
@permission_required("browse_organisation")
def party_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """A Party organisation: its members, posts, what is below it, and its history."""
    viewer = viewer_of(request)
    shown = queries.party_organisation_for(viewer=viewer, party_organisation_id=pk)
    context = {
        "organisation": shown,
        "above": queries.ancestors(shown),
        "below": queries.party_organisations_right_below(shown),
        "members": page_of(request, queries.members_for(viewer=viewer, party_organisation_id=pk)),
        "posts": queries.posts_at(party_organisation=shown),
        "history": queries.history_of(shown),
        "may": possible(viewer, Target(shown.unit.path)),
    }
    return render(request, "org/party_organisation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def add_party_organisation(request: HttpRequest) -> HttpResponse:
    parent, unit = (read_number(request.GET.get(key, "")) for key in ("parent", "unit"))
    return answer_form(
        request,
        AddPartyOrganisationForm,
        services.add_party_organisation,
        title=_("Add a Party organisation"),
        back=reverse("org:party"),
        done=_("Party organisation added."),
        action_label=_("Add"),
        initial={"parent": parent or "", "unit": unit or ""},
        then=lambda added: reverse("org:party_organisation", args=[added.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def rename_party_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.party_organisation_for(viewer=viewer_of(request), party_organisation_id=pk)
    return answer_form(
        request,
        PartyOrganisationForm,
        partial(services.rename_party_organisation, party_organisation_id=pk),
        title=_("Change %(name)s") % {"name": shown.name},
        back=reverse("org:party_organisation", args=[pk]),
        done=_("Changes saved."),
        initial={"name": shown.name, "code": shown.code, "kind": shown.kind},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def move_party_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.party_organisation_for(viewer=viewer_of(request), party_organisation_id=pk)
    return answer_form(
        request,
        MovePartyOrganisationForm,
        partial(services.move_party_organisation, party_organisation_id=pk),
        title=_("Move %(name)s") % {"name": shown.name},
        lead=_("Everything below it moves with it."),
        back=reverse("org:party_organisation", args=[pk]),
        done=_("Party organisation moved."),
        action_label=pgettext("unit", "Move"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("administer_organisation")
def end_party_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    shown = queries.party_organisation_for(viewer=viewer_of(request), party_organisation_id=pk)
    return answer_form(
        request,
        ConfirmForm,
        partial(services.end_party_organisation, party_organisation_id=pk),
        title=_("Close %(name)s") % {"name": shown.name},
        lead=_("It can no longer be chosen. Its history is kept. This cannot be undone."),
        back=reverse("org:party_organisation", args=[pk]),
        done=_("Party organisation closed."),
        action_label=_("Close Party organisation"),
    )
