"""What programs ask that look after the system. Known to nobody, cheap, and silent about what is inside."""

import hmac
from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from lianxin.accounts.policies import unidentified
from lianxin.operations.queries import exposition, is_ready

_PLAIN = "text/plain; charset=utf-8"


@unidentified
@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked."""
    return HttpResponse("ok\n", content_type=_PLAIN)


@unidentified
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Requests can be answered: the database is there, up to date and whole."""
    try:
        ready = is_ready()
    except DatabaseError:
        ready = False
    if ready:
        return HttpResponse("ok\n", content_type=_PLAIN)
    return HttpResponse("not ready\n", content_type=_PLAIN, status=HTTPStatus.SERVICE_UNAVAILABLE)


@unidentified
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures for whoever shows the token; without one in the settings there is no such page."""
    token = settings.LIANXIN_METRICS_TOKEN
    if not token:
        raise Http404
    shown = request.headers.get("Authorization", "")
    if not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
