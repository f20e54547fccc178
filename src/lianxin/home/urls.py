from django.urls import path

from lianxin.home.views import home

app_name = "dashboards"
urlpatterns = [path("", home.home, name="home")]
