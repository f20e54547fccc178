"""A database column that holds what a text is found by (see `searching`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import F, FloatField, Func, Lookup, Model, TextField, Value

from lianxin.text.searching import Wanted
from lianxin.text.subjects import CAPITALS, DIGITS, IN_BRACKETS, MARK_BEHIND, NOT_LETTERS, NUMERALS, SMALL

_QUOTED = NOT_LETTERS.replace("'", "''")
"""As a string of the database's."""

_HOW_COMMON = """
    SELECT greatest(reltuples, 0), term, share
    FROM pg_class this
    JOIN pg_namespace place ON place.oid = relnamespace
    LEFT JOIN LATERAL (
        SELECT term, share
        FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) known(term, share)
        WHERE schemaname = nspname AND tablename = relname AND attname = %(column)s
          AND (term = ANY(%(terms)s) OR term ^@ ANY(%(beginnings)s))
    ) asked ON true
    WHERE this.oid = %(table)s::regclass
"""


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`words__matches=Wanted.query()`: the query is taken as it is; the database's own parser does not see it."""

    lookup_name = "matches"
    prepare_rhs = False
    template = "{column} @@ %s::tsquery"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """`words @@ '…'::tsquery`."""
        column, values = self.process_lhs(compiler, connection)
        return self.template.format(column=column), (*values, self.rhs)


@SearchVectorField.register_lookup
class Says(Matches):
    """As `matches`, but without the index, and only of rows that answer all else: the database knows what it costs to
    unpack the words of a row (the function `cases_says`, made by a migration).
    """

    lookup_name = "says"
    template = "cases_says({column}, %s::tsquery)"


class Relevance(Func):
    """How well a text answers a query: words near each other, and in parts of a higher weight, count more."""

    function = "ts_rank_cd"
    template = "ts_rank_cd('{0.1, 0.3, 0.5, 1.0}', %(expressions)s::tsquery, 1)"
    output_field = FloatField()

    def __init__(self, column: str, query: str) -> None:
        super().__init__(F(column), Value(query))


@dataclass(frozen=True)
class Spread:
    """How common words are in a table, as the database last took samples: nothing is common before it did."""

    rows: float
    """Of the table."""
    share: float
    """How large a part of them has all the words, at most: of a row of pairs the rarest counts, as pairs that stand
    in a row hardly come apart."""
    rarest: str
    """A `tsquery` of the rarest pair of each word. For that the database's own guess is right; for pairs in a row it
    is thousands of times too low, as if they came apart.
    """


def spread(model: type[Model], column: str, wanted: Wanted) -> Spread:
    """How common what is asked for is in a column of words. One query."""
    terms = [term for word in wanted.terms for term, _begins in word]
    beginnings = [term for word in wanted.terms for term, begins in word if begins]
    given: dict[str, Any] = {"table": model._meta.db_table, "column": column, "terms": terms, "beginnings": beginnings}
    with connection.cursor() as cursor:
        cursor.execute(_HOW_COMMON, given)
        found = cursor.fetchall()
    known = {term: share for _rows, term, share in found if term is not None}
    rarest = [min((_share(known, term, begins), term, begins) for term, begins in word) for word in wanted.terms]
    query = " & ".join(f"('{term}'{':*' if begins else ''})" for _part, term, begins in rarest)
    return Spread(found[0][0], prod(part for part, _term, _begins in rarest), query)


def _share(known: Mapping[str, float], term: str, begins: bool) -> float:  # noqa: FBT001
    if not begins:
        return known.get(term, 0.0)
    return min(1.0, sum(share for other, share in known.items() if other.startswith(term)))


class NameKey(Func):
    """A person's name as `text.subjects.name_key` folds it. The database has an index on it."""

    output_field = TextField()
    template = (
        f"regexp_replace(translate(regexp_replace(regexp_replace(normalize(%(expressions)s, NFKC), '{IN_BRACKETS}', "
        f"'', 'g'), '{_QUOTED}', '', 'g'), '{CAPITALS}', '{SMALL}'), '{MARK_BEHIND}', '\\1')"
    )


class UnitKey(Func):
    """A unit's name as `text.subjects.unit_key` folds it. The database has an index on it."""

    output_field = TextField()
    template = (
        f"translate(regexp_replace(normalize(%(expressions)s, NFKC), '{_QUOTED}', '', 'g'), "
        f"'{CAPITALS}{NUMERALS}', '{SMALL}{DIGITS}')"
    )
