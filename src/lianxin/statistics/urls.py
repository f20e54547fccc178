from django.urls import path

from lianxin.statistics import views

app_name = "statistics"
urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/cases/", views.cases, name="figure_cases"),
    path("figures/export/", views.export, name="figures_export"),
]
