"""The board in a feed reader, which cannot sign in: the address itself holds a secret."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.accounts.policies import sign_in_required, unidentified
from lianxin.accounts.queries import viewer as viewer_of
from lianxin.board import queries, services
from lianxin.board.queries import Post, midnight
from lianxin.board.views.board import page_for
from lianxin.kernel import clock, throttle
from lianxin.kernel.addresses import client_address
from lianxin.kernel.errors import NotFound
from lianxin.kernel.public_url import absolute
from lianxin.org.queries import root_unit
from lianxin.ui import notices

_SCOPE = "board-feed"
WRONG_TOGETHER = 100
WINDOW = timedelta(minutes=15)
"""So many wrong addresses from one network, and all are refused until the next quarter of an hour."""


class _Atom(Atom1Feed):
    """An Atom feed whose times are days."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=midnight(clock.today()))


@unidentified
@require_safe
@sensitive_variables("key")
def feed(request: HttpRequest) -> HttpResponse:
    """The newest posts as Atom (RFC 4287). A wrong key, and one too many, look the same."""
    address = client_address(request)
    key = request.GET.get("key", "")
    too_many = throttle.count(_SCOPE, address, per=WINDOW, by=0) >= WRONG_TOGETHER
    try:
        reader = queries.reader_of_feed(key)
    except NotFound:
        throttle.count(_SCOPE, address, per=WINDOW)
        raise
    if too_many:
        raise NotFound(_("This feed address is not known, or no longer."))
    content = _written(request, queries.feed_posts(viewer=reader))
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _full(request: HttpRequest, path: str) -> str:
    """The public address of a path; where it is not known, the one by which the reader came."""
    return absolute(path) or request.build_absolute_uri(path)


def _written(request: HttpRequest, posts: list[Post]) -> str:
    board = _full(request, reverse("board:board"))
    root = root_unit()
    atom = _Atom(
        title=_("Board"),
        link=board,
        description=_("What employees raised, and what was answered"),
        language=settings.LANGUAGE_CODE,
        author_name=root.name if root else _("Board"),
        feed_guid=uuid5(NAMESPACE_URL, board).urn,
    )
    answered = _("Answer")
    for post in posts:
        atom.add_item(
            title=post.title,
            link=_full(request, reverse("board:post", args=[post.pk])),
            unique_id=post.pk.urn,
            description=linebreaks(escape(f"{post.question}\n\n—— {answered} ——\n\n{post.answer}")),
            pubdate=post.day,
            updateddate=max(post.day, midnight(post.changed_on or clock.today())),
            categories=[post.category.name] if post.category else [],
        )
    return atom.writeString("utf-8")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@sensitive_variables("key")
def feed_address(request: HttpRequest) -> HttpResponse:
    """Makes a feed address and shows it this once, or revokes it."""
    viewer = viewer_of(request)
    address = ""
    if request.method == "POST":
        if request.POST.get("do") == "revoke":
            services.revoke_feed_address(actor=viewer)
            return notices.leave(redirect("board:feed_address"), _("The address works no longer."))
        key = services.make_feed_address(actor=viewer)
        address = f"{_full(request, reverse('board:feed'))}?key={key}"
    context = {**page_for(viewer), "address": address, "has_address": queries.has_feed_address(viewer=viewer)}
    return render(request, "board/feed_address.html", context)
