"""Units × categories: where which kind of matter is hot."""

from dataclasses import dataclass

from django.db.models import Count, Q

from lianxin.cases.queries.publication import Category
from lianxin.hotissues.models import Membership
from lianxin.hotissues.policies import FEWEST
from lianxin.hotissues.queries.scope import Scope
from lianxin.org.queries import Unit, units_right_below

STEPS = (3, 6, 12, 24)
"""From how many cases on a field is a shade darker."""


@dataclass(frozen=True)
class Field:
    """How many cases of hot issues a unit has in a category; None: fewer than three."""

    code: str
    number: int | None

    @property
    def shade(self) -> int:
        """0 (empty) to 4."""
        return sum(self.number >= step for step in STEPS) if self.number else 0


@dataclass(frozen=True)
class Picture:
    """The rows are units right below and the unit itself, the columns categories of the top level."""

    categories: list[Category]
    rows: list[tuple[Unit, list[Field]]]


def picture_of(scope: Scope) -> Picture:
    """Cases in hot issues, at the places where they were raised. Empty rows and columns are left out."""
    sure = Q(issue__sure=True) | Q(issue__confirmed=True)
    counted = (
        Membership.objects.filter(scope.here_and_then(), sure, case__place_unit__path__startswith=scope.unit.path)
        .values_list("case__place_unit__path", "case__category__path")
        .annotate(number=Count("case", distinct=True))
    )
    below = list(units_right_below(scope.unit))
    tops = list(Category.objects.filter(depth=1).order_by("path"))
    numbers: dict[tuple[int, int], int] = {}
    for place, path, number in counted:
        unit = next((each for each in below if place.startswith(each.path)), scope.unit)
        top = next((each for each in tops if path and path.startswith(each.path)), None)
        if top is not None:
            numbers[unit.pk, top.pk] = numbers.get((unit.pk, top.pk), 0) + number
    told = {key: number for key, number in numbers.items() if number >= FEWEST}
    categories = [top for top in tops if any(key[1] == top.pk for key in told)]
    units = [unit for unit in [*below, scope.unit] if any(key[0] == unit.pk for key in told)]
    return Picture(
        categories,
        [(unit, [Field(top.code, told.get((unit.pk, top.pk))) for top in categories]) for unit in units],
    )
