"""The tree of Party organisations, one of them, and what can be done to it."""

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
from lianxin.org.forms import AddPartyOrganisationForm, MovePartyOrganisationForm, PartyOrganisationForm
from lianxin.org.models import PartyOrganisation
from lianxin.org.policies import Target
from lianxin.org.views.shared import OrgFormView, page_of, permission_required, possible


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


class AddPartyOrganisation(OrgFormView):
    title = gettext_lazy("Add a Party organisation")
    form_class = AddPartyOrganisationForm
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("Party organisation added.")

    def get_initial(self) -> dict[str, Any]:
        return {key: read_number(self.request.GET.get(key, "")) or "" for key in ("parent", "unit")}

    def service(self, **entered: Any) -> PartyOrganisation:
        return services.add_party_organisation(actor=self.viewer, **entered)

    def get_back_url(self) -> str:
        return reverse("org:party")

    def get_success_url(self) -> str:
        return reverse("org:party_organisation", args=[self.result.pk])


class PartyOrganisationFormView(OrgFormView):
    """A form about one Party organisation."""

    def get_object(self) -> PartyOrganisation:
        return queries.party_organisation_for(viewer=self.viewer, party_organisation_id=self.kwargs["pk"])

    def get_back_url(self) -> str:
        return reverse("org:party_organisation", args=[self.object.pk])


class RenamePartyOrganisation(PartyOrganisationFormView):
    title = gettext_lazy("Change %(name)s")
    form_class = PartyOrganisationForm
    success_message = gettext_lazy("Changes saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "code": self.object.code, "kind": self.object.kind}

    def service(self, **entered: Any) -> PartyOrganisation:
        return services.rename_party_organisation(actor=self.viewer, party_organisation_id=self.object.pk, **entered)


class MovePartyOrganisation(PartyOrganisationFormView):
    title = gettext_lazy("Move %(name)s")
    lead = gettext_lazy("Everything below it moves with it.")
    form_class = MovePartyOrganisationForm
    submit_label = pgettext_lazy("unit", "Move")
    success_message = gettext_lazy("Party organisation moved.")

    def service(self, **entered: Any) -> PartyOrganisation:
        return services.move_party_organisation(actor=self.viewer, party_organisation_id=self.object.pk, **entered)


class EndPartyOrganisation(PartyOrganisationFormView):
    title = gettext_lazy("Close %(name)s")
    lead = gettext_lazy("It can no longer be chosen. Its history is kept. This cannot be undone.")
    form_class = ConfirmForm
    submit_label = gettext_lazy("Close Party organisation")
    danger = True
    success_message = gettext_lazy("Party organisation closed.")

    def service(self, **_entered: Any) -> PartyOrganisation:
        return services.end_party_organisation(actor=self.viewer, party_organisation_id=self.object.pk)
