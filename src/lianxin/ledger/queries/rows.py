"""Events exactly as the database shows them, for their entries in the tree."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from lianxin.ledger.entries import COLUMNS, Row, parsed


def read_rows(cursor: Any, query: str, arguments: Sequence[Any]) -> list[Row]:
    """The rows of a query whose `{columns}` are those of events. Not by the model, which reads fractions as floats."""
    cursor.execute(query.format(columns=", ".join(COLUMNS)), arguments)
    return [Row._make([key, bytes(salt), *more, parsed(data)]) for key, salt, *more, data in cursor.fetchall()]


def row_of(event_id: UUID) -> Row | None:
    """One event."""
    with connection.cursor() as cursor:
        return next(iter(read_rows(cursor, "SELECT {columns} FROM ledger_event WHERE id = %s", [event_id])), None)
