"""Whom a case is about, as its dispatcher sees it."""

from dataclasses import dataclass

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case
from lianxin.cases.queries.case_context import CasePage
from lianxin.nlp import subjects
from lianxin.org.queries import Person, people_named

MOST_IN_BODY = 5
ASKED_IN = frozenset({CaseState.SUBMITTED, CaseState.ACCEPTED})
"""Names in the text are asked about until the case goes to somebody."""


def named_in_full(case: Case) -> list[str]:
    """The names of the people and units that the case is about."""
    rows = case.subjects.all()
    return [row.person.name for row in rows if row.person] + [row.unit.name for row in rows if row.unit]


def people_in_body(case: Case) -> list[tuple[str, list[Person]]]:
    """The registered names that stand in what the requester wrote and are not named yet, each with who bears it.

    For the dispatcher to decide: it may be about them, or they may have helped.
    """
    parts = subjects.segments(f"{case.title}\n{case.body}")
    found = people_named(subjects.names_in_prose(parts))
    left_out = {row.person_id for row in case.subjects.all()} | {case.requester_id}
    asked = [(people[0].name, [each for each in people if each.pk not in left_out]) for people in found.values()]
    return [(name, people) for name, people in asked if people][:MOST_IN_BODY]


@dataclass(frozen=True)
class SubjectsPart:
    """What a page says of whom a case is about: the requester's words, who is named in full, and what is asked."""

    written: str
    named: list[str]
    unsettled: bool
    in_body: list[str]


def subjects_of(page: CasePage) -> SubjectsPart:
    """For whoever sees the case from a desk; the question about names in the text is for those who can name people."""
    case = page.case
    asks = page.can("name_people") and case.state in ASKED_IN
    in_body = [name for name, _people in people_in_body(case)] if asks else []
    return SubjectsPart(case.about_text, named_in_full(case), case.subjects_unsettled, in_body)
