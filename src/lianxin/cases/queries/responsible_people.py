"""Who is next in line for a case, and whom cases must not reach, for contexts above that tell people about them."""

from collections.abc import Collection
from uuid import UUID

from lianxin.cases.models import Case, CaseSubject, PossibleSubject
from lianxin.cases.workflow import routing
from lianxin.nlp.subjects import marks_of
from lianxin.org.queries import Person, holders_at_or_below


def at_desk(case: Case) -> list[int]:
    """Ids of those at whose desk the case lies now: its dispatchers, then its handlers; never of a sealed one."""
    return [] if case.sealed else routing.at_desk(case)


def above_desk(case: Case) -> list[int]:
    """Ids of those right above them: the supervisors and, once a unit leads the case, that unit's leaders."""
    if case.sealed:
        return []
    leaders = routing.unit_leaders(case) if case.lead_unit_id else []
    return [*leaders, *routing.supervisors(case)]


def kept_from(case_ids: Collection[UUID], people: Collection[int]) -> set[int]:
    """Those of some people whom at least one of the cases must not reach: it is about them or a unit of theirs, or may
    be, or they raised it by name. A few statements, however many cases there are.
    """
    cases = Case.objects.filter(pk__in=case_ids)
    about = CaseSubject.objects.filter(case__in=case_ids)
    named = about.filter(person__in=people).values_list("person", flat=True)
    raised = cases.filter(requester__in=people).values_list("requester", flat=True)
    kept = {pk for pk in [*named, *raised] if pk is not None}
    paths = list(about.filter(unit__isnull=False).values_list("unit__path", flat=True).distinct())
    if paths:
        kept |= holders_at_or_below(paths).intersection(people)
    marks = set(PossibleSubject.objects.filter(case__in=case_ids).values_list("mark", flat=True))
    if marks:
        names = Person.objects.filter(pk__in=people).values_list("pk", "name")
        kept |= {pk for pk, name in names if not marks.isdisjoint(marks_of(name))}
    return kept
