"""The record's tables of the database at hand, as rows of text."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from lianxin.ledger.dumps import TABLES, Table, rows_in


@contextmanager
def tables_of_database() -> Iterator[Iterator[Table]]:
    """The tables as of one moment."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield _tables(cursor)


def _tables(cursor: Any) -> Iterator[Table]:
    for name in TABLES:
        cursor.execute(f"SELECT * FROM ledger_{name} LIMIT 0")  # noqa: S608 - one of our own
        columns = [column.name for column in cursor.description]
        with cursor.copy(f"COPY ledger_{name} TO STDOUT") as copied:
            rows = rows_in(_lines(copied), columns)
            yield Table(name, rows)
            deque(rows, maxlen=0)  # what nobody wanted to read


def _lines(blocks: Any) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + bytes(block)).split(b"\n")
        for line in lines:
            yield line + b"\n"
