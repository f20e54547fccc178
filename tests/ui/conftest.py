"""The look is tried on a site of its own, without accounts or database: only what `lianxin.ui` brings."""

import threading
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import Client

from lianxin.ui import navigation


class SilentHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def site(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.ui.urls"
    settings.MIDDLEWARE = [
        "lianxin.ui.middleware.ContentPolicyMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "lianxin.ui.middleware.ErrorPagesMiddleware",
    ]
    [engine] = deepcopy(settings.TEMPLATES)
    engine["OPTIONS"]["context_processors"] = [
        "django.template.context_processors.request",
        "django.template.context_processors.i18n",
        "django.contrib.messages.context_processors.messages",
    ]
    settings.TEMPLATES = [engine]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    monkeypatch.setattr(navigation, "_entries", {})
    return settings


@pytest.fixture
def client(site) -> Client:
    return Client(headers={"accept-language": "zh-hans"})


@pytest.fixture
def address(site) -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), SilentHandler)
    server.daemon_threads = True
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
