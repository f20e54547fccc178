"""The one line that a page says after an action ("已派单"), carried to the next page in a short-lived signed cookie.

Neither a session nor a query is needed, so it serves people who are not signed in too; nothing is kept on the server.
"""

from typing import Literal, TypedDict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

COOKIE = "lianxin_notice"
_SALT = "lianxin.ui.notices"
_SECONDS = 120


class Notice(TypedDict):
    text: str
    tone: Literal["success", "info", "warning", "danger"]
    undo_url: str


def leave(
    response: HttpResponse,
    text: str | Promise,
    *,
    tone: Literal["success", "info", "warning", "danger"] = "success",
    undo_url: str = "",
) -> HttpResponse:
    """Have the next page say `text`, with an undo button that posts to `undo_url`. Never put a case's content in it."""
    value = signing.dumps(Notice(text=str(text), tone=tone, undo_url=undo_url), salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def take(request: HttpRequest) -> Notice | None:
    """The notice left for this page, if any; the middleware then clears it."""
    if COOKIE not in request.COOKIES:
        return None
    request.lianxin_notice_taken = True  # type: ignore[attr-defined]
    try:
        found: Notice = signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    return found
