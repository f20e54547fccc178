"""The other baseline: the same bare view in the site that Lianxin is, for whoever is signed in: behind the same
middleware, session and token against forged requests.
"""

import os

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from bench.baseline import insert
from lianxin.config.settings import *  # noqa: F403 - the same site

ROOT_URLCONF = __name__


def insert_signed_in(request: HttpRequest) -> HttpResponse:
    """One row, for whoever is signed in."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return insert(request)


def _patterns() -> list[URLPattern | URLResolver]:
    from lianxin.config.urls import urlpatterns as ours  # noqa: PLC0415 - needs the settings, which are above

    return [path("insert/", insert_signed_in), *ours]


if os.environ.get("DJANGO_SETTINGS_MODULE") == __name__:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    urlpatterns = _patterns()
