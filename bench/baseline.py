"""The baseline: a bare Django view that inserts one row, in a project of its own with no middleware at all."""

import os
from pathlib import Path

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path

from lianxin.config.database import databases

DATABASES = databases(dict(os.environ), Path(os.environ["LIANXIN_DATA_DIR"]))
SECRET_KEY = "only for the benchmark"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = __name__
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True


def insert(request: HttpRequest) -> HttpResponse:
    """One row, nothing else."""
    row = _model().objects.create(text=request.POST["body"])
    return HttpResponse(str(row.pk))


def _model() -> type[models.Model]:
    global _Row  # noqa: PLW0603 - a model can only be declared once Django is set up
    if _Row is None:

        class BenchRow(models.Model):
            text = models.TextField()

            class Meta:
                app_label = "bench"
                db_table = "bench_row"

        _Row = BenchRow
    return _Row


_Row: type[models.Model] | None = None
urlpatterns = [path("insert/", insert)]

if os.environ.get("DJANGO_SETTINGS_MODULE") == __name__:
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
