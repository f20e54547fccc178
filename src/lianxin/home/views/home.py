from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.accounts.queries import setup_is_open
from lianxin.alerts.policies import sees_alerts
from lianxin.cases.queries import has_desk
from lianxin.home.queries import home as queries
from lianxin.home.queries.overview import overview
from lianxin.kernel.access import viewer_of
from lianxin.statistics.access import sees_figures
from lianxin.ui.navigation import waiting_behind


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """Everybody's first page: each role has its own."""
    if not request.user.is_authenticated:
        return redirect("accounts:set_up") if setup_is_open() else render(request, "home/welcome.html")
    person = viewer_of(request)
    if queries.is_administrator(person):
        return render(request, "home/administration.html", {"page": queries.administration_home(viewer=person)})
    if has_desk(person):
        alerts = waiting_behind(request, "hotissues:hot") if sees_alerts(person) else 0
        return render(request, "home/desk.html", {"page": queries.desk_home(viewer=person), "alerts": alerts})
    if sees_figures(person):
        return render(request, "home/overview.html", {"page": overview(viewer=person)})
    return render(request, "home/employee.html", {"page": queries.employee_home(viewer=person)})
