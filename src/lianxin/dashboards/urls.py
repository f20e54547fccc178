from django.urls import path

from lianxin.dashboards.views import figures, home

app_name = "dashboards"
urlpatterns = [
    path("", home.home, name="home"),
    path("figures/", figures.figures, name="figures"),
    path("figures/cases/", figures.cases, name="figure_cases"),
    path("figures/export/", figures.export, name="figures_export"),
]
