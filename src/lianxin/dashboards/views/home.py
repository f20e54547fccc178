from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.accounts.queries import setup_is_open, viewer
from lianxin.cases.queries import has_desk
from lianxin.dashboards.queries import home as queries
from lianxin.dashboards.queries.overview import overview
from lianxin.statistics.access import sees_figures


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's first page: each role has its own."""
    if not request.user.is_authenticated:
        return redirect("accounts:set_up") if setup_is_open() else render(request, "dashboards/welcome.html")
    person = viewer(request)
    if queries.is_administrator(person):
        return render(request, "dashboards/administration.html", {"page": queries.administration_home(viewer=person)})
    if has_desk(person):
        return render(request, "dashboards/desk.html", {"page": queries.desk_home(viewer=person)})
    if sees_figures(person):
        return render(request, "dashboards/overview.html", {"page": overview(viewer=person)})
    return render(request, "dashboards/employee.html", {"page": queries.employee_home(viewer=person)})
