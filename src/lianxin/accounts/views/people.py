"""Accounts as administrators see them: codes are handed out by one, second factors removed by another."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts import policies, queries, services
from lianxin.accounts.views.sign_in import redirect_to_slips, slips_page
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.numbers import read_number
from lianxin.kernel.tables import Column
from lianxin.org.queries import Person, Unit

_A_PAGE = 50


def _unit(viewer: Person, chosen: str) -> Unit | None:
    number = read_number(chosen)
    return queries.unit_for(viewer=viewer, unit_id=number) if number is not None else None


@require_safe
@sign_in_required
def people(request: HttpRequest) -> HttpResponse:
    """Who can sign in already, who has a code, who has neither."""
    viewer = viewer_of(request)
    unit, words = _unit(viewer, request.GET.get("unit", "")), request.GET.get("q", "").strip()
    found = queries.people_and_accounts(viewer=viewer, unit=unit, words=words)
    context = {
        "page": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "units": queries.units_for(viewer=viewer).values_list("pk", "name"),
        "unit": unit,
        "may_issue": policies.may(viewer, "issue_codes"),
        "may_remove": policies.may(viewer, "remove_second_factors"),
        "words": words,
        "columns": [
            Column(label=pgettext("person", "Name")),
            Column(label=_("Employee number")),
            Column(label=_("Unit")),
            Column(label=_("Sign-in")),
        ],
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@never_cache
def issue_codes(request: HttpRequest) -> HttpResponse:
    """A slip for each one chosen, or for everybody on the list who has neither password nor code.

    Read, it shows the slips that were issued last in this browser, for ten minutes.
    """
    viewer = viewer_of(request)
    policies.require(viewer, "issue_codes")
    if request.method != "POST":
        if page := slips_page(request):
            return page
        messages.warning(request, _("The codes are no longer shown. Issue new codes where they are still needed."))
        return redirect("accounts:people")
    if request.POST.get("everybody"):
        unit, words = _unit(viewer, request.POST.get("unit", "")), request.POST.get("q", "")
        chosen = queries.people_without_access(viewer=viewer, unit=unit, words=words)
    else:
        chosen = [pk for sent in request.POST.getlist("selected") if (pk := read_number(sent)) is not None]
    if not chosen:
        messages.warning(request, _("No one was selected."))
        return redirect("accounts:people")
    services.issue_codes(actor=viewer, person_ids=chosen, batch=(batch := services.new_batch()))
    return redirect_to_slips(reverse("accounts:issue_codes"), batch)


@require_POST
@sign_in_required
def remove_second_factor(request: HttpRequest, person_id: int) -> HttpResponse:
    services.remove_second_factor(actor=viewer_of(request), person_id=person_id)
    said = _("Two-step verification is turned off. They sign in with their password and can set it up again.")
    messages.success(request, said)
    return redirect("accounts:people")
