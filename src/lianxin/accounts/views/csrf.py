"""The page for a form whose check against foreign sites failed: an old form, or a browser without cookies."""

from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from lianxin.accounts.policies import is_unidentified
from lianxin.kernel.typed import posted_fields, typed_texts

_SENT_AGAIN = "sent_again"
_FROM_OUR_PAGE = "CSRF "
"""How Django's reasons begin once it has found that the form came from our own site."""


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what is wrong, give back what was typed, and offer to send it again (`CSRF_FAILURE_VIEW`).

    Sending again is offered only where the browser says that the form came from our own site: otherwise another site
    could have somebody press the button.
    """
    if request.resolver_match is None or is_unidentified(request.resolver_match.func, request):
        request.user = AnonymousUser()
    is_missing = reason == REASON_NO_CSRF_COOKIE
    typed = typed_texts(request)
    is_blocked = is_missing and _SENT_AGAIN in request.POST
    title = _("This form has been open too long")
    if is_missing:
        title = _("Your browser does not accept cookies") if is_blocked else _("Your browser sent no cookie")
    here, sent_from = request.get_full_path(), request.headers.get("Referer", "")
    is_ours = "Origin" in request.headers and reason.startswith(_FROM_OUR_PAGE)
    context = {
        "title": title,
        "is_missing": is_missing,
        "is_blocked": is_blocked,
        "typed": typed,
        "fields": [each for each in posted_fields(request) if each[0] != _SENT_AGAIN] if is_ours else [],
        "again_field": _SENT_AGAIN,
        "has_files": bool(request.FILES),
        "back_url": sent_from if url_has_allowed_host_and_scheme(sent_from, request.get_host()) else here,
    }
    response = render(request, "accounts/csrf_failure.html", context, status=HTTPStatus.FORBIDDEN)
    if "HX-Request" in request.headers:
        response["HX-Retarget"] = "body"
    return response
