"""What is known of backups."""

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import psycopg
from django.conf import settings
from django.db import connection

from lianxin.kernel.files.storage import stored_keys

LAST_BACKUP = "last-backup.json"
"""Where, in the data directory, the last backup is noted."""
MARK = "lianxin_restore"
"""A schema that exists from the first to the last moment of a restore: with it, the system is not to be used."""


class MissingFile(NamedTuple):
    """A file that belongs to a case and is gone from the store."""

    key: str
    """Where it ought to lie, below uploads/."""
    number: str
    """Its case's."""


def files_known(database: psycopg.Connection) -> dict[str, str]:
    """The storage keys of all files of which the database knows, each with the number of its case."""
    there = database.execute("SELECT to_regclass('public.cases_attachment') IS NOT NULL").fetchone()
    if there != (True,):
        return {}
    told = "SELECT file.key, c.number FROM cases_attachment file JOIN cases_case c ON c.id = file.case_id"
    return {str(key): str(number) for key, number in database.execute(told)}


def missing_files() -> list[MissingFile]:
    """The files of which the database knows and that are gone from the store."""
    connection.ensure_connection()
    known = files_known(connection.connection)
    for key in stored_keys():
        known.pop(key, None)
    return [MissingFile(key, number) for key, number in sorted(known.items(), key=lambda item: item[::-1])]


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
