"""The board as everybody reads it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lianxin.board import queries, services
from lianxin.board.forms import FilterForm
from lianxin.cases.queries import has_desk
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.ledger.queries import checkpoint_of_the_day
from lianxin.org.enums import Role
from lianxin.statistics.export import definition_of
from lianxin.statistics.public import public_statistics
from lianxin.ui.components import Tab
from lianxin.ui.formatting import ratio
from lianxin.ui.navigation import waiting_behind

PER_PAGE = 20
TABS = (
    ("board:board", gettext_lazy("Board")),
    ("board:statistics", gettext_lazy("Service statistics")),
    ("board:drafts", gettext_lazy("Pending")),
)


def page_for(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """The frame of a page and its tabs; what waits to be prepared is for dispatchers."""
    viewer = viewer_of(request)
    dispatches = viewer.holds(Role.DISPATCHER)
    counts = {"board:drafts": waiting_behind(request, "board:board")}
    tabs = [
        Tab(label=label, url=reverse(name), current=name == current, count=counts.get(name))
        for name, label in TABS
        if dispatches or name != "board:drafts"
    ]
    return {"frame": "ui/desk.html" if has_desk(viewer) else "ui/employee.html", "tabs": tabs}


@never_cache
@require_safe
@sign_in_required
def board(request: HttpRequest) -> HttpResponse:
    """What was raised and solved, to be searched."""
    viewer = viewer_of(request)
    form = FilterForm(request.GET)
    chosen = form.chosen()
    page = Paginator(queries.posts_for(viewer=viewer, chosen=chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **page_for(request, "board:board"),
        "form": FilterForm(initial=vars(chosen)).offer(viewer),
        "chosen": chosen,
        "page": page,
        "rows": [(post, queries.hit_in(post, chosen)) for post in page],
        "shown_from": queries.ENDORSED_FROM,
        "checkpoint": checkpoint_of_the_day(),
    }
    return render(request, "board/board.html", context)


@never_cache
@require_safe
@sign_in_required
def post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """One post, and endorsing it."""
    viewer = viewer_of(request)
    found = queries.post_for(viewer=viewer, post_id=post_id)
    context = {
        **page_for(request),
        "post": found,
        "endorsed": queries.has_endorsed(viewer=viewer, post=found),
        "shown_from": queries.ENDORSED_FROM,
    }
    return render(request, "board/post.html", context)


@never_cache
@require_safe
@sign_in_required
def statistics(request: HttpRequest) -> HttpResponse:
    """How well what employees raised is dealt with, for all to see, each figure with its definition."""
    found = public_statistics()
    rows = [
        (value, ratio(value.numerator, value.denominator), definition_of(value.rate))
        for value in (found.rates if found else [])
    ]
    context = {**page_for(request, "board:statistics"), "statistics": found, "rows": rows}
    return render(request, "board/statistics.html", context)


@require_POST
@sign_in_required
def endorse(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Endorse a post, or no longer; the same tap twice counts once."""
    wanted = request.POST.get("wanted") != "no"
    services.endorse(actor=viewer_of(request), post_id=post_id, wanted=wanted)
    said = _("Endorsed. No one can see that it was you.") if wanted else _("Endorsement removed.")
    messages.success(request, said)
    return redirect("board:post", post_id)
