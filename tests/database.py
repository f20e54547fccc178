"""A real PostgreSQL for the tests, started once for all workers, and connected to as the application itself is.

Loaded as a plugin (`-p tests.database`), so that the settings find it.
"""

import atexit
import gc
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from psycopg import sql

gc.disable()  # a third of the time that loading the program and all tests takes; see the end
os.environ.setdefault("LIANXIN_PLAIN_STATIC", "1")
os.environ.setdefault("LIANXIN_SPOOL_SECONDS", "0")  # tests of the spool write and deliver when they choose
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser tests keep an event loop

NOTHING_TO_LOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""This database is thrown away; what must survive a power cut is tested on servers of its own (tests/processes)."""

if "LIANXIN_TEST_DATA" not in os.environ:
    from lianxin.kernel.postgres import embedded_server

    folder = Path(tempfile.mkdtemp(prefix="lianxin-test-"))
    os.environ["LIANXIN_TEST_DATA"] = os.environ["LIANXIN_DATA_DIR"] = str(folder)
    for name in ("DATABASE_URL_FILE", "DATABASE_OWNER_URL_FILE", "LIANXIN_DEMO"):
        os.environ.pop(name, None)
    stack = ExitStack()
    server = stack.enter_context(embedded_server(folder, NOTHING_TO_LOSE))
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = server.dsn("app"), server.dsn("owner")
    os.environ["LIANXIN_DB_ROLE"] = "owner"  # who makes the test database; see tests/conftest.py
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(stack.close)


def drop_database(connection, name):
    """Drop a database that the connection's role owns, after ending that role's sessions in it.

    Not `WITH (FORCE)`: the database's own vacuum may be at work there, which no owner may end; a plain drop stops it.
    """
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user", [name]
    )
    connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """What is loaded stays for good: from here on only what comes later is looked through for rubbish."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
