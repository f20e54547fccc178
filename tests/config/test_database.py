"""Which database a process gets, and as whom, from its environment."""

import os
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.utils import load_backend

from lianxin.config.database import databases, for_the_worker, joined, migration_lock
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.postgres import PostgresUnavailable

ADDRESS = "postgresql://liang:p%40ss%2Fword@db.example:6432/service?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"


def test_an_address_becomes_djangos_settings(tmp_path):
    default = databases({"DATABASE_URL": ADDRESS}, tmp_path)["default"]
    assert default["ENGINE"] == "django.db.backends.postgresql"
    assert [default[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "service",
        "liang",
        "p@ss/word",
        "db.example",
        "6432",
    ]
    assert default["OPTIONS"]["sslmode"] == "verify-full"
    assert default["OPTIONS"]["sslrootcert"] == "/etc/ca.pem"
    assert default["OPTIONS"]["connect_timeout"] == 5
    assert default["CONN_MAX_AGE"] == 0
    assert "pool" not in default["OPTIONS"]


def test_the_address_may_set_its_own_patience_and_name_several_servers(tmp_path):
    url = "postgresql://u:p@one,two:5433/service?connect_timeout=2&target_session_attrs=read-write"
    default = databases({"DATABASE_URL": url}, tmp_path)["default"]
    assert default["HOST"] == "one,two"
    assert default["OPTIONS"]["connect_timeout"] == "2"
    assert default["OPTIONS"]["target_session_attrs"] == "read-write"


def test_a_secret_address_stands_in_a_file(tmp_path):
    (tmp_path / "address").write_text(f"{ADDRESS}\n")
    default = databases({"DATABASE_URL_FILE": str(tmp_path / "address")}, tmp_path)["default"]
    assert default["PASSWORD"] == "p@ss/word"


def test_a_missing_secret_file_is_named(tmp_path):
    with pytest.raises(Refusal, match="nowhere"):
        databases({"DATABASE_URL_FILE": str(tmp_path / "nowhere")}, tmp_path)


@pytest.mark.parametrize(("role", "user"), [("owner", "wang"), ("app", "liang"), ("anything else", "liang")])
def test_only_who_migrates_works_as_the_owner(tmp_path, role, user):
    env = {"DATABASE_URL": ADDRESS, "DATABASE_OWNER_URL": "postgresql://wang:x@db.example/service"}
    assert databases({**env, "LIANXIN_DB_ROLE": role}, tmp_path)["default"]["USER"] == user


def test_without_an_owner_of_its_own_the_one_address_serves_both(tmp_path):
    assert databases({"DATABASE_URL": ADDRESS, "LIANXIN_DB_ROLE": "owner"}, tmp_path)["default"]["USER"] == "liang"


def test_a_web_process_keeps_as_many_connections_as_it_is_given(tmp_path):
    default = databases({"DATABASE_URL": ADDRESS, "LIANXIN_DB_POOL": "16"}, tmp_path)["default"]
    assert default["OPTIONS"]["pool"] == {
        "min_size": 2,
        "max_size": 16,
        "timeout": 5,
        "reconnect_timeout": 2,
    }


@pytest.mark.parametrize(
    "address", ["mysql://u:geheim@h/d", "postgresql://u:geheim@h:port/d", "geheim", "postgresql://u:geheim@h/d?odd=1"]
)
def test_a_wrong_address_is_refused_without_showing_its_password(tmp_path, address):
    with pytest.raises(PostgresUnavailable) as refusal:
        databases({"DATABASE_URL": address}, tmp_path)
    assert "geheim" not in str(refusal.value)


def test_the_settings_alone_start_nothing_and_make_nothing(tmp_path):
    assert databases({}, tmp_path / "data")["default"]["NAME"] == "lianxin"
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_not_there_is_told_at_once(tmp_path):
    begun = time.monotonic()
    url = "postgresql://u:geheim@127.0.0.1:9/service"
    with (
        pytest.raises(PostgresUnavailable, match=r"127\.0\.0\.1:9/service") as refusal,
        joined({"DATABASE_URL": url}, tmp_path),
    ):
        pass
    assert time.monotonic() - begun < 5
    assert "geheim" not in str(refusal.value)


@pytest.mark.processes
def test_the_embedded_database_is_found_through_the_environment_while_joined(tmp_path, django_db_blocker):
    env: dict[str, str] = {}
    with django_db_blocker.unblock(), joined(env, tmp_path / "data") as server:
        assert server.is_running()
        for role in ("app", "owner"):
            settings = databases({**env, "LIANXIN_DB_ROLE": role}, tmp_path)["default"]
            assert settings["USER"] == f"lianxin_{role}"
            assert select_user(settings) == f"lianxin_{role}"
        by_itself = databases({}, tmp_path / "data")["default"]
        assert select_user(by_itself) == "lianxin_app"
        assert select_user(databases({**env, "LIANXIN_DB_POOL": "4"}, tmp_path)["default"]) == "lianxin_app"
    assert env == {}


def test_who_migrates_keeps_others_waiting():
    """Two starts at once: the second begins to migrate when the first has ended."""
    order = []

    def second():
        with migration_lock(os.environ):
            order.append("second")

    with migration_lock(os.environ):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_an_external_database_names_the_role_that_migrations_grant_to(tmp_path):
    env = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    with joined(env, tmp_path) as server:
        assert server is None
    assert env["LIANXIN_APP_ROLE"] == psycopg.conninfo.conninfo_to_dict(env["DATABASE_URL"])["user"]


@pytest.mark.django_db
def test_behind_a_pooler_nothing_is_left_in_a_session(tmp_path):
    """A pooler in transaction mode takes it away between two transactions."""
    settings = databases({"DATABASE_URL": os.environ["DATABASE_URL"], "LIANXIN_DB_POOLER": "transaction"}, tmp_path)
    assert settings["default"]["DISABLE_SERVER_SIDE_CURSORS"] is True
    with connected(settings["default"]) as connection:
        for _ in range(8):
            with connection.wrap_database_errors, ServerBindingCursor(connection.connection) as cursor:
                cursor.execute("SELECT %s::int", [1])
        with ServerBindingCursor(connection.connection) as cursor:
            cursor.executemany("SELECT %s::text", [["a"], ["b"]])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors),"
                " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),"
                " (SELECT count(*) FROM pg_listening_channels())"
            )
            assert cursor.fetchone() == (0, 0, 0, 0)


def test_the_worker_goes_past_the_pooler(tmp_path):
    env = {"DATABASE_URL": ADDRESS, "LIANXIN_DB_POOLER": "transaction"}
    assert for_the_worker(env) == {}
    (tmp_path / "jobs").write_text("postgresql://liang:x@db.example:5432/service")
    worker = {**env, **for_the_worker({**env, "DATABASE_JOBS_URL_FILE": str(tmp_path / "jobs")})}
    default = databases(worker, tmp_path)["default"]
    assert (default["PORT"], default["DISABLE_SERVER_SIDE_CURSORS"]) == ("5432", False)


def test_another_word_for_a_pooler_is_refused(tmp_path):
    with pytest.raises(Refusal, match="statement"):
        databases({"DATABASE_URL": ADDRESS, "LIANXIN_DB_POOLER": "statement"}, tmp_path)


@contextmanager
def connected(settings):
    defaults = {"TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {}}
    connection = load_backend(settings["ENGINE"]).DatabaseWrapper({**defaults, **settings}, "trial")
    connection.ensure_connection()
    try:
        yield connection
    finally:
        connection.close()


def select_user(settings):
    defaults = {"TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {}}
    connection = load_backend(settings["ENGINE"]).DatabaseWrapper({**defaults, **settings}, "trial")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            return cursor.fetchone()[0]
    finally:
        connection.close()
        if "pool" in settings["OPTIONS"]:
            connection.close_pool()
