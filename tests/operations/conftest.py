import os
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.database import drop_database


def bar(_total):
    """Nobody looks."""
    return lambda _done: None


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


@pytest.fixture
def elsewhere(transactional_db, settings, tmp_path):
    """From the call on, Django works as the owner of another database, which is new, with a data directory of its own;
    afterwards all is as before.
    """
    before = dict(connection.settings_dict)
    owner = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])
    made = []

    def move():
        name = f"test_restore_{uuid4().hex[:12]}"
        with psycopg.connect(**owner, autocommit=True) as database:
            database.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        made.append(name)
        connection.close()
        connection.settings_dict.update(NAME=name, USER=owner["user"], PASSWORD=owner["password"])
        settings.DATA_DIR = tmp_path / name
        settings.DATA_DIR.mkdir()
        settings.MEDIA_ROOT = settings.DATA_DIR / "uploads"
        return settings.DATA_DIR

    yield move
    connection.close()
    connection.settings_dict.update(before)
    with psycopg.connect(**owner, autocommit=True) as database:
        for name in made:
            drop_database(database, name)


def migrate():
    call_command("migrate", verbosity=0, interactive=False)


def everything():
    """All rows of all tables, as one fingerprint each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            rows = "md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), ''))"
            cursor.execute(f"SELECT count(*), {rows} FROM {table} t")  # noqa: S608
            found[table] = cursor.fetchone()
    return found
