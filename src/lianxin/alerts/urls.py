"""Addresses of alerts and their rules."""

from django.urls import URLPattern, path

from lianxin.alerts.views import alerts, rules

app_name = "alerts"
urlpatterns: list[URLPattern] = [
    path("warnings/", alerts.alerts, name="alerts"),
    path("warnings/live/", alerts.live, name="live"),
    path("warnings/rules/", rules.rules, name="rules"),
    path("warnings/rules/<slug:kind>/", rules.rule, name="rule"),
    path("warnings/rules/<slug:kind>/change/", rules.change, name="change_rule"),
    path("warnings/<uuid:alert_id>/", alerts.alert, name="alert"),
    path("warnings/<uuid:alert_id>/acknowledge/", alerts.acknowledge, name="acknowledge"),
    path("warnings/<uuid:alert_id>/act/", alerts.act, name="act"),
    path("warnings/<uuid:alert_id>/dismiss/", alerts.dismiss, name="dismiss"),
]
