"""Cases as the rows of a list show them: with their units, category and handler, without who raised them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Model

from lianxin.cases.models import Case, Category
from lianxin.kernel.rows import Partly, Statement, columns, instances, keep, run
from lianxin.org.queries import Person, Unit

_SHOWN: dict[str, type[Model] | Partly] = {
    "listed": Partly(Case, frozenset({"body", "requester_tag", "requester_sealed", "receipt_hash", "submission_hash"})),
    "place": Unit,
    "lead": Unit,
    "category": Category,
    "handler": Person,
}
_ROWS = """
    SELECT {columns} FROM ({keys}) found (id, nth) JOIN cases_case listed ON listed.id = found.id
    LEFT JOIN org_unit place ON place.id = listed.place_unit_id
    LEFT JOIN org_unit lead ON lead.id = listed.lead_unit_id
    LEFT JOIN cases_category category ON category.id = listed.category_id
    LEFT JOIN org_person handler ON handler.id = listed.handler_id
    ORDER BY found.nth
"""
_THESE = "SELECT * FROM unnest(%s::uuid[]) WITH ORDINALITY"


def in_rows(cases: Statement | Iterable[UUID]) -> list[Case]:
    """The cases of these keys, or of those that a kept statement finds, in their order. One query."""
    if not isinstance(cases, Statement):
        keys = Statement(_THESE, ("{" + ",".join(map(str, cases)) + "}",))
    elif cases.text:
        keys = cases._replace(text=f"SELECT id, row_number() OVER () FROM ({cases.text}) kept (id)")  # noqa: S608 - the ORM's words
    else:
        return []
    shown = []
    listed = ", ".join(columns(model, alias) for alias, model in _SHOWN.items())
    for row in run(keys._replace(text=_ROWS.format(columns=listed, keys=keys.text))):
        case, place, lead, category, handler = instances(row, *_SHOWN.values())
        keep(case, place_unit=place, lead_unit=lead, category=category, handler=handler)
        shown.append(case)
    return shown
