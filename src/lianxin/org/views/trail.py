"""The audit trail, for the audit administrator alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lianxin.kernel.access import viewer_of
from lianxin.kernel.paging import CappedPaginator
from lianxin.kernel.tables import Column
from lianxin.org import queries
from lianxin.org.forms import TrailFilter
from lianxin.org.views.shared import PER_PAGE, permission_required


@require_safe
@permission_required("read_audit_trail")
def trail(request: HttpRequest) -> HttpResponse:
    """Who changed what and when; filters stand in the address."""
    viewer = viewer_of(request)
    form = TrailFilter(request.GET, viewer=viewer)
    form.is_valid()
    asked = form.cleaned_data
    events = queries.trail_for(
        viewer=viewer,
        subject_type=asked.get("kind", ""),
        person=asked.get("person"),
        since=asked.get("since"),
        until=asked.get("until"),
    )
    page = CappedPaginator(events, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": queries.describe(page.object_list),
        "columns": [
            Column(label=_("When")),
            Column(label=_("Who")),
            Column(label=_("Action")),
            Column(label=_("Details")),
        ],
    }
    return render(request, "org/trail.html", context)
