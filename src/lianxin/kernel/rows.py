"""Rows for the few places where every millisecond counts: the ORM puts the same SQL together anew each time.

Reading: handwritten SQL names `columns(Model, alias)` and hands each row to `instances`. Writing: `insert`, `update`.
Either goes by a `prepared` cursor, so that the database does not parse and plan the same words each time. What is
better said as conditions is put together by the ORM once, kept as a `Statement`, and `run` each time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import AutoField, Count, Field, JSONField, Model, QuerySet, TextChoices, Value

from lianxin.kernel import clock
from lianxin.kernel.cursors import PreparedCursor

M = TypeVar("M", bound=Model)
NOW = datetime.max.replace(tzinfo=UTC)
"""Stands in a kept statement for the moment at which it is run."""


def prepared() -> CursorWrapper:
    """A cursor that sends values beside the words, so that a statement is planned once a connection (from its fifth
    use: `prepare_threshold` in `config.database`).

    For SQL that is the same each time; the type of every value must follow from its place, or be cast.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        return connection._prepare_cursor(PreparedCursor(connection.connection))  # type: ignore[attr-defined] # noqa: SLF001 - as `cursor()`


class Partly(NamedTuple):
    """A model that is read without some of its fields, as `defer` does."""

    model: type[Model]
    without: frozenset[str]


@cache
def columns(model: type[Model] | Partly, alias: str) -> str:
    """The columns of a model for a SELECT, in the order that `instances` expects."""
    _model, fields = _read(model)
    return ", ".join(f'{alias}."{field.column}"' for field in fields)


def instances(row: Sequence[Any], *models: type[Model] | Partly) -> list[Any]:
    """The objects in a row that holds the columns of these models; None for one that an outer join did not find."""
    found: list[Any] = []
    start = 0
    for each in models:
        model, names, json = _attributes(each)
        values = list(row[start : start + len(names)])
        start += len(names)
        for place, field in json:
            values[place] = field.from_db_value(values[place], None, connections[DEFAULT_DB_ALIAS])  # type: ignore[arg-type] # only what looks into JSON has one
        found.append(None if values[0] is None else model.from_db(DEFAULT_DB_ALIAS, names, values))
    return found


def keep(row: Model, **related: Model | None) -> None:
    """Leave with a row the rows that its foreign keys point to, as `select_related` does."""
    row._state.fields_cache.update(related)  # noqa: SLF001


def keep_lists(row: Model, **lists: Iterable[Model]) -> None:
    """Leave with a row the rows that point to it, by the names of these lists, as `prefetch_related` does."""
    kept: dict[str, QuerySet[Any]] = {}
    for name, rows in lists.items():
        kept[name] = getattr(row, name).all()
        kept[name]._result_cache = list(rows)  # noqa: SLF001
    vars(row)["_prefetched_objects_cache"] = kept


_AT_ONCE = 12
"""So many rows, of whatever tables, are inserted by one statement."""
_waiting: ContextVar[list[Model] | None] = ContextVar("waiting", default=None)


@contextmanager
def written_together() -> Iterator[None]:
    """What is inserted in here and may wait is written when it ends: a few by one statement, of many each table's.

    For work on many objects, inside its transaction: of what fails nothing is written.
    """
    rows: list[Model] = []
    mark = _waiting.set(rows)
    try:
        yield
    finally:
        _waiting.reset(mark)
    if len(rows) <= _AT_ONCE:
        insert(*rows)
        return
    for model, those in _by_table(rows).items():
        insertion = _insert_into(model)
        with prepared() as cursor:
            cursor.executemany(insertion.text, [insertion.values_of(row) for row in those])


def insert(*rows: Model, may_wait: bool = False) -> None:
    """Insert new rows, those of a table in this order; a key that the database makes is filled in.

    For plain tables: no signals are sent, no parents are written, `save()` is not called. `may_wait`: nobody reads the
    rows back before the work is done (see `written_together`, which leaves their keys open).
    """
    if not rows:
        return
    if may_wait and (waiting := _waiting.get()) is not None:
        waiting.extend(rows)
        return
    for start in range(0, len(rows), _AT_ONCE):
        _insert_at_once(rows[start : start + _AT_ONCE])


def _insert_at_once(rows: Sequence[Model]) -> None:
    tables = _by_table(rows)
    values = [value for model, those in tables.items() for row in those for value in _insert_into(model).values_of(row)]
    with prepared() as cursor:
        cursor.execute(_inserting(tuple((model, len(those)) for model, those in tables.items())), values)
        made = cursor.fetchone()
    for those, keys in zip(tables.values(), made, strict=True):
        for row, key in zip(those, keys or [row.pk for row in those], strict=True):
            row.pk = key
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as `save()` leaves it


def _by_table(rows: Sequence[Model]) -> dict[type[Model], list[Model]]:
    tables: dict[type[Model], list[Model]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    return tables


@cache
def _inserting(tables: tuple[tuple[type[Model], int], ...]) -> str:
    """SQL that inserts so many rows into each table. It answers with one row: the keys made for each table."""
    inserted, keys = [], []
    for number, (model, count) in enumerate(tables):
        insertion = _insert_into(model)
        more = f", {insertion.marks}" * (count - 1)
        inserted.append(f"made{number} AS ({insertion.text}{more}{insertion.returning})")
        keys.append(f"ARRAY(SELECT * FROM made{number})" if insertion.returning else "NULL")  # noqa: S608 - our own words
    return f"WITH {', '.join(inserted)} SELECT {', '.join(keys)}"


def insert_new(row: Model) -> None:
    """Insert a row unless there is one like it already; its key stays open."""
    insertion = _insert_into(type(row))
    with prepared() as cursor:
        cursor.execute(f"{insertion.text} ON CONFLICT DO NOTHING", insertion.values_of(row))


def update(rows: Sequence[Model]) -> None:
    """Write rows of one table back as they are, all in one go. For plain tables, as `insert`."""
    if rows:
        change = _update_of(type(rows[0]))
        with prepared() as cursor:
            cursor.executemany(change.text, [change.values_of(row) for row in rows])


class Statement(NamedTuple):
    """SQL and its values; no words for what can find nothing."""

    text: str
    values: tuple[Any, ...]


def statement(query: "QuerySet[Any, Any]") -> Statement:
    """What a query says, for a function that is kept (`lru_cache`) by all on which its conditions depend.

    Members of enumerations stand in its words: a kept plan must know them to take the partial index that serves.
    """
    try:
        text, given = query.query.sql_with_params()
    except EmptyResultSet:
        return Statement("", ())
    fixed = [f"'{value.value}'" if isinstance(value, TextChoices) else "%s" for value in given]
    words = text.split("%s")
    text = "".join(part for pair in zip(words, [*fixed, ""], strict=True) for part in pair)
    return Statement(text, tuple(value for value in given if not isinstance(value, TextChoices)))


def counted(rows: "QuerySet[Any, Any]", **counts: Count) -> "QuerySet[Any, Any]":
    """Numbers of all rows together, as `aggregate` finds them, as a query."""
    return rows.order_by().values(_all=Value(1)).annotate(**counts).values_list(*counts)


def run(kept: Statement, given: Mapping[Any, Any] | None = None) -> list[tuple[Any, ...]]:
    """The rows that a kept statement finds now. `given`: what its values that only hold a place stand for this time."""
    if not kept.text:
        return []
    meant = {**(given or {}), NOW: clock.now()}
    with prepared() as cursor:
        cursor.execute(kept.text, [meant.get(value, value) for value in kept.values])
        return cursor.fetchall()


def objects(model: type[M], related: str, kept: Statement, given: Mapping[Any, Any] | None = None) -> list[M]:
    """What a kept statement finds whose query was `model.objects.select_related(related)`."""
    other: Any = model._meta.get_field(related).related_model
    found = []
    for row in run(kept, given):
        one, beside = instances(row, model, other)
        keep(one, **{related: beside})
        found.append(one)
    return found


def numbers(*kept: Statement) -> list[int]:
    """What statements find of which each finds one number, all in one go."""
    asked = [one for one in kept if one.text]
    if not asked:
        return [0] * len(kept)
    together = Statement(
        "SELECT " + ", ".join(f"({one.text})" for one in asked), tuple(value for one in asked for value in one.values)
    )
    found = iter(run(together)[0])
    return [int(next(found)) if one.text else 0 for one in kept]


def lists(*kept: Statement) -> list[list[Any]]:
    """What statements find of which each finds one column, all in one go."""
    asked = [one for one in kept if one.text]
    if not asked:
        return [[] for _one in kept]
    arrays = ", ".join(f"ARRAY({one.text})" for one in asked)
    found = iter(run(Statement(f"SELECT {arrays}", tuple(value for one in asked for value in one.values)))[0])
    return [next(found) if one.text else [] for one in kept]


class _Writing(NamedTuple):
    text: str
    attributes: Callable[[Model], tuple[Any, ...]]
    json: list[tuple[int, JSONField]]
    """Columns whose values are wrapped for the database, by position; it takes all others as Python has them."""
    marks: str = ""
    """The places of one row's values in an insertion."""
    returning: str = ""
    """What lets an insertion return the key that the database makes."""

    def values_of(self, row: Model) -> list[Any]:
        values = list(self.attributes(row))
        for place, field in self.json:
            values[place] = field.get_db_prep_save(values[place], connections[DEFAULT_DB_ALIAS])
        return values


@cache
def _insert_into(model: type[Model]) -> _Writing:
    key: Any = model._meta.pk
    made = isinstance(key, AutoField)
    fields = [field for field in _fields(model) if not (made and field.primary_key)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = f"({', '.join(map(_mark, fields))})"
    return _Writing(
        f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {marks}',  # noqa: S608 - our own tables
        *_values(fields),
        marks=marks,
        returning=f' RETURNING "{key.column}"' if made else "",
    )


@cache
def _update_of(model: type[Model]) -> _Writing:
    key: Any = model._meta.pk
    fields = [field for field in _fields(model) if not field.primary_key]
    changes = ", ".join(f'"{field.column}" = {_mark(field)}' for field in fields)
    text = f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key.column}" = %s'  # noqa: S608 - our own tables
    return _Writing(text, *_values([*fields, key]))


def _mark(field: "Field[Any, Any]") -> str:
    """What needs a cast (arrays) says so; for all else the type follows from the column."""
    cast = getattr(field, "get_placeholder", None)
    return str(cast(None, None, connections[DEFAULT_DB_ALIAS])) if cast else "%s"


def _values(fields: "Sequence[Field[Any, Any]]") -> tuple[Callable[[Model], tuple[Any, ...]], list[Any]]:
    return attrgetter(*(field.attname for field in fields)), _json_among(fields)


def _json_among(fields: "Sequence[Field[Any, Any]]") -> list[tuple[int, JSONField]]:
    return [(place, field) for place, field in enumerate(fields) if isinstance(field, JSONField)]


@cache
def _attributes(model: type[Model] | Partly) -> tuple[type[Model], list[str], list[tuple[int, JSONField]]]:
    read, fields = _read(model)
    return read, [field.attname for field in fields], _json_among(fields)


def _read(model: type[Model] | Partly) -> "tuple[type[Model], list[Field[Any, Any]]]":
    if isinstance(model, Partly):
        return model.model, [field for field in _fields(model.model) if field.name not in model.without]
    return model, list(_fields(model))


def _fields(model: type[Model]) -> "tuple[Field[Any, Any], ...]":
    return tuple(model._meta.concrete_fields)
