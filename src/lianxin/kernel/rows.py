"""Rows for the few places where every millisecond counts: the ORM puts the same SQL together anew each time.

Reading: handwritten SQL names `columns(Model, alias)` and hands each row to `instances`. Writing: `insert`.
"""

from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Field, JSONField, Model


@cache
def columns(model: type[Model], alias: str) -> str:
    """The columns of a model for a SELECT, in the order that `instances` expects."""
    return ", ".join(f'{alias}."{field.column}"' for field in _fields(model))


def instances(row: Sequence[Any], *models: type[Model]) -> list[Any]:
    """The objects in a row that holds the columns of these models; None for one that an outer join did not find."""
    found: list[Any] = []
    start = 0
    for model in models:
        names = _attributes(model)
        values = row[start : start + len(names)]
        start += len(names)
        found.append(None if values[0] is None else model.from_db(DEFAULT_DB_ALIAS, names, values))
    return found


def insert(*rows: Model) -> None:
    """Insert new rows, in this order and in one journey to the database; a key that the database makes is filled in.

    For plain tables: no signals are sent, no parents are written, `save()` is not called.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    prepared = [_insert_into(type(row)) for row in rows]
    given: list[Any] = []
    for row, one in zip(rows, prepared, strict=True):
        values = list(one.values_of(row))
        for place, field in one.json:
            values[place] = field.get_db_prep_save(values[place], connection)
        given += values
    with connection.cursor() as cursor:
        cursor.execute(";".join(one.text for one in prepared), given)
        for row, one in zip(rows, prepared, strict=True):
            if one.makes_key:
                (row.pk,) = cursor.fetchone()
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as `save()` leaves it
            cursor.nextset()


class _Insert(NamedTuple):
    text: str
    values_of: Callable[[Model], tuple[Any, ...]]
    json: list[tuple[int, JSONField]]
    """Columns whose values are wrapped for the database, by position; it takes all others as Python has them."""
    makes_key: bool


@cache
def _insert_into(model: type[Model]) -> _Insert:
    connection = connections[DEFAULT_DB_ALIAS]
    made = isinstance(model._meta.pk, AutoField)  # noqa: SLF001
    fields = [field for field in _fields(model) if not (made and field.primary_key)]
    # What needs a cast (arrays) says so; for all else the type follows from the column.
    marks = [
        field.get_placeholder(None, None, connection) if hasattr(field, "get_placeholder") else "%s" for field in fields
    ]
    names = ", ".join(f'"{field.column}"' for field in fields)
    text = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({", ".join(marks)})'  # noqa: S608, SLF001 - our own tables
    return _Insert(
        text=f'{text} RETURNING "{model._meta.pk.column}"' if made else text,  # noqa: SLF001
        values_of=attrgetter(*(field.attname for field in fields)),
        json=[(place, field) for place, field in enumerate(fields) if isinstance(field, JSONField)],
        makes_key=made,
    )


@cache
def _attributes(model: type[Model]) -> list[str]:
    return [field.attname for field in _fields(model)]


def _fields(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    return tuple(model._meta.concrete_fields)  # noqa: SLF001 - documented, for others than Django too
