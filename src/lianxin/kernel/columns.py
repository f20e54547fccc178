"""Conditions on columns that the ORM does not have."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import BooleanField, F, Func, Value


class Among(Func):
    """`column = ANY ('{…}')`: as `__in` of many ids, but one value, so that thousands cost the application little."""

    template = "(%(expressions)s::uuid[]))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()

    def __init__(self, column: str, ids: Collection[UUID]) -> None:
        super().__init__(F(column), Value("{" + ",".join(map(str, ids)) + "}"))
