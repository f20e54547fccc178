"""The hot list and the page of an issue."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.cases.queries import in_rows
from lianxin.hotissues import queries
from lianxin.hotissues.enums import Lens
from lianxin.hotissues.events import badges_of, issue_panels, tabs_for
from lianxin.hotissues.forms import HotForm
from lianxin.hotissues.models import Membership
from lianxin.hotissues.policies import may_decide, sees_hot_issues
from lianxin.hotissues.queries import Scope
from lianxin.hotissues.views.places import address
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied
from lianxin.kernel.tables import Column
from lianxin.org.queries import Person, Unit, units_right_below
from lianxin.ui.components import Tab

PER_PAGE = 20
COLUMNS = (
    Column(label=gettext_lazy("Case")),
    Column(label=gettext_lazy("Place")),
    Column(label=gettext_lazy("Status")),
    Column(label=gettext_lazy("Submitted on")),
)


def asked(request: HttpRequest) -> tuple[Person, HotForm, Scope, list[Unit]]:
    """Who asks for what, and which units above it they may see.

    Raises:
        PermissionDenied: they have no role that comes with hot issues.
        NotFound: the unit is outside their reach.
    """
    viewer = viewer_of(request)
    if not sees_hot_issues(viewer):
        raise PermissionDenied(_("Hot issues are available to unit leaders and staff who handle cases."))
    form = HotForm(request.GET)
    unit, above = queries.hot_unit_for(viewer=viewer, code=form.word("unit"))
    scope = Scope(unit, form.period, form.word("lens"), form.word("category"), viewer)
    return viewer, form, scope, list(above)


def frame(request: HttpRequest, form: HotForm, scope: Scope, above: list[Unit], name: str) -> dict[str, Any]:
    """What stands on top of the list and of the picture."""
    shown = {"days": form.word("days"), "category": form.word("category")}
    if not form.word("days") and not form.word("since"):
        shown["days"] = str(queries.DAYS)
    shown |= {"since": str(scope.period.since), "until": str(scope.period.until)}
    return {
        "scope": scope,
        "form": HotForm(shown),
        "hidden": {key: value for key in ("unit", "lens") if (value := request.GET.get(key, ""))},
        "narrowed": bool(form.word("category") or (form.word("since") and not form.word("days"))),
        "below": [(unit.name, address(request, name, unit=unit.code)) for unit in units_right_below(scope.unit)],
        "above": [(unit.name, address(request, name, unit=unit.code)) for unit in above],
        "places": tabs_for(request, viewer_of(request), name),
    }


@never_cache
@require_safe
@sign_in_required
def hot(request: HttpRequest) -> HttpResponse:
    """What people talk about, the hottest first."""
    viewer, form, scope, above = asked(request)
    shown = request.GET.get("show", "")
    followed = queries.followed_by(viewer=viewer)
    found = queries.hot_list(scope, unsure=shown == "unsure")
    if shown == "followed":
        found = [each for each in found if each.issue.pk in followed]
    lenses = [("", _("All")), *Lens.choices]
    tabs = [
        Tab(
            label=str(label),
            url=address(request, "hot", lens=lens),
            current=not shown and scope.lens == lens,
            count=None,
        )
        for lens, label in lenses
    ]
    tabs += [
        Tab(label=label, url=address(request, "hot", show=name, lens=""), current=shown == name, count=None)
        for name, label in (("followed", _("Following")), ("unsure", _("Needs review")))
    ]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    badges = badges_of(viewer=viewer, issues=[each.issue.pk for each in page])
    waves = queries.episodes_of(Membership.objects.filter(scope.here(), issue__in=[each.issue.pk for each in page]))
    rows = [
        (
            each,
            address(request, "issue", each.issue.pk, lens="", category=""),
            badges[each.issue.pk],
            waves[each.issue.pk],
        )
        for each in page
    ]
    context = {
        **frame(request, form, scope, above, "hot"),
        "tabs": tabs,
        "page": page,
        "rows": rows,
        "shown": shown,
    }
    return render(request, "hotissues/hot.html", context | lens_words())


def lens_words() -> dict[str, Any]:
    """How the lenses are chosen, for the definitions."""
    by_code = {code: str(lens.label) for code, lens in queries.LENS_OF_CATEGORY.items()}
    return {
        "lens_kinds": [(kind.label, lens.label) for kind, lens in queries.LENS_OF_KIND.items()],
        "lens_categories": queries.named_categories(by_code),
        "parts": queries.Counted(0, 0, 0, 0, 0, 0, 0).parts,
    }


@never_cache
@require_safe
@sign_in_required
def issue(request: HttpRequest, issue_id: int) -> HttpResponse:
    """One issue: how hot and why, since when, where, what is being done, and its cases."""
    viewer, _form, scope, _above = asked(request)
    found = queries.issue_for(viewer=viewer, issue_id=issue_id)
    if found.pk != issue_id:
        return redirect(address(request, "issue", found.pk))
    page = Paginator(queries.cases_of(viewer=viewer, issue=found), PER_PAGE).get_page(request.GET.get("page"))
    decides = may_decide(viewer)
    suggested = queries.suggested_for(viewer=viewer, issue=found).values_list("pk", flat=True)
    context = {
        "scope": scope,
        "page": queries.issue_page(viewer=viewer, issue=found, scope=scope),
        "cases": page,
        "rows": in_rows([case.pk for case in page]),
        "suggested": in_rows(suggested[:PER_PAGE]) if decides else [],
        "columns": COLUMNS,
        "decides": decides,
        "panels": [panel for panel in issue_panels(viewer, found) if panel],
        "back_url": address(request, "hot"),
    }
    return render(request, "hotissues/issue.html", context)
