"""The language of a page, and the second factor that some roles owe."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from lianxin.accounts.policies import View, is_unidentified
from lianxin.accounts.services import owes_second_factor

Respond = Callable[[HttpRequest], HttpResponse]


class LanguageMiddleware:
    """The language of the cookie, else the enterprise's. Neither the browser's wishes nor the session are looked at."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecondFactorMiddleware:
    """Leads whoever owes a second factor to setting it up, and nowhere else; and keeps unidentified pages so."""

    _open = frozenset(
        {
            "account_login",
            "account_logout",
            "account_reauthenticate",
            "set_language",
            # The browser asks for these by itself, and they are the same for everybody.
            "ui:manifest",
            "ui:service_worker",
            "ui:offline",
        }
    )

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if is_unidentified(view, request):
            request.user = AnonymousUser()
            return None
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in self._open or name.startswith("mfa_"):
            return None
        if owes_second_factor(request=request, user=request.user):
            return HttpResponseRedirect(reverse("mfa_index"))
        return None
