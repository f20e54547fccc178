"""The first ratings of all units at once, by the definitions of the figures; for whoever looks for what departs."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BigIntegerField, Count, F, Func, Q

from lianxin.statistics.models import CaseFact


@dataclass(frozen=True)
class UnitRatings:
    """First ratings of a unit with what lay below it then: in a window, and in the days before it.

    `unhappy` are those that reopen a case: "not solved", or one of the two dissatisfied levels.
    """

    unit_id: int
    rated: int
    unhappy: int
    rated_before: int
    unhappy_before: int


class Unnest(Func):
    """A row for each element of an array."""

    function = "unnest"
    set_returning = True
    output_field = BigIntegerField()


def ratings_of_units(*, before: date, since: date, until: date) -> list[UnitRatings]:
    """The ratings of each unit that has any from `since` to `until`, with those from `before` on; ends included."""
    window = Q(day__gte=since)
    rows = (
        CaseFact.objects.within(before, until)
        .filter(rated=True)
        .order_by()
        .annotate(at_unit=Unnest(F("unit_trail")))
        .values("at_unit")
        .annotate(
            rated_now=Count("pk", filter=window),
            unhappy_now=Count("pk", filter=window & Q(reopened=True)),
            rated_then=Count("pk", filter=~window),
            unhappy_then=Count("pk", filter=~window & Q(reopened=True)),
        )
    )
    names = ("at_unit", "rated_now", "unhappy_now", "rated_then", "unhappy_then")
    found = [UnitRatings(*row) for row in rows.values_list(*names)]
    return sorted((row for row in found if row.rated), key=lambda row: row.unit_id)


def unhappy_cases(*, unit_id: int, since: date, until: date) -> list[UUID]:
    """The cases behind `unhappy` of a unit in a window."""
    facts = CaseFact.objects.of_unit(unit_id).within(since, until).filter(reopened=True)
    return list(facts.order_by("case").values_list("case", flat=True))
