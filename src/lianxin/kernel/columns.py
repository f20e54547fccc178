"""Conditions on columns that the ORM does not have."""

from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup  # which takes none of those of other columns
@Field.register_lookup
class Among(Lookup):
    """`unit__among=[1, 2]`: as `__in` of ids, but one value (`= ANY ('{1,2}')`).

    Thousands cost the application little, and the words are the same for however many, so that the database plans them
    once (see `kernel.rows.run`).
    """

    lookup_name = "among"
    prepare_rhs = False
    can_use_none_as_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`column = ANY (%s::bigint[])`."""
        column, values = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.rel_db_type(connection)
        return f"{column} = ANY (%s::{kind}[])", (*values, "{" + ",".join(map(str, self.rhs)) + "}")
