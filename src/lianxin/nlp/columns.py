"""A database column that holds what a text is found by (see `searching`)."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, FloatField, Func, Lookup, TextField, Value

from lianxin.nlp.subjects import CAPITALS, DIGITS, IN_BRACKETS, MARK_BEHIND, NOT_LETTERS, NUMERALS, SMALL

_QUOTED = NOT_LETTERS.replace("'", "''")
"""As a string of the database's."""


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`words__matches=SearchTerms.query()`: the query is taken as it is; the database's own parser does not see it."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """`words @@ '…'::tsquery`."""
        column, values = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*values, self.rhs)


class Relevance(Func):
    """How well a text answers a query: words near each other, and in parts of a higher weight, count more."""

    function = "ts_rank_cd"
    template = "ts_rank_cd('{0.1, 0.3, 0.5, 1.0}', %(expressions)s::tsquery, 1)"
    output_field = FloatField()

    def __init__(self, column: str, query: str) -> None:
        super().__init__(F(column), Value(query))


class NameKey(Func):
    """A person's name as `nlp.subjects.name_key` folds it. The database has an index on it."""

    output_field = TextField()
    template = (
        f"regexp_replace(translate(regexp_replace(regexp_replace(normalize(%(expressions)s, NFKC), '{IN_BRACKETS}', "
        f"'', 'g'), '{_QUOTED}', '', 'g'), '{CAPITALS}', '{SMALL}'), '{MARK_BEHIND}', '\\1')"
    )


class UnitKey(Func):
    """A unit's name as `nlp.subjects.unit_key` folds it. The database has an index on it."""

    output_field = TextField()
    template = (
        f"translate(regexp_replace(normalize(%(expressions)s, NFKC), '{_QUOTED}', '', 'g'), "
        f"'{CAPITALS}{NUMERALS}', '{SMALL}{DIGITS}')"
    )
