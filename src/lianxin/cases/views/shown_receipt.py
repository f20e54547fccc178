"""The receipt of an anonymous case, shown again for ten minutes to the browser that submitted it.

The code travels in a sealed cookie for this one path, never in an address; the server keeps nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import segno
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.accounts.policies import unidentified
from lianxin.cases.forms.employee import ReceiptForm
from lianxin.cases.queries import get_case_for, open_receipt
from lianxin.kernel import clock
from lianxin.kernel.errors import NotFound
from lianxin.kernel.seal import seal, unseal

COOKIE = "lianxin_shown_receipt"
SHOWN_FOR = timedelta(minutes=10)
_PURPOSE = "shown-receipt"
_CLEARED_DRAFT = "case-anonymous"


def keep_receipt(response: HttpResponse, code: str) -> HttpResponse:
    """Let this browser show the receipt again until `SHOWN_FOR` is over."""
    moment = int(clock.now().timestamp())
    response.set_cookie(
        COOKIE,
        urlsafe_b64encode(seal(_PURPOSE, f"{moment}|{code}", bound_to=COOKIE)).decode(),
        max_age=SHOWN_FOR,
        path=reverse("cases:shown_receipt"),
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _kept_receipt(request: HttpRequest) -> dict[str, Any] | None:
    """The code in the browser's cookie, its case and until when it is shown; None without one or after that time."""
    try:
        sealed = urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        moment, code = unseal(_PURPOSE, sealed, bound_to=COOKIE).split("|")
        holder = open_receipt(code)
        case = get_case_for(holder, holder.case_id)
    except (InvalidTag, ValueError, NotFound):
        return None
    until = datetime.fromtimestamp(int(moment), UTC) + SHOWN_FOR
    return {"receipt": code, "case": case, "until": until} if clock.now() < until else None


@unidentified
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shown_receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt; POST makes this browser forget it. The QR code holds the code itself and no address."""
    if request.method == "POST":
        response = redirect("cases:receipt")
        response.delete_cookie(COOKIE, path=reverse("cases:shown_receipt"), samesite="Strict")
        return response
    kept = _kept_receipt(request)
    if kept is None:
        gone = {"form": ReceiptForm(), "gone": True}
        return render(request, "cases/employee/receipt.html", gone, status=HTTPStatus.GONE)
    picture = segno.make(kept["receipt"], error="m").svg_data_uri(scale=6, border=2, light="#fff")
    context = {**kept, "picture": picture, "draft": _CLEARED_DRAFT}
    return render(request, "cases/employee/receipt_shown.html", context)
