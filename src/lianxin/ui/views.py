"""Error pages, what a phone needs to install the site, and the page of all components (there where DEBUG is on)."""

import sys
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from lianxin.ui import showcase

WORDS = {
    HTTPStatus.BAD_REQUEST: (
        _("The form did not arrive completely"),
        _("Please go back and submit again. Your text is still in the form."),
    ),
    HTTPStatus.FORBIDDEN: (
        _("You do not have permission to do this"),
        _("If you need access, ask the person who manages roles in your unit."),
    ),
    HTTPStatus.NOT_FOUND: (
        _("Page not found"),
        _("The address may be wrong, or you may not have access to this page. What you submitted is not affected."),
    ),
    HTTPStatus.CONFLICT: (
        _("Already handled by someone else"),
        _("Nothing you entered was lost. Review what changed, then decide."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        _("The upload is too large"),
        _("Please upload fewer or smaller files. Your text is still in the form."),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        _("Please correct the form"),
        _("Please go back and correct it. Your text is still there."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        _("Too many attempts"),
        _("Please wait a moment. Others in your office are not affected."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        _("Back shortly"),
        _("The system is under maintenance. Your text is still in the form; please try again shortly."),
    ),
}
"""Status → what happened, what to do now."""

RECOVERS_WITHIN = 10  # seconds until a browser or proxy may ask again
A_DAY = 24 * 60 * 60


def _page_before(request: HttpRequest) -> str:
    """Where the reader can see what changed: this page, or the one whose form was sent; empty if that is not ours."""
    if request.method == "GET":
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    return sent_from if url_has_allowed_host_and_scheme(sent_from, request.get_host()) else ""


def error_page(request: HttpRequest, status: int, detail: str = "", *, changes: Sequence[Any] = ()) -> HttpResponse:
    """A page for one of the statuses in `WORDS`. `detail` is a sentence for the user; `changes` is what others did."""
    title, advice = WORDS[HTTPStatus(status)]
    here = _page_before(request) if status == HTTPStatus.CONFLICT else ""
    context = {"status": status, "error_title": title, "advice": advice, "detail": detail, "changes": changes}
    response = render(request, "ui/errors/base.html", {**context, "here": here}, status=status)
    if "HX-Request" in request.headers:
        response["HX-Retarget"] = "body"
    return response


def server_error(_request: HttpRequest) -> HttpResponse:
    """The page of last resort, which needs neither database nor session: 503 while the database is away, else 500."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        page = get_template("503.html").render()
        return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RECOVERS_WITHIN})
    return HttpResponse(get_template("500.html").render(), status=HTTPStatus.INTERNAL_SERVER_ERROR)


@require_safe
@cache_control(private=True, max_age=A_DAY)
def manifest(_request: HttpRequest) -> HttpResponse:
    """How the site calls itself on a phone's home screen (W3C Web Application Manifest), in the reader's language."""
    icons = [
        {"src": static(f"lianxin/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for purpose in ("any", "maskable")
    ]
    content = {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "name": gettext("Lianxin"),
        "short_name": gettext("Lianxin"),
        "description": gettext("Say it, be heard, get it solved, see it done"),
        "lang": get_language(),
        "display": "standalone",
        "background_color": "#f7f5f2",
        "theme_color": "#f7f5f2",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, because it may only watch over what lies below its own address."""
    return render(request, "ui/service-worker.js", content_type="text/javascript")


@require_safe
@cache_control(private=True, max_age=A_DAY)
def offline(_request: HttpRequest) -> HttpResponse:
    """What the service worker shows while there is no network; in both languages, for it is kept once."""
    return HttpResponse(get_template("offline.html").render())


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "ui/showcase/components.html", showcase.context())


@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """Where the forms of these pages lead."""
    messages.success(request, _("Done"), extra_tags=reverse("ui:try_out"))
    return redirect("ui:components")


@require_safe
def layout(request: HttpRequest, name: str) -> HttpResponse:
    """One of the base pages, filled."""
    return render(request, f"ui/showcase/{name}.html", showcase.context())
