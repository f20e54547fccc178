"""What all tests share: the application's own database role, a fresh memory, fixed people."""

import os
import shutil

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation
from playwright.sync_api import sync_playwright
from psycopg.conninfo import conninfo_to_dict

from lianxin.kernel import crowds
from lianxin.kernel.spool import writer
from tests.spool import WritesAtOnce


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """What takes long comes first, so that at the end no worker waits long for another."""
    items.sort(key=lambda item: not any(item.iter_markers("processes")) and not any(item.iter_markers("slow")))


SEEDED = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "cases_category",
    "cases_clockrule",
    "kernel_businesshours",
}
"""Tables that the migrations fill; a test that commits leaves them alone."""
RULES = "hotissues_warningrule"
"""As these, but it may name people: its rows are put back without them."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """From here on tests work as the application's role, which may not change the record."""
    as_owner = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    as_application = conninfo_to_dict(os.environ["DATABASE_URL"])
    connection.settings_dict.update(USER=as_application["user"], PASSWORD=as_application["password"])
    connection.close()
    TransactionTestCase._fixture_teardown = _empty_tables
    yield
    connection.close()
    connection.settings_dict.update(as_owner)


def _empty_tables(self):
    """Empty all tables as their owner, who alone can switch the record's guard off for a moment.

    Row by row: to truncate makes new files for each table and each index, however few the rows are.
    """
    import psycopg  # noqa: PLC0415

    as_owner = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"]) | {"dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**as_owner) as owner:
        rows = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        # The other way round, as the queue's own tables refer to those before them; all others may wait for the end.
        tables = sorted({name for (name,) in rows} - SEEDED - {RULES}, reverse=True)
        held = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables)  # noqa: S608
        filled = [name for (name,) in owner.execute(held)]
        owner.execute(f"UPDATE {RULES} SET owner_id = NULL")  # noqa: S608
        for table in filled:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"DELETE FROM {table}")  # noqa: S608
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in filled:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        owner.execute(
            "SELECT setval(pg_get_serial_sequence(table_name, column_name), 1, false) FROM information_schema.columns"
            " WHERE is_identity = 'YES' AND table_name = ANY(%s)",
            [filled],
        )


@pytest.fixture(scope="module")
def lasting(django_db_setup, django_db_blocker):
    """A transaction below those of a module's tests: what its fixtures make in it is made once and seen by all.

    Not in a module with tests that commit.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _fresh_memory():
    """Nothing kept from the test before: no answers, no limits, no language of its last request."""
    cache.clear()
    crowds.forget_everybody()
    translation.deactivate()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_and_aside(settings, tmp_path):
    """Uploads lie in the test's own folder; passwords are hashed quickly, as Argon2 is slow on purpose."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.LIANXIN_PUBLIC_URL = "https://say.example.com"  # not the host that the test client sends
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def spooling(monkeypatch):
    """Anonymous acts wait in the spool, as in a web process; its writer."""
    found = WritesAtOnce()
    monkeypatch.setattr(writer, "_writer", found)
    return found


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def chromium():
    """The one browser of a test process: Playwright cannot be started twice in one."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine and no right to install it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()
