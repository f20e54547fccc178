"""Where something happened: the places to choose from."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.org.queries import Person, Unit

MOST_SHOWN = 400
COMPANY_DEPTH = 2

Group = tuple[str, list[tuple[int | str, str]]]


def place_choices(*, viewer: Person | None, also: Unit | None = None) -> list[tuple[int | str, str] | Group]:
    """All living units in groups, one a company.

    Of a very large enterprise only the companies, what is below the viewer's own and `also`: a list that a phone can
    show.
    """
    places = Unit.objects.filter(ended_on__isnull=True).order_by("path")
    if places.filter(depth__gt=COMPANY_DEPTH)[: MOST_SHOWN + 1].count() > MOST_SHOWN:
        near = Q(depth__lte=COMPANY_DEPTH) | Q(pk=also.pk if also else None)
        if viewer and viewer.unit:
            near |= Q(path__startswith=viewer.unit.path[: COMPANY_DEPTH * Unit.steplen])
        places = places.filter(near)
    return [("", _("Not sure, or the whole enterprise")), *_grouped(_not_too_many(places, also))]


def _not_too_many(places: Iterable[Unit], also: Unit | None) -> Iterable[Unit]:
    below = 0
    for place in places:
        below += place.depth > COMPANY_DEPTH
        if place.depth <= COMPANY_DEPTH or below <= MOST_SHOWN or place == also:
            yield place


def _grouped(places: Iterable[Unit]) -> list[tuple[int | str, str] | Group]:
    groups: list[tuple[int | str, str] | Group] = []
    rows: list[tuple[int | str, str]] = []
    for place in places:
        if place.depth < COMPANY_DEPTH:
            groups.append((place.pk, place.name))
            continue
        if place.depth == COMPANY_DEPTH:
            rows = []
            groups.append((place.name, rows))
        indent = "　" * max(0, place.depth - COMPANY_DEPTH - 1)
        rows.append((place.pk, f"{indent}{place.name}"))
    return groups
