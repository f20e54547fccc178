from django.conf import settings
from django.urls import path, re_path

from lianxin.ui import views

app_name = "ui"

showcase = [
    path("-/components/", views.components, name="components"),
    path("-/components/try/", views.try_out, name="try_out"),
    re_path(r"^-/components/(?P<name>employee|conversation|desk|panes|slips|plain)/$", views.layout, name="layout"),
]

urlpatterns = showcase if settings.DEBUG else []
