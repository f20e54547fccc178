from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from lianxin.accounts.policies import sign_in_required
from lianxin.accounts.queries import viewer
from lianxin.notifications import queries, services


@require_GET
@sign_in_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What concerns me, newest first."""
    number = request.GET.get("page", "1")
    page, lines = queries.inbox_page(viewer=viewer(request), number=int(number) if number.isdecimal() else 1)
    unread = queries.unread_count(viewer=viewer(request))
    return render(request, "notifications/inbox.html", {"page": page, "lines": lines, "unread": unread})


@require_POST
@sign_in_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """I have looked at everything."""
    services.mark_read(actor=viewer(request))
    return redirect("notifications:inbox")
