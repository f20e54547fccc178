from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import DataError
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError

from lianxin.kernel.errors import NotFound, PermissionDenied, RateLimited, ValidationFailed, VersionConflict
from lianxin.ui.views import error_page

STATUSES = {
    NotFound: HTTPStatus.NOT_FOUND,
    PermissionDenied: HTTPStatus.FORBIDDEN,
    VersionConflict: HTTPStatus.CONFLICT,
    ValidationFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    RateLimited: HTTPStatus.TOO_MANY_REQUESTS,
    RequestDataTooBig: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    DataError: HTTPStatus.BAD_REQUEST,  # a number or a date beyond what the database holds
}


class ReadableInputMiddleware:
    """Nothing reaches a view that neither the database nor a page can hold.

    PostgreSQL takes no NUL in a text: in what somebody wrote it is left out, so that nothing else of it is lost; in an
    address, where nobody types one, it is refused. All that is sent is UTF-8, as our pages are, whatever it says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "charset" in (request.content_params or {}):
            request.encoding = "utf-8"
        for cookies in (request.COOKIES, request.META):
            for name in [name for name, value in cookies.items() if isinstance(value, str) and "\0" in value]:
                del cookies[name]
        if "\0" in request.path or _has_nul(request.GET):
            raise BadRequest
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if request.method != "POST":
            return None
        try:
            posted = request.POST
        except (RequestDataTooBig, TooManyFilesSent, TooManyFieldsSent):
            request.user = AnonymousUser()  # some pages must not know who asks, and this comes before they say so
            return error_page(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except UnreadablePostError:
            raise
        except (ValueError, LookupError) as error:  # such as a part in an encoding that there is not
            raise BadRequest from error
        if _has_nul(posted):
            readable = posted.copy()
            for name, values in posted.lists():
                del readable[name]
                readable.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
            request.POST = readable  # type: ignore[assignment] # a request may be given another
        return None


def _has_nul(sent: QueryDict) -> bool:
    return any("\0" in name or any("\0" in value for value in values) for name, values in sent.lists())


class ContentPolicyMiddleware:
    """What a page may load: nothing but our own (`CONTENT_SECURITY_POLICY`), unless the view said it itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response


class PrivatePagesMiddleware:
    """No cache keeps the page of somebody who is signed in, nor does their browser: Back after signing out shows
    nothing of it. (The answer to a form that has mistakes stays: Back would have the browser offer to send it again.)
    Whether there is a session is seen from its cookie alone: some pages must not look into it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and request.method in {"GET", "HEAD"} and settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ErrorPagesMiddleware:
    """Turns foreseeable refusals that a view lets through into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = next((status for kind, status in STATUSES.items() if isinstance(exception, kind)), None)
        if status is None:
            return None
        # What was not found, or is too large, is not repeated to the reader: hidden and missing must look the same.
        silent = isinstance(exception, NotFound | RequestDataTooBig | DataError)
        changes = exception.changes if isinstance(exception, VersionConflict) else ()
        response = error_page(request, status, "" if silent else str(exception), changes=changes)
        if isinstance(exception, RateLimited):
            response["Retry-After"] = str(exception.retry_after)
        return response
