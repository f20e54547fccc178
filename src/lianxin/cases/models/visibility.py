"""Which cases somebody sees, as conditions on rows: `CaseQuerySet` and `SearchRowQuerySet` filter by them.

`policies.relations_of` says the same of one case; a property test holds the two together.
"""

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.cases.enums import LEADERS_CONCERN, OPEN_STATES
from lianxin.kernel.trees import paths_down_to
from lianxin.notifications.policies import pseudonyms
from lianxin.org.enums import Role
from lianxin.org.queries import Person, reached
from lianxin.text.subjects import marks_of

NO_ROW = Q(pk__in=[])


def raised_by(person: Person) -> Q:
    """Cases that a person raised, by name or confidentially."""
    return Q(requester=person.pk) | Q(requester_tag__in=pseudonyms(person.pk))


def visible_to_staff(person: Person) -> Q:
    """Cases that a person sees by their roles: none they raised by name, none they are named in."""
    return (
        (_at_desk(person) | _hazards_led_by(person))
        & _tests_open_to(person)
        & ~_naming(person)
        & ~Q(requester=person.pk)
    )


def searchable_by(person: Person) -> Q:
    """As `visible_to_staff`, for `SearchRow`, which knows neither who raised a case nor its danger."""
    cases = rows_of("Case")
    raised = Q(pk__in=cases.filter(requester=person.pk).values("pk"))
    hazards = Q(pk__in=cases.filter(_hazards_led_by(person)).values("pk"))
    return (_at_desk(person) | hazards) & ~_naming(person) & ~raised


def supported_by(person: Person) -> Q:
    """Cases in which a unit of theirs is a supporting unit."""
    if not person.holds(Role.HANDLER):
        return NO_ROW
    return Q(Exists(rows_of("CoHandling").filter(reached(person, "unit", Role.HANDLER), case=OuterRef("pk"))))


def cases_naming(person: Person) -> "tuple[QuerySet[Any], ...]":
    """Rows with a `case` in which they are named, a unit at or below which they hold a role is, or they may be meant
    and nobody has settled yet who is.
    """
    above = {path for grant in person.grants for path in paths_down_to(grant.unit_path)}
    return (
        rows_of("About").filter(person=person.pk),
        rows_of("About").filter(unit__path__in=above),
        rows_of("PossibleSubject").filter(mark__in=sorted(marks_of(person.name))),
    )


def _at_desk(person: Person) -> Q:
    by_lead = reached(person, "lead_unit", Role.SUPERVISOR, Role.HANDLER, Role.UNIT_LEADER)
    by_place = reached(person, "place_unit", Role.DISPATCHER)
    if person.holds(Role.SUPERVISOR):
        by_place |= reached(person, "place_unit", Role.SUPERVISOR) & ~Q(pk__in=_awaiting_settling().values("pk"))
    open_desk = Q(sealed=False) & (by_lead | by_place | supported_by(person))
    inspected = reached(person, "inspection_unit", Role.INSPECTOR)
    sealed_desk = (Q(sealed=True) | Q(asked_to_withdraw=True)) & inspected
    return open_desk | sealed_desk


def _hazards_led_by(person: Person) -> Q:
    """Open hazards at a place that they lead: to be seen before a unit has them in hand."""
    led = reached(person, "place_unit", Role.UNIT_LEADER)
    return led & Q(danger__in=LEADERS_CONCERN, state__in=OPEN_STATES, sealed=False, is_test=False)


def _tests_open_to(person: Person) -> Q:
    """A test case is there for those who act on it, and for nobody who watches over others."""
    if not person.holds(Role.SUPERVISOR, Role.UNIT_LEADER, Role.INSPECTOR):
        return Q()
    acting = reached(person, "place_unit", Role.DISPATCHER) | reached(person, "lead_unit", Role.HANDLER)
    return Q(is_test=False) | acting | supported_by(person)


def _awaiting_settling() -> "QuerySet[Any]":
    """As `Case.awaits_settling`: a few of all cases."""
    unsettled = rows_of("Case").filter(subjects_unsettled=True, sealed=False, lead_unit__isnull=True)
    return unsettled.filter(appealed_at__isnull=True, danger="")


def _naming(person: Person) -> Q:
    """Lists of few cases, each read once, instead of a look at every case."""
    naming = NO_ROW
    for rows in cases_naming(person):
        naming |= Q(pk__in=rows.values("case"))
    return naming


def rows_of(model: str) -> "QuerySet[Any]":
    """Rows of a model of cases, by its name: the models themselves import the querysets built on this module."""
    return apps.get_model("cases", model).objects.all()
