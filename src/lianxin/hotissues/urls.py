"""Addresses of hot issues."""

from django.urls import URLPattern, path

from lianxin.hotissues.views import decisions, hot, picture, rules, warnings

app_name = "hotissues"
urlpatterns: list[URLPattern] = [
    path("hot/", hot.hot, name="hot"),
    path("hot/picture/", picture.picture, name="picture"),
    path("hot/<int:issue_id>/", hot.issue, name="issue"),
    path("hot/<int:issue_id>/follow/", decisions.follow, name="follow"),
    path("hot/<int:issue_id>/rename/", decisions.rename, name="rename"),
    path("hot/<int:issue_id>/merge/", decisions.merge, name="merge"),
    path("hot/<int:issue_id>/confirm/", decisions.confirm, name="confirm"),
    path("hot/<int:issue_id>/cases/", decisions.cases, name="cases"),
    path("warnings/", warnings.warnings, name="warnings"),
    path("warnings/live/", warnings.live, name="warnings_live"),
    path("warnings/rules/", rules.rules, name="rules"),
    path("warnings/rules/<slug:kind>/", rules.rule, name="rule"),
    path("warnings/rules/<slug:kind>/change/", rules.change, name="change_rule"),
    path("warnings/<uuid:warning_id>/", warnings.warning, name="warning"),
    path("warnings/<uuid:warning_id>/acknowledge/", warnings.acknowledge, name="acknowledge_warning"),
    path("warnings/<uuid:warning_id>/act/", warnings.act, name="act_on_warning"),
    path("warnings/<uuid:warning_id>/dismiss/", warnings.dismiss, name="dismiss_warning"),
]
