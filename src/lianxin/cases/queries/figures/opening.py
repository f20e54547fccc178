"""From a number to the cases that made it, as far as the viewer may open them."""
# ruff: noqa: S608 - put together from our own words; what users chose is passed beside

import re

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from lianxin.cases import policies
from lianxin.cases.models import Case
from lianxin.cases.queries.figures.counting import BIT, late, truth
from lianxin.cases.queries.figures.reading import NOTED, Scope
from lianxin.kernel.errors import NotFound
from lianxin.org.queries import Person

_VALUE = re.compile(r"%\((\w+)\)s")
_HERE = "%(unit)s = ANY(unit_trail) AND day BETWEEN %(since)s AND %(until)s"


def cases_behind(
    *, viewer: Person, scope: Scope, measure: str, lacking: str = "", alone: bool = False
) -> QuerySet[Case]:
    """The cases that counted for `measure`, and not for `lacking`, that the viewer may open; newest first.

    `alone`: only what the unit itself led, without the units below it.

    Raises:
        NotFound: there is no such measure.
    """
    if measure not in BIT or (lacking and lacking not in BIT):
        raise NotFound
    here = f"{_HERE} AND {scope.narrowed()} AND measures & {BIT[measure]} <> 0"
    here += f" AND measures & {BIT[lacking]} = 0" if lacking else ""
    here += " AND unit_id = %(unit)s" if alone else ""
    noted = "(SELECT cases FROM noted)::uuid[]"
    overdue = late("k.due_at >= %(first)s AND k.due_at < %(last)s")
    ids = f"""
        WITH {NOTED}
        SELECT case_id FROM cases_counted WHERE {here} AND case_id <> ALL({noted})
        UNION ALL SELECT case_id FROM ({truth(f"c.id = ANY({noted})")}) AS anew WHERE {here}
        UNION ALL SELECT case_id FROM ({overdue}) AS late WHERE {here}"""
    values = scope.values()
    by_position = RawSQL(_VALUE.sub("%s", ids), [values[name] for name in _VALUE.findall(ids)])  # noqa: S611 - as above
    return (
        Case.objects.filter(policies.sight(viewer), pk__in=by_position)
        .select_related("lead_unit", "place_unit", "category")
        .order_by("-submitted_at", "pk")
    )
