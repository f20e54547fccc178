"""What a phone asks for to keep the site on its home screen; and the page of all components, where DEBUG is on."""

from django.conf import settings
from django.urls import path, re_path

from lianxin.ui import views

app_name = "ui"

installing = [
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("offline/", views.offline, name="offline"),
]

showcase = [
    path("-/components/", views.components, name="components"),
    path("-/components/try/", views.try_out, name="try_out"),
    re_path(r"^-/components/(?P<name>employee|conversation|desk|panes|slips|plain)/$", views.layout, name="layout"),
]

urlpatterns = [*installing, *(showcase if settings.DEBUG else [])]
