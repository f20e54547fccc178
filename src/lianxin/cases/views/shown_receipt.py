"""The receipt of an anonymous case, shown again for ten minutes to the browser that submitted it."""

from http import HTTPStatus
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lianxin.accounts.policies import unidentified
from lianxin.cases.forms.employee import ReceiptForm
from lianxin.cases.queries import get_case_for, receiving_of
from lianxin.cases.queries.emergency import help_for_requester
from lianxin.cases.services import spooled
from lianxin.cases.services.intake import open_receipt, spooled_case
from lianxin.cases.services.subject_recognition import recognise
from lianxin.kernel.errors import NotFound
from lianxin.ui.shown_again import forget_shown, keep_shown, shown_in

COOKIE = "lianxin_shown_receipt"
_CLEARED_DRAFT = "case-anonymous"


def redirect_to_receipt(code: str) -> HttpResponse:
    """Lead on to the page that shows the receipt."""
    address = reverse("cases:shown_receipt")
    return keep_shown(redirect(address), COOKIE, code, path=address)


def _kept_receipt(request: HttpRequest) -> dict[str, Any] | None:
    """The code in the browser's cookie, its case and until when it is shown."""
    shown = shown_in(request, COOKIE)
    if shown is None:
        return None
    kept = {"receipt": shown.secret, "until": shown.until}
    try:
        holder = open_receipt(shown.secret)
        if waits := spooled.find_case(holder.case_id):
            return {
                **kept,
                "case": spooled_case(waits),
                "waits_until": waits.due,
                "at_once": spooled.goes_at_once(waits),
            }
        return {**kept, "case": get_case_for(holder, holder.case_id)}
    except NotFound:
        return None


@unidentified
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shown_receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt; POST makes this browser forget it. The QR code holds the code itself and no address."""
    if request.method == "POST":
        return forget_shown(redirect("cases:receipt"), COOKIE, path=reverse("cases:shown_receipt"))
    kept = _kept_receipt(request)
    if kept is None:
        gone = {"form": ReceiptForm(), "gone": True}
        return render(request, "cases/employee/receipt.html", gone, status=HTTPStatus.GONE)
    picture = segno.make(kept["receipt"], error="m").svg_data_uri(scale=6, border=2, light="#fff")
    context = {**kept, "picture": picture, "draft": _CLEARED_DRAFT, "help": help_for_requester(kept["case"])}
    context["receiving"] = receiving_of(kept["case"])
    if kept["case"].about_text:
        context["said"] = recognise(kept["case"].about_text)
    return render(request, "cases/employee/receipt_shown.html", context)
