"""A database column that holds what a text is found by (see `searching`)."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, FloatField, Func, Lookup, Value


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`words__matches=Wanted.query()`: the query is taken as it is; the database's own parser does not see it."""

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
