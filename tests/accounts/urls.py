"""The site's own addresses and two small pages that stand for those of other contexts."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from lianxin.accounts.policies import unidentified, unidentified_when
from lianxin.config.urls import urlpatterns as site
from lianxin.kernel.access import sign_in_required, viewer_of


@sign_in_required
def own_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(viewer_of(request).name)


@unidentified
def unidentified_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"signed in: {request.user.is_authenticated}")


@unidentified_when(lambda request: "anonymous" in request.POST)
def either_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"signed in: {request.user.is_authenticated}")


urlpatterns = [
    path("own-page/", own_page),
    path("unidentified-page/", unidentified_page),
    path("either-page/", either_page),
    *site,
]
