"""Something secret that a page shows after a form was sent, and can show again for a while.

It travels in a sealed cookie for that page's path alone, never in an address; the server keeps nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lianxin.kernel import timezone
from lianxin.kernel.crypto import seal, unseal

SHOWN_FOR = timedelta(minutes=10)
_PURPOSE = "shown-again"


class Shown(NamedTuple):
    """The secret, and until when it is shown."""

    secret: str
    until: datetime


def keep_shown(response: HttpResponse, cookie: str, secret: str, *, path: str) -> HttpResponse:
    """Let this browser show the secret again on one page until `SHOWN_FOR` is over."""
    moment = int(timezone.now().timestamp())
    response.set_cookie(
        cookie,
        urlsafe_b64encode(seal(_PURPOSE, f"{moment}|{secret}", bound_to=cookie)).decode(),
        max_age=SHOWN_FOR,
        path=path,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def shown_in(request: HttpRequest, cookie: str) -> Shown | None:
    """What the browser may still show; None if there is nothing, it is forged or its time is over."""
    try:
        sealed = urlsafe_b64decode(request.COOKIES.get(cookie, ""))
        moment, _bar, secret = unseal(_PURPOSE, sealed, bound_to=cookie).partition("|")
    except (InvalidTag, ValueError):
        return None
    until = datetime.fromtimestamp(int(moment), UTC) + SHOWN_FOR
    return Shown(secret, until) if timezone.now() < until else None


def forget_shown(response: HttpResponse, cookie: str, *, path: str) -> HttpResponse:
    """Have the browser forget it now."""
    response.delete_cookie(cookie, path=path, samesite="Strict")
    return response
