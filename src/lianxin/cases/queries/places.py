"""Where something happened: the places to choose from."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from lianxin.org.queries import Person, Unit, units_below

MOST_SHOWN = 400
COMPANY_DEPTH = 2

Group = tuple[str, list[tuple[int | str, str]]]


def place_choices(*, viewer: Person | None, also: Unit | None = None) -> list[tuple[int | str, str] | Group]:
    """All living units in groups, one a company.

    Of a very large enterprise only the companies, what is below the viewer's own and `also`: a list that a phone can
    show.
    """
    units = list(units_below().filter(depth__lte=COMPANY_DEPTH))
    own = viewer.unit.path[: COMPANY_DEPTH * Unit.steplen] if viewer and viewer.unit else ""
    below = units_below().filter(depth__gt=COMPANY_DEPTH)
    found = list(below[: MOST_SHOWN + 1])
    if len(found) > MOST_SHOWN:
        found = list(below.filter(path__startswith=own)[:MOST_SHOWN]) if own else []
        if also and also.depth > COMPANY_DEPTH and also not in found:
            found.append(also)
    return [("", _("Not sure, or the whole enterprise")), *_grouped(sorted([*units, *found], key=lambda u: u.path))]


def _grouped(units: Iterable[Unit]) -> list[tuple[int | str, str] | Group]:
    groups: list[tuple[int | str, str] | Group] = []
    rows: list[tuple[int | str, str]] = []
    for unit in units:
        if unit.depth < COMPANY_DEPTH:
            groups.append((unit.pk, unit.name))
            continue
        if unit.depth == COMPANY_DEPTH:
            rows = []
            groups.append((unit.name, rows))
        indent = "　" * max(0, unit.depth - COMPANY_DEPTH - 1)
        rows.append((unit.pk, f"{indent}{unit.name}"))
    return groups
