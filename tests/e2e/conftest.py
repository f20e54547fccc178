"""A real browser against the real site: `open_as(person)` gives a page on which they are signed in."""

import shutil
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from tests.factories.accounts import UserFactory
from tests.factories.cases import found_enterprise

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and item.path.name != "test_firefox.py":
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine and no right to install it"))


@pytest.fixture
def house(transactional_db):
    return found_enterprise()


@pytest.fixture
def open_as(chromium, live_server) -> Callable[..., Page]:
    """Open the site as a person (None: signed out), on a phone or a desk, with or without script."""
    contexts = []

    def open_page(person=None, path="/", *, size=PHONE, script=True, language="zh-hans") -> Page:
        context = chromium.new_context(
            viewport=size, base_url=live_server.url, java_script_enabled=script, locale="zh-CN", reduced_motion="reduce"
        )
        contexts.append(context)
        cookies = [{"name": "lianxin_language", "value": language, "url": live_server.url}]
        if person is not None:
            cookies.append({"name": "lianxin_session", "value": session_of(person), "url": live_server.url})
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def session_of(person) -> str:
    """The cookie with which somebody is signed in."""
    client = Client()
    client.force_login(getattr(person, "user", None) or UserFactory(person=person))
    return client.cookies["lianxin_session"].value


@pytest.fixture
def no_barriers() -> Callable[[Page], None]:
    """Assert that axe finds no violation on a page."""

    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found] == []

    return check
