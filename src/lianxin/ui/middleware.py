from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from lianxin.kernel.errors import Invalid, NotAllowed, NotFound, Stale, TooMany
from lianxin.ui import notices
from lianxin.ui.views import error_page

STATUSES = {
    NotFound: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    Stale: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    RequestDataTooBig: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


class ContentPolicyMiddleware:
    """What a page may load: nothing but our own (`CONTENT_SECURITY_POLICY`), unless the view said it itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response


class ErrorPagesMiddleware:
    """Turns foreseeable refusals that a view lets through into pages, and clears the notice that a page has shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "lianxin_notice_taken", False) and notices.COOKIE not in response.cookies:
            response.delete_cookie(notices.COOKIE, samesite="Lax")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = next((status for kind, status in STATUSES.items() if isinstance(exception, kind)), None)
        if status is None:
            return None
        # What was not found, or is too large, is not repeated to the reader: hidden and missing must look the same.
        silent = isinstance(exception, NotFound | RequestDataTooBig)
        changes = exception.changes if isinstance(exception, Stale) else ()
        response = error_page(request, status, "" if silent else str(exception), changes=changes)
        if isinstance(exception, TooMany):
            response["Retry-After"] = str(exception.retry_after)
        return response
