"""How the test of the whole way of a case stands: numbers and states, never a word of a case."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from lianxin.cases.enums import OPEN_STATES, CaseState, Resolved
from lianxin.cases.models import Case, Rating
from lianxin.org.policies import Target, is_security_admin_there, is_system_admin_there
from lianxin.org.queries import Person


@dataclass(frozen=True)
class TestCaseStatus:
    """`passed`: a test case went all the way and was rated as solved. The rest is the newest test case, if any."""

    passed: bool
    case_id: UUID | None = None
    number: str = ""
    state: str = ""
    is_open: bool = False
    requester_id: int | None = None


def may_start_test_case(person: Person) -> bool:
    """Whether they set the system up: a system or security administrator of the whole enterprise."""
    return is_system_admin_there(person, Target()) or is_security_admin_there(person, Target())


def test_case_status() -> TestCaseStatus:
    """How far the test of the system has come."""
    passed = Rating.objects.filter(~Q(resolved=Resolved.NO), case__is_test=True).exists()
    newest = Case.objects.filter(is_test=True).order_by("-submitted_at").first()
    if newest is None:
        return TestCaseStatus(passed)
    state = str(CaseState(newest.state).label)
    return TestCaseStatus(passed, newest.pk, newest.number, state, newest.state in OPEN_STATES, newest.requester_id)
