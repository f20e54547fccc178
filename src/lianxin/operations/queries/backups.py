"""What is known of backups."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

LAST_BACKUP = "last-backup.json"
"""Where, in the data directory, the last backup is noted."""
MARK = "lianxin_restore"
"""A schema that exists from the first to the last moment of a restore: with it, the system is not to be used."""


def last_backup() -> datetime | None:
    """When the last backup of this data directory was finished; None when none is known."""
    try:
        told = json.loads((Path(settings.DATA_DIR) / LAST_BACKUP).read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_half_restored() -> bool:
    """Whether a restore is at work on the database, or was killed before its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [MARK])
        return bool(cursor.fetchone()[0])
