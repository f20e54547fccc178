"""What the application's own role may do in the database, and what it may not."""

import os

import pytest
from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from lianxin.kernel.db_roles import append_only_tables

pytestmark = pytest.mark.django_db


def asked(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {row[0] for row in cursor.fetchall()}


def tables_with(privilege):
    return asked(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "AND has_table_privilege(oid, %s)",
        privilege,
    )


def test_the_tests_work_as_the_application_itself():
    assert asked("SELECT current_user") == {conninfo_to_dict(os.environ["DATABASE_URL"])["user"]}
    assert asked("SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user") == {
        False
    }


def test_it_owns_nothing_and_may_make_nothing():
    assert asked("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user") == set()
    assert asked("SELECT has_schema_privilege('public', 'CREATE')") == {False}


def test_it_reads_and_adds_everywhere_but_changes_nothing_that_is_written_once():
    everything = tables_with("SELECT")
    assert tables_with("INSERT") == everything >= {"cases_case", "ledger_event"}
    once = set(append_only_tables())
    assert everything - tables_with("UPDATE") == once
    assert everything - tables_with("DELETE") == once
    assert tables_with("TRUNCATE") == tables_with("TRIGGER") == set()


def test_every_append_only_table_has_its_guard():
    guarded = asked(
        "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE tgname ~ '^pgtrigger_append_only' AND tgenabled = 'O' "
        "GROUP BY relname HAVING count(*) = 2"
    )
    assert guarded == set(append_only_tables())


def test_a_session_cannot_switch_the_guards_off():
    """django-pgtrigger's own triggers look at `pgtrigger.ignore`, which any role may set."""
    assert asked("SELECT proname FROM pg_proc WHERE prosrc LIKE %s", "%pgtrigger.ignore%") == set()


def test_models_and_migrations_agree_on_tables_and_triggers():
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
