"""Finding a person or a unit by typing, in the forms of every context: only what is needed to choose is shown."""

from django.db.models import Q, QuerySet

from lianxin.nlp.simplified import in_either_script
from lianxin.org.models import Person, Unit
from lianxin.org.policies import may
from lianxin.org.queries.people import active_people, place_name, with_places
from lianxin.org.queries.units import party_organisations_for, units_below
from lianxin.ui.autocomplete import Option, TooShort

MOST_SHOWN = 10
FEWEST_LETTERS = 2
_DIGITS_SHOWN = 4


def pick_people(*, viewer: Person, text: str = "", pk: int | None = None) -> list[Option]:
    """At most ten present people whose name holds the text, or whose number or phone it is; or the one with this id.

    A name, the number's last digits and the unit are all that is told: enough to know a colleague by, no directory.

    Raises:
        TooShort: the text has a single letter.
    """
    if not may(viewer, "pick") or (pk is None and not text):
        return []
    if pk is None and len(text) < FEWEST_LETTERS:
        raise TooShort
    people = active_people()
    named = Q(name__iregex=in_either_script(text)) | Q(employee_no=text) | Q(phone=text)
    people = people.filter(pk=pk) if pk else people.filter(named)
    return [_person(person) for person in with_places(people.order_by("name", "employee_no"))[:MOST_SHOWN]]


def _person(person: Person) -> Option:
    unit = place_name(person)
    return Option(person.pk, person.name, f"…{person.employee_no[-_DIGITS_SHOWN:]} {unit}".strip())


def pick_units(*, viewer: Person, text: str = "", pk: int | None = None) -> list[Option]:
    """At most ten living units whose name or code holds the text; or the one with this id."""
    if not may(viewer, "pick") or (pk is None and not text):
        return []
    units = units_below()
    units = units.filter(pk=pk) if pk else units.filter(Q(name__icontains=text) | Q(code__iexact=text))
    return _named_with_parent(units.order_by("depth", "path")[:MOST_SHOWN])


def _named_with_parent(units: QuerySet[Unit]) -> list[Option]:
    found = list(units)
    parents = {
        unit.path: unit.name for unit in Unit.objects.filter(path__in=[unit.path[: -unit.steplen] for unit in found])
    }
    return [Option(unit.pk, unit.name, parents.get(unit.path[: -unit.steplen], "")) for unit in found]


def pick_party_organisations(*, viewer: Person, text: str = "", pk: int | None = None) -> list[Option]:
    """At most ten living Party organisations within an administrator's reach; or the one with this id."""
    if pk is None and not text:
        return []
    found = party_organisations_for(viewer=viewer, text=text)
    if pk:
        found = found.filter(pk=pk)
    return [Option(each.pk, each.name, each.unit.name) for each in found[:MOST_SHOWN]]
