"""Rewrite the rows of tables once in random order, so that neither their places nor their transactions tell in which
order they came.
"""

from collections.abc import Collection
from typing import Any

from psycopg import sql

_REFERRING = """
WITH RECURSIVE wanted AS (
    SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname = ANY(%s)
    UNION
    SELECT conrelid FROM pg_constraint JOIN wanted ON confrelid = wanted.oid WHERE contype = 'f'
)
SELECT relname, array_agg(attname ORDER BY attnum)
FROM wanted JOIN pg_class USING (oid) JOIN pg_attribute ON attrelid = oid
WHERE attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY relname ORDER BY relname
"""


def shuffle_rows(connection: Any, tables: Collection[str]) -> list[str]:
    """Write these tables and those that refer to them anew, in one transaction; return their names.

    As their owner, within a transaction. Row by row into emptied tables: `CLUSTER`, `VACUUM FULL` and `FREEZE` keep the
    number of the transaction that wrote a row, and an `ALTER TABLE` that rewrites keeps the order.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REFERRING, [list(tables)])
        found = dict(cursor.fetchall())
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        names = {table: sql.Identifier(table) for table in found}
        aside = {table: sql.Identifier(f"shuffled_{table}"[:63]) for table in found}
        for table, name in names.items():
            cursor.execute(
                sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT * FROM {}").format(aside[table], name)
            )
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(names.values())))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, columns in found.items():
            cursor.execute(
                sql.SQL(
                    "INSERT INTO {} ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM {} ORDER BY random()"
                ).format(
                    names[table], aside[table], columns=sql.SQL(", ").join(sql.Identifier(column) for column in columns)
                )
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names.values():
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))
    return sorted(found)
