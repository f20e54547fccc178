import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from lianxin.accounts.policies import may_be_unidentified
from lianxin.kernel.logs import unidentified_request
from lianxin.operations.services.request_metrics import count_request

log = logging.getLogger(__name__)


class CountingMiddleware:
    """Counts requests by the name of their page, and logs each at INFO; neither knows whose it was.

    Pages that sometimes do not know who asks (/say/, /receipt/, and the probes) are never counted, not even when they
    fail: somebody who collects figures every few seconds could otherwise tell the moment at which one was used, if only
    from what is missing, and lay it beside what the network knows. What they log is told at the next full hour
    (`kernel.logs`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        unidentified_request(is_one=_asks_for_an_unidentified_page(request))
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        if match is None:  # a static file, or no address at all
            return response
        seconds, method, status = time.perf_counter() - began, request.method or "", response.status_code
        if not may_be_unidentified(match.func):
            count_request(route=match.view_name, method=method, status=status, seconds=seconds)
            told = {"route": match.view_name, "method": method, "status": status, "ms": round(seconds * 1000)}
            log.info("request", extra=told)
        return response


def _asks_for_an_unidentified_page(request: HttpRequest) -> bool:
    """By its address alone: what is refused early (too large, a wrong host) must not be told at its moment either."""
    if request.path_info.startswith(settings.STATIC_URL):
        return False
    try:
        return may_be_unidentified(resolve(request.path_info).func)
    except Resolver404:
        return False
