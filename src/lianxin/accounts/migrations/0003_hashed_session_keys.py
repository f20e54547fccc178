"""In the place of session keys stands what `kernel.sessions.stored_key` makes of them; everybody stays signed in."""

from django.db import migrations

from lianxin.kernel.crypto import keyed_hash

_TABLES = ("django_session", "accounts_signin")


def _hash(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"SELECT session_key FROM {table}")
            old = [key for (key,) in cursor.fetchall()]
            new = [keyed_hash("session key", key).hex()[:40] for key in old]
            cursor.execute(
                f"UPDATE {table} SET session_key = changed.new"
                " FROM unnest(%s::text[], %s::text[]) changed (old, new) WHERE session_key = changed.old",
                [old, new],
            )


def _end_all(apps, schema_editor):
    """Nobody can work the keys out again."""
    with schema_editor.connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_authenticator_days"), ("sessions", "0001_initial")]

    operations = [migrations.RunPython(_hash, _end_all)]
