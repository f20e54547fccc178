"""Who is next in line for a case.

Nobody judges their own case: whoever is named in it, or raised it by name, is passed over, and it goes one level up.
Where a confidential case goes does not depend on who raised it, as it would tell who that is: whoever raised it gets it
like everybody else, and is refused when they act (`services.transitions`).
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.db.models import prefetch_related_objects

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case, PossibleSubject
from lianxin.cases.workflow import desks
from lianxin.org.enums import Role
from lianxin.org.queries import (
    Person,
    Unit,
    holders,
    holders_at_or_below,
    holders_known,
    holders_with_marks,
    homes_of,
    nearest_holders,
    people_with_marks,
)

IN_LINE = (Role.DISPATCHER, Role.SUPERVISOR, Role.INSPECTOR, Role.HANDLER, Role.UNIT_LEADER)


def named_units(case: Case) -> list[Unit]:
    """The units that the case is about."""
    prefetch_related_objects([case], "subjects__unit")
    return [row.unit for row in case.subjects.all() if row.unit]


def is_about_unit(case: Case, unit: Unit) -> bool:
    """Whether the case is about this unit or one above it."""
    return any(unit.path.startswith(named.path) for named in named_units(case))


def excluded_people(case: Case) -> set[int]:
    """Ids of those who must not get the case: its requester, if by name, and whoever it is about or may be.

    About a unit, it is about everyone with a role who holds it or works there or below.
    """
    units = named_units(case)
    people = [row.person_id for row in case.subjects.all() if row.person_id]
    marks = [row.mark for row in case.possible_subjects.all()] if case.subjects_unsettled else []
    return _excluded(case, people, units, marks)


def _excluded(case: Case, people: Iterable[int], units: Iterable[Unit], marks: Iterable[str]) -> set[int]:
    excluded, paths, marks = set(people), [unit.path for unit in units], list(marks)
    if case.subjects_unsettled:
        excluded |= holders_with_marks(marks)
    if case.requester_id:
        excluded.add(case.requester_id)
    return excluded | holders_at_or_below(paths) if paths else excluded


def allowed(case: Case, people: Iterable[int]) -> list[int]:
    """Those of some people whom the case may reach at all."""
    excluded = excluded_people(case)
    return [person_id for person_id in people if person_id not in excluded]


@contextmanager
def looked_up_for(cases: Iterable[Case]) -> Iterator[None]:
    """In here it is known already who may be next in line for these cases."""
    units = (unit for case in cases for unit in (case.place_unit, case.lead_unit, case.inspection_unit) if unit)
    with holders_known(IN_LINE, units):
        yield


def _nearest(case: Case, role: Role, unit: Unit, *, above: int = 0, passing_over: Collection[int] = ()) -> list[int]:
    excluded = excluded_people(case) | set(passing_over)
    return nearest_holders(role, unit.path, excluding=excluded, above=above)


def dispatchers(case: Case, *, above: int = 0) -> list[int]:
    """Ids of those who accept and dispatch the case; for a sealed one, its inspectors."""
    if case.sealed:
        return inspectors(case, above=above)
    return _nearest(case, Role(case.desk_role or Role.DISPATCHER), case.place_unit, above=above)


def first_recipients(case: Case, *, people: Iterable[Person], units: Iterable[Unit], marks: Iterable[str]) -> list[int]:
    """As `dispatchers`, of a case that is not stored yet: with whom it is about or may be."""
    if case.sealed and case.is_test:
        return []
    role = Role.INSPECTOR if case.sealed else Role(case.desk_role or Role.DISPATCHER)
    unit = (case.inspection_unit or case.place_unit) if case.sealed else case.place_unit
    excluded = _excluded(case, [person.pk for person in people], units, marks)
    return nearest_holders(role, unit.path, excluding=excluded, above=0)


def supervisors(case: Case, *, above: int = 0, passing_over: Collection[int] = ()) -> list[int]:
    """Ids of those who supervise the case; under appeal without whoever declined it. Nobody watches over a test.

    As long as only dispatchers see it, these are the dispatchers a level further up.
    """
    if case.is_test:
        return []
    if case.awaits_settling:
        return dispatchers(case, above=above + 1)
    if case.is_under_appeal and case.declined_by_id:
        passing_over = [*passing_over, case.declined_by_id]
    if case.sealed:
        return inspectors(case, above=above, passing_over=passing_over)
    return _nearest(case, Role.SUPERVISOR, case.lead_unit or case.place_unit, above=above, passing_over=passing_over)


def inspectors(case: Case, *, above: int = 0, passing_over: Collection[int] = ()) -> list[int]:
    """Ids of the discipline inspectors for the case. Nobody watches over a test."""
    if case.is_test:
        return []
    return _nearest(
        case, Role.INSPECTOR, case.inspection_unit or case.place_unit, above=above, passing_over=passing_over
    )


def inspectors_of(case: Case, unit: Unit) -> list[int]:
    """Ids of the inspectors whom the case would reach, were it inspected from this unit."""
    return _nearest(case, Role.INSPECTOR, unit)


def appeal_judges(case: Case) -> list[int]:
    """Ids of those who could decide an appeal: supervisors (of a sealed case inspectors), never whoever declined."""
    judges = inspectors if case.sealed else supervisors
    return judges(case, passing_over=[case.declined_by_id] if case.declined_by_id else [])


def dispatchers_without(case: Case, people: Iterable[Person], units: Iterable[Unit]) -> list[int]:
    """Ids of those who would accept and dispatch the case, were it about these, too."""
    people, units = list(people), list(units)
    passing_over = {person.pk for person in people} | holders_at_or_below([unit.path for unit in units])
    if not case.sealed:
        role: Role | None = Role.DISPATCHER
        if case.subjects_unsettled or case.desk_role:
            # Whoever settles it must be able to say the truth, even if it is about all dispatchers.
            role = desks.receiving_role(case.place_unit, excluding=excluded_people(case) | passing_over)
        return _nearest(case, role, case.place_unit, passing_over=passing_over) if role else []
    known = [row.person for row in case.subjects.all() if row.person]
    inspected = inspection_unit_for(case.place_unit, [*known, *people], [*named_units(case), *units])
    return _nearest(case, Role.INSPECTOR, inspected, passing_over=passing_over)


def handlers(case: Case) -> list[int]:
    """Ids of those who may sign for the case; whoever is named as handler or has signed, alone, while able to."""
    if case.handler_id and case.handler_id in everyone_able(case, case.lead_unit or case.place_unit):
        return [case.handler_id]
    return inspectors(case) if case.sealed else handlers_at(case, case.lead_unit or case.place_unit)


def handlers_at(case: Case, unit: Unit) -> list[int]:
    """Ids of the handlers of a unit."""
    return _nearest(case, Role.HANDLER, unit)


def everyone_able(case: Case, unit: Unit) -> set[int]:
    """Ids of all who may handle the case for a unit, at whatever level appointed; of a sealed one, its inspectors."""
    excluded = excluded_people(case)
    if case.sealed:
        unit = case.inspection_unit or unit
    role = Role.INSPECTOR if case.sealed else Role.HANDLER
    return set(holders(role, unit.path, excluding=excluded))


def unit_leaders(case: Case, *, above: int = 0, passing_over: Collection[int] = ()) -> list[int]:
    """Ids of the leaders of the lead unit. Nobody watches over a test."""
    if case.is_test:
        return []
    if case.sealed:
        return inspectors(case, above=above + 1, passing_over=passing_over)
    return _nearest(case, Role.UNIT_LEADER, case.lead_unit or case.place_unit, above=above, passing_over=passing_over)


def leaders_at_place(case: Case, *, above: int = 0) -> list[int]:
    """Ids of the leaders of the place of a hazard, who may read it there; nobody of what is about people."""
    if not case.is_leaders_concern:
        return []
    return _nearest(case, Role.UNIT_LEADER, case.place_unit, above=above)


def at_desk(case: Case) -> list[int]:
    """Ids of those at whose desk the case lies now."""
    if case.is_under_appeal or case.state == CaseState.REOPENED:
        return supervisors(case)
    return handlers(case) if case.lead_unit_id else dispatchers(case)


def inspection_unit(case: Case) -> Unit:
    """From where the case is inspected, by whom it is about or may be."""
    prefetch_related_objects([case], "subjects__person")
    people, units = [row.person for row in case.subjects.all() if row.person], named_units(case)
    if case.subjects_unsettled:
        marks = [row.mark for row in case.possible_subjects.all()]
        people += people_with_marks(marks, around=case.place_unit)
        units.append(case.place_unit)  # it may be about somebody there, whoever else may be meant
    return inspection_unit_for(case.place_unit, people, units)


def inspection_unit_for(place: Unit, people: Iterable[Person], units: Iterable[Unit]) -> Unit:
    """The unit from which a conduct case is inspected: at least one level above everyone it is about.

    Inspectors at this unit and above it are those whom the case reaches. Somebody stands where they work and wherever
    they hold a role; a case about nobody in particular is taken to be about its place; above the very top is the top.
    """
    homes = [*(unit.path for unit in units), *homes_of([person.pk for person in people])]
    above = [path[: -Unit.steplen] or path for path in homes or [place.path]]
    common = above[0]
    for path in above[1:]:
        while not path.startswith(common):
            common = common[: -Unit.steplen]
    return Unit.objects.get(path=common or place.path[: Unit.steplen])


def choose_desk(case: Case) -> None:
    """Say who receives a case from now on, by whom it is about or may be."""
    role = "" if case.sealed else desks.receiving_role(case.place_unit, excluding=excluded_people(case))
    case.desk_role = "" if role in (None, Role.DISPATCHER) else role


def leave_out_nearest_inspectors(case: Case) -> None:
    """Keep a case that names nobody for certain from the nearest inspectors, if somebody further up can inspect it."""
    if case.subjects_unsettled:
        marks = desks.marks_of_nearest_inspectors(inspection_unit(case), excluding=excluded_people(case))
        rows = [PossibleSubject(case=case, mark=mark) for mark in marks]
        PossibleSubject.objects.bulk_create(rows, ignore_conflicts=True)
