"""The first ratings of all units at once, by the definitions of the figures; for whoever looks for what departs."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Func, IntegerField, Q, Sum, Value

from lianxin.cases.enums import MEASURES
from lianxin.cases.models import Counted, DaySums

_UNHAPPY = 1 << MEASURES.index("reopened")


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


def ratings_of_units(*, before: date, since: date, until: date) -> list[UnitRatings]:
    """The ratings of each unit that has any from `since` to `until`, with those from `before` on; both ends included.

    Read from the sums that are kept up every minute: one statement, one row a unit and day with anything in it.
    """
    window = Q(day__gte=since)
    rows = (
        DaySums.objects.filter(day__gte=before, day__lte=until, rated__gt=0)
        .values("unit_id")
        .annotate(
            rated_now=Sum("rated", filter=window, default=0),
            unhappy_now=Sum("reopened", filter=window, default=0),
            rated_then=Sum("rated", filter=~window, default=0),
            unhappy_then=Sum("reopened", filter=~window, default=0),
        )
        .filter(rated_now__gt=0)
    )
    names = ("unit_id", "rated_now", "unhappy_now", "rated_then", "unhappy_then")
    return [UnitRatings(*row) for row in rows.order_by("unit_id").values_list(*names)]


def unhappy_cases(*, unit_id: int, since: date, until: date) -> list[UUID]:
    """The cases behind `unhappy` of a unit in a window."""
    bits = Func(
        F("measures"), Value(_UNHAPPY), template="(%(expressions)s)", arg_joiner=" & ", output_field=IntegerField()
    )
    rows = Counted.objects.filter(day__gte=since, day__lte=until, unit_trail__contains=[unit_id]).alias(bits=bits)
    return list(rows.filter(bits__gt=0).order_by("case").values_list("case", flat=True))
