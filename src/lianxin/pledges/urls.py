"""Addresses of pledges."""

from django.urls import URLPattern, path

from lianxin.pledges import views

app_name = "pledges"
urlpatterns: list[URLPattern] = [
    path("pledges/", views.PledgeList.as_view(), name="list"),
    path("pledges/new/", views.DraftPledge.as_view(), name="draft"),
    path("pledges/cycles/", views.CycleList.as_view(), name="cycles"),
    path("pledges/cycles/new/", views.OpenCycle.as_view(), name="open_cycle"),
    path("pledges/<uuid:pk>/", views.PledgeDetail.as_view(), name="pledge"),
    path("pledges/<uuid:pk>/<slug:action>/", views.PledgeAction.as_view(), name="act"),
]
