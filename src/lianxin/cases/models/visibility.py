"""Which cases somebody sees, as conditions on rows: `CaseQuerySet` and `SearchRowQuerySet` filter by them.

`policies.relations_of` says the same of one case; a property test holds the two together.
"""

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from lianxin.cases.enums import DEPUTY_ROLES, LEADERS_CONCERN, OPEN_STATES
from lianxin.kernel.trees import paths_down_to
from lianxin.nlp.subjects import marks_of
from lianxin.notifications.policies import pseudonyms
from lianxin.org.enums import Role
from lianxin.org.queries import Person, in_units_of

NO_ROW = Q(pk__in=[])


def raised_by(person: Person) -> Q:
    """Cases that a person raised, by name or confidentially."""
    return Q(requester=person.pk) | Q(requester_tag__in=pseudonyms(person.pk))


MOST_LISTED = 4000
"""So many ids at most stand in a statement."""


def visible_to_staff(person: Person, *, supported: Q | None = None) -> Q:
    """Cases that a person sees by their roles: none they raised by name, none they are named in.

    `supported`: which cases a unit of theirs supports, where that was read before (`listed_as_supported_by`).
    """
    supported = supported_by(person) if supported is None else supported
    return (
        (_at_desk(person, supported) | _hazards_led_by(person))
        & _tests_open_to(person, supported)
        & ~_naming(person)
        & ~Q(requester=person.pk)
    )


def searchable_by(person: Person) -> Q:
    """As `visible_to_staff`, for `SearchRow`, which knows neither who raised a case nor its danger. Two queries."""
    cases = rows_of("Case")
    raised = Q(pk__in=cases.filter(requester=person.pk).values("pk"))
    hazards = listed(cases.filter(_hazards_led_by(person)).values_list("pk", flat=True))
    return (_at_desk(person, listed_as_supported_by(person)) | hazards) & ~_naming(person) & ~raised


def supported_by(person: Person) -> Q:
    """Cases in which a unit of theirs is a supporting unit."""
    if not person.holds(Role.HANDLER):
        return NO_ROW
    return Q(Exists(_support_by(person).filter(case=OuterRef("pk"))))


def listed_as_supported_by(person: Person) -> Q:
    """As `supported_by`, by the ids of the cases (`listed`)."""
    return listed(_support_by(person).values_list("case", flat=True)) if person.holds(Role.HANDLER) else NO_ROW


def listed(ids: "QuerySet[Any, Any]") -> Q:
    """Rows with these ids, which are read first (one query) and stand in the condition, unless they are many.

    Beside "the units of somebody, or", a condition that is a query keeps the database from using any index: with a
    million cases a page of what had ended took 157 ms instead of 48, and a search of 300,000 by a team 390 instead of
    10.
    """
    found = list(ids[: MOST_LISTED + 1])
    return Q(pk__in=found) if len(found) <= MOST_LISTED else Q(pk__in=ids)


def _support_by(person: Person) -> "QuerySet[Any]":
    return rows_of("SupportingUnit").filter(in_units_of(person, "unit", Role.HANDLER))


def home_paths(person: Person) -> set[str]:
    """The paths of the units where they work or hold a role."""
    return {grant.unit_path for grant in person.grants} | ({person.unit.path} if person.unit else set())


def cases_naming(person: Person) -> "tuple[QuerySet[Any], ...]":
    """Rows with a `case` in which they are named, a unit at or below which they work or hold a role is, or they may be
    meant and nobody has settled yet who is.
    """
    above = {path for home in home_paths(person) for path in paths_down_to(home)}
    return (
        rows_of("CaseSubject").filter(person=person.pk),
        rows_of("CaseSubject").filter(unit__path__in=above),
        rows_of("PossibleSubject").filter(mark__in=sorted(marks_of(person.name))),
    )


def _at_desk(person: Person, supported: Q) -> Q:
    by_lead = in_units_of(person, "lead_unit", Role.SUPERVISOR, Role.HANDLER, Role.UNIT_LEADER)
    by_place = in_units_of(person, "place_unit", Role.DISPATCHER)
    if person.holds(Role.SUPERVISOR):
        by_place |= in_units_of(person, "place_unit", Role.SUPERVISOR) & ~Q(pk__in=_awaiting_settling().values("pk"))
    open_desk = Q(sealed=False) & (by_lead | by_place | supported | _deputised(person))
    inspected = in_units_of(person, "inspection_unit", Role.INSPECTOR)
    sealed_desk = (Q(sealed=True) | Q(asked_to_withdraw=True)) & inspected
    return open_desk | sealed_desk


def _deputised(person: Person) -> Q:
    """Cases that they receive instead of the dispatchers (`Case.desk_role`): few, by their ids (`listed`)."""
    if not person.holds(*DEPUTY_ROLES):
        return NO_ROW
    received = NO_ROW
    for role in filter(person.holds, DEPUTY_ROLES):
        received |= in_units_of(person, "place_unit", role) & Q(desk_role=role)
    return listed(rows_of("Case").filter(received).values_list("pk", flat=True))


def _hazards_led_by(person: Person) -> Q:
    """Open hazards at a place that they lead: to be seen before a unit has them in hand."""
    led = in_units_of(person, "place_unit", Role.UNIT_LEADER)
    return led & Q(danger__in=LEADERS_CONCERN, state__in=OPEN_STATES, sealed=False, is_test=False)


def _tests_open_to(person: Person, supported: Q) -> Q:
    """A test case is there for those who act on it, and for nobody who watches over others."""
    if not person.holds(Role.SUPERVISOR, Role.UNIT_LEADER, Role.INSPECTOR):
        return Q()
    acting = in_units_of(person, "place_unit", Role.DISPATCHER) | in_units_of(person, "lead_unit", Role.HANDLER)
    return Q(is_test=False) | acting | supported


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
