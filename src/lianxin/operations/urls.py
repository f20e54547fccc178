from django.urls import path

from lianxin.operations.views import probes, setup

app_name = "operations"
urlpatterns = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", probes.metrics, name="metrics"),
    path("checklist/", setup.checklist, name="checklist"),
    path("checklist/test-case/", setup.test_case, name="test_case"),
]
