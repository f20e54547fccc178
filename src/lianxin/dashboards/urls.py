from django.urls import path

from lianxin.dashboards.views import home

app_name = "dashboards"
urlpatterns = [path("", home.home, name="home")]
