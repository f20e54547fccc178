"""Addresses of hot issues."""

from django.urls import URLPattern, path

from lianxin.hotissues.views import decisions, hot, picture

app_name = "hotissues"
urlpatterns: list[URLPattern] = [
    path("hot/", hot.hot, name="hot"),
    path("hot/picture/", picture.picture, name="picture"),
    path("hot/<int:issue_id>/", hot.issue, name="issue"),
    path("hot/<int:issue_id>/follow/", decisions.follow, name="follow"),
    path("hot/<int:issue_id>/rename/", decisions.Rename.as_view(), name="rename"),
    path("hot/<int:issue_id>/merge/", decisions.Merge.as_view(), name="merge"),
    path("hot/<int:issue_id>/confirm/", decisions.Confirm.as_view(), name="confirm"),
    path("hot/<int:issue_id>/cases/", decisions.cases, name="cases"),
]
