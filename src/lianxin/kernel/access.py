"""Who makes a request, and pages for those who are signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from lianxin.kernel.typed import typed_texts

View = Callable[..., HttpResponseBase]


def viewer_of(request: HttpRequest) -> Any:
    """The person who is signed in (`org.models.Person`).

    Raises:
        PermissionDenied: nobody is; guard the view with `sign_in_required`.
    """
    person = getattr(request.user, "person", None)
    if person is None:
        raise PermissionDenied
    return person


def sign_in_required(view: View) -> View:
    """A page for those who are signed in.

    Others are led to sign in and then back. What was posted after a session ended is answered with 401 and a page
    that keeps the browser's draft, so that nothing typed is lost.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else ask_to_sign_in(request)

    return checked


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and back; what was posted is kept on the way. A part of a page leads the whole there."""
    if request.method not in {"GET", "HEAD"}:
        return signed_out_page(request)
    if request.headers.get("HX-Request") == "true":
        page = urlsplit(request.headers.get("HX-Current-URL", ""))._replace(scheme="", netloc="").geturl()
        return HttpResponse(status=401, headers={"HX-Redirect": sign_in_url(page or request.get_full_path())})
    return HttpResponseRedirect(sign_in_url(request.get_full_path()))


def sign_in_url(back_to: str) -> str:
    """The sign-in page that leads back."""
    return f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: back_to})}"


def signed_out_page(request: HttpRequest) -> HttpResponse:
    """Tells that the session has ended and that the draft is kept (401)."""
    context = {"sign_in_url": sign_in_url(request.get_full_path()), "typed": typed_texts(request)}
    return render(request, "accounts/signed_out.html", context, status=401)
