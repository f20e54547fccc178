"""Locks of PostgreSQL that last until the transaction ends."""

import hashlib

from django.db import connection, models


def hold(name: str) -> None:
    """Wait until nobody else holds the lock of this name, then hold it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(name)])


def try_to_hold(name: str) -> bool:
    """As `hold`, but without waiting: whether it is held now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(name)])
        return bool(cursor.fetchone()[0])


def lock_tables(*tables: type[models.Model]) -> None:
    """Let nobody else change these tables; everybody reads on."""
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
