from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from lianxin.kernel.errors import NotFound, PermissionDenied, RateLimited, ValidationFailed, VersionConflict
from lianxin.ui import urls as ui_urls

REFUSALS = {
    "not-found": NotFound("案卷 LX-1"),
    "not-allowed": PermissionDenied("只有受理员可以派单。"),
    "stale": VersionConflict("李敏刚刚受理了本件。", ["李敏 受理"]),
    "invalid": ValidationFailed({"text": "请写明原因。"}),
    "too-many": RateLimited("请 15 分钟后再试。", 900),
    "too-large": RequestDataTooBig("..."),
}
received: list[str] = []
current = ["1"]


def refuse(_request: HttpRequest, why: str) -> HttpResponse:
    raise REFUSALS[why]


def page(request: HttpRequest) -> HttpResponse:
    source = (
        "{% extends 'ui/employee.html' %}{% block head %}{{ head|safe }}{% endblock %}"
        '{% block content %}<h1>页</h1><div data-live="/version/" data-live-version="1"></div>{% endblock %}'
    )
    cleared = '<meta name="draft-clear" content="showcase-employee">' if "accepted" in request.GET else ""
    return HttpResponse(engines["django"].from_string(source).render({"head": cleared}, request))


def act(request: HttpRequest) -> HttpResponse:
    received.append(request.POST.get("text", ""))
    messages.success(request, "已派单", extra_tags="/act/")
    return redirect("/page/?accepted")


def version(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(current[0], content_type="text/plain")


urlpatterns = [
    path("-/components/try/", act),
    path("", include(([*ui_urls.installing, *ui_urls.showcase], "ui"))),
    path("i18n/", include("django.conf.urls.i18n")),
    path("refuse/<str:why>/", refuse),
    path("version/", version),
    path("page/", page, name="page"),
    path("act/", act, name="act"),
]
