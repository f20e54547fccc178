"""What the application's own database role may do, set after every migration.

The application connects as a role that owns nothing. It may read and write all tables, but of an append-only table it
may only read and add rows; a trigger on the table (`kernel.triggers.APPEND_ONLY`) refuses the rest for every
other role as well.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import sql

from lianxin.kernel.models import AppendOnly


def append_only_tables() -> list[str]:
    """The tables whose rows are written once."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly))


def grant_to_application_role(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Grant what the application needs, and take back what nobody needs."""
    role = settings.LIANXIN_APP_ROLE
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            return
        existing = set(connection.introspection.table_names(cursor))
        name = sql.Identifier(role)
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
        ):
            cursor.execute(sql.SQL(statement).format(role=name))
        for table in existing.intersection(append_only_tables()):
            cursor.execute(
                sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE, TRIGGER ON {table} FROM {role}").format(
                    table=sql.Identifier(table), role=name
                )
            )
