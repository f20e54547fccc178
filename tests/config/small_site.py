"""A Django project of one page, so that the supervisor is tested without waiting for the whole of Lianxin to start."""

import os
from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from lianxin.config.database import databases

DATABASES = databases(dict(os.environ), Path(os.environ["LIANXIN_DATA_DIR"]))
SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
DEMO = False
ROOT_URLCONF = __name__
INSTALLED_APPS = ["pgtrigger", "procrastinate.contrib.django", "lianxin.kernel"]
LIANXIN_APP_ROLE = "lianxin_app"
LIANXIN_SPOOL_SECONDS = 0
USE_TZ = True


def note(request: HttpRequest, number: int) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO note VALUES (%s)", [number])
    return HttpResponse(str(os.getpid()))


urlpatterns = [path("note/<int:number>", note)]
