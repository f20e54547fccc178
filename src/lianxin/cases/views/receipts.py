"""Following an anonymous case with its receipt. Nothing here learns who is signed in; the server keeps nothing."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts.policies import View, unidentified
from lianxin.cases.forms.employee import ReceiptForm
from lianxin.cases.queries import get_case_for
from lianxin.cases.queries.emergency import help_for_requester
from lianxin.cases.services import spooled
from lianxin.cases.services.intake import open_receipt, spooled_case
from lianxin.cases.views.files import send
from lianxin.cases.views.requester import Entrance, perform, show, take_proof
from lianxin.cases.workflow import ReceiptHolder
from lianxin.kernel import spool, timezone
from lianxin.kernel.client_ip import client_address
from lianxin.kernel.crowds import Slower
from lianxin.kernel.errors import NotFound

COOKIE = "lianxin_receipt"
OPEN_FOR = timedelta(minutes=30)
_SALT = "lianxin.cases.receipt"
LATE = timedelta(minutes=10)
"""So long after its time something that still waits is said to be late."""
WRONG = Slower(free=30, window=timedelta(minutes=15))
"""Wrong codes: more than an office's typing errors, and they take longer. A right one opens its case whatever others
typed: nobody guesses 100 bits.
"""


@unidentified
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Asks for the receipt's code, and opens its case."""
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _remember(redirect("cases:receipt_case"), open_receipt(form.cleaned_data["code"]))
        except NotFound:
            WRONG.failed(client_address(request))
        form.add_error("code", _("No case matches this code. Please check each character."))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "cases/employee/receipt.html", {"form": form}, status=status)


def _remember(response: HttpResponseBase, holder: ReceiptHolder) -> Any:
    """Let this browser back in for a while: a signed cookie for the receipt's pages alone."""
    response.set_cookie(
        COOKIE,
        signing.dumps(str(holder.case_id), salt=_SALT),
        max_age=OPEN_FOR,
        path=reverse("cases:receipt"),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _holder_of(request: HttpRequest) -> ReceiptHolder | None:
    try:
        case_id = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        return None
    return ReceiptHolder(UUID(case_id))


def _with_receipt(view: Callable[..., HttpResponseBase]) -> View:
    """A page for whoever showed a receipt just now; others are asked for it, and get back what they had typed."""

    @unidentified
    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> Any:
        holder = _holder_of(request)
        if holder is not None and (waits := spooled.find_case(holder.case_id)):
            return _remember(_waiting_page(request, waits), holder)
        if holder is not None and _exists(holder):
            return _remember(view(request, holder, **kwargs), holder)
        if holder is not None and (waits := spooled.find_case(holder.case_id, fresh=True)):
            return _remember(_waiting_page(request, waits), holder)
        if request.method != "POST":
            return redirect("cases:receipt")
        kept = request.POST.get("text") or request.POST.get("comment") or ""
        context = {"form": ReceiptForm(), "expired": True, "kept": kept}
        return render(request, "cases/employee/receipt.html", context, status=HTTPStatus.UNAUTHORIZED)

    return checked


def _exists(holder: ReceiptHolder) -> bool:
    try:
        get_case_for(holder, holder.case_id)
    except NotFound:
        return False
    return True


def _waiting_page(request: HttpRequest, waits: spool.Message) -> HttpResponse:
    """What is there of a case that is not passed on yet: nothing can be done with it before."""
    case = spooled_case(waits)
    context = {
        "case": case,
        "due": waits.due,
        "at_once": spooled.goes_at_once(waits),
        "is_late": waits.due < timezone.now() - LATE,
        "help": help_for_requester(case),
        "files": waits.content["files"],
        "kept": request.POST.get("text") or request.POST.get("comment") or "",
    }
    return render(request, "cases/employee/receipt_waiting.html", context)


@require_safe
@_with_receipt
def case(request: HttpRequest, holder: ReceiptHolder) -> HttpResponse:
    """The case, as `requester` shows it."""
    return show(request, Entrance(holder, holder.case_id))


@require_http_methods(["GET", "HEAD", "POST"])
@_with_receipt
def act(request: HttpRequest, holder: ReceiptHolder, action: str) -> HttpResponse:
    """One of `requester.ACTIONS`."""
    return perform(request, Entrance(holder, holder.case_id), action)


@require_safe
@_with_receipt
def proof(request: HttpRequest, holder: ReceiptHolder) -> HttpResponse:
    """The proof that the case is in the record."""
    return take_proof(request, Entrance(holder, holder.case_id))


@require_safe
@_with_receipt
def file(request: HttpRequest, holder: ReceiptHolder, attachment_id: UUID) -> HttpResponseBase:  # noqa: ARG001
    """A file of the case."""
    return send(holder, attachment_id)


@unidentified
@require_POST
def leave(_request: HttpRequest) -> HttpResponse:
    """Forgets the receipt in this browser."""
    response = redirect("cases:receipt")
    response.delete_cookie(COOKIE, path=reverse("cases:receipt"), samesite="Lax")
    return response
