"""The board in a feed reader, which cannot sign in: the address itself holds a secret."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape, linebreaks
from django.utils.http import quote_etag
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.accounts.policies import unidentified
from lianxin.board import queries, services
from lianxin.board.queries import Post, midnight
from lianxin.board.views.board import page_for
from lianxin.kernel import timezone
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.client_ip import client_address
from lianxin.kernel.crowds import Slower
from lianxin.kernel.errors import NotFound
from lianxin.kernel.public_url import absolute
from lianxin.org.queries import root_unit
from lianxin.ui.shown_again import forget_shown, keep_shown, shown_in

_SHOWN = "lianxin_feed_address"
WRONG = Slower(free=30, window=timedelta(minutes=15))
"""Wrong addresses; beyond so many they take longer. A right one is never refused because of others."""


SUMMARY = 140
"""Characters of what was asked that stand in a reader's list; the whole stands in the entry."""


class _Atom(Atom1Feed):
    """An Atom feed whose times are days, with the whole of each entry beside its summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=midnight(timezone.today()))


@unidentified
@require_safe
@sensitive_variables("key")
def feed(request: HttpRequest) -> HttpResponse:
    """The newest posts as Atom (RFC 4287), in the language of `lang` or of the reader; not sent again unchanged."""
    try:
        reader = queries.reader_of_feed(request.GET.get("key", ""))
    except NotFound:
        WRONG.failed(client_address(request))
        raise
    asked = request.GET.get("lang", "")
    spoken = asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)
    with translation.override(spoken):
        content = _written(request, queries.feed_posts(viewer=reader))
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "private, max-age=3600"
    etag = quote_etag(sha256(content.encode()).hexdigest())
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Language"])
    return cast("HttpResponse", get_conditional_response(request, etag=etag, response=response))


def _full(request: HttpRequest, path: str) -> str:
    """The public address of a path; where it is not known, the one by which the reader came."""
    return absolute(path) or request.build_absolute_uri(path)


def _written(request: HttpRequest, posts: list[Post]) -> str:
    board = _full(request, reverse("board:board"))
    root = root_unit()
    atom = _Atom(
        title=_("Board"),
        link=board,
        description="",
        subtitle=_("What employees asked for, and the replies"),
        language=translation.get_language(),
        feed_url=_full(request, reverse("board:feed")),  # without the secret, which must not travel with the text
        author_name=root.name if root else _("Board"),
        feed_guid=uuid5(NAMESPACE_URL, board).urn,
    )
    answered = _("Reply")
    for post in posts:
        atom.add_item(
            title=post.title,
            link=_full(request, reverse("board:post", args=[post.pk])),
            unique_id=post.pk.urn,
            description=escape(Truncator(post.question).chars(SUMMARY)),
            content=linebreaks(escape(f"{post.question}\n\n—— {answered} ——\n\n{post.answer}")),
            pubdate=post.day,
            updateddate=max(post.day, midnight(post.changed_on or timezone.today())),
            categories=[post.category.name] if post.category else [],
        )
    return atom.writeString("utf-8")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
@sensitive_variables("key")
def feed_address(request: HttpRequest) -> HttpResponse:
    """Makes a feed address and shows it for ten minutes in this browser, or revokes it."""
    viewer, here = viewer_of(request), reverse("board:feed_address")
    if request.method == "POST":
        if request.POST.get("do") == "revoke":
            services.revoke_feed_address(actor=viewer)
            messages.success(request, _("This link no longer works."))
            done = redirect(here)
            return forget_shown(done, _SHOWN, path=here)
        return keep_shown(redirect(here), _SHOWN, f"{viewer.pk}|{services.make_feed_address(actor=viewer)}", path=here)
    shown = shown_in(request, _SHOWN)
    owner, _bar, key = shown.secret.partition("|") if shown else ("", "", "")
    # Another person may have signed in on the same device meanwhile.
    query = urlencode({"key": key, "lang": translation.get_language()})
    address = f"{_full(request, reverse('board:feed'))}?{query}" if owner == str(viewer.pk) else ""
    context = {**page_for(request), "address": address, "has_address": queries.has_feed_address(viewer=viewer)}
    return render(request, "board/feed_address.html", context)
