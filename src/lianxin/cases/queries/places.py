"""Where something happened: the places to choose from."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from lianxin.kernel.rows import prepared
from lianxin.org.queries import Person, Unit

MOST_SHOWN = 400
COMPANY_DEPTH = 2

Group = tuple[str, list[tuple[int | str, str]]]

_PLACES = f"""
    WITH living AS (SELECT id, path, depth, name FROM org_unit WHERE ended_on IS NULL),
    below AS (SELECT count(*) AS number FROM living WHERE depth > {COMPANY_DEPTH})
    SELECT id, path, depth, name FROM living, below
    WHERE depth <= {COMPANY_DEPTH} OR number <= %(most)s OR id = %(also)s
        OR (%(own)s::text <> '' AND starts_with(path, %(own)s))
    ORDER BY path
"""  # noqa: S608 - our own number
"""The companies, and all that is below them while it is not too much; else what is below the viewer's own."""


class _Place(NamedTuple):
    id: int
    path: str
    depth: int
    name: str


def place_choices(*, viewer: Person | None, also: Unit | None = None) -> list[tuple[int | str, str] | Group]:
    """All living units in groups, one a company.

    Of a very large enterprise only the companies, what is below the viewer's own and `also`: a list that a phone can
    show.
    """
    own = viewer.unit.path[: COMPANY_DEPTH * Unit.steplen] if viewer and viewer.unit else ""
    with prepared() as cursor:
        cursor.execute(_PLACES, {"most": MOST_SHOWN, "own": own, "also": also.pk if also else None})
        found = [_Place(*row) for row in cursor.fetchall()]
    return [("", _("Not sure, or the whole enterprise")), *_grouped(_not_too_many(found, also))]


def _not_too_many(places: Iterable[_Place], also: Unit | None) -> Iterable[_Place]:
    below = 0
    for place in places:
        below += place.depth > COMPANY_DEPTH
        if place.depth <= COMPANY_DEPTH or below <= MOST_SHOWN or (also and place.id == also.pk):
            yield place


def _grouped(places: Iterable[_Place]) -> list[tuple[int | str, str] | Group]:
    groups: list[tuple[int | str, str] | Group] = []
    rows: list[tuple[int | str, str]] = []
    for place in places:
        if place.depth < COMPANY_DEPTH:
            groups.append((place.id, place.name))
            continue
        if place.depth == COMPANY_DEPTH:
            rows = []
            groups.append((place.name, rows))
        indent = "　" * max(0, place.depth - COMPANY_DEPTH - 1)
        rows.append((place.id, f"{indent}{place.name}"))
    return groups
