"""Looking at a case is itself noted, and the requester can read who looked."""

from lianxin.cases import policies
from lianxin.cases.enums import Relation
from lianxin.cases.models import Case, CaseAccessLog
from lianxin.kernel import timezone
from lianxin.org.queries import Person

STRONGEST_FIRST = (
    Relation.LEAD_HANDLER,
    Relation.HANDLER,
    Relation.CO_HANDLER,
    Relation.APPEAL_JUDGE,
    Relation.DISPATCHER,
    Relation.UNIT_LEADER,
    Relation.SUPERVISOR,
    Relation.INSPECTOR,
    Relation.READER,
)


def note_following(*, actor: Person, case: Case) -> None:
    """Whoever spoke for a colleague looks at the case: kept as any other look at it."""
    _keep(case, actor, Relation.READER)


def note_opening(*, actor: Person, case: Case) -> None:
    """Somebody at a desk looks at a case: the first time on a day is kept, with the strongest of what they are to it.

    A requester who looks at their own case leaves no trace, and neither does who does not see it.
    """
    _note(actor, case)


def note_finding(*, actor: Person, case: Case, reason: str) -> None:
    """Somebody looked for the cases of a requester by name and found this one: each time is kept, with the reason."""
    _note(actor, case, reason=reason)


def _note(actor: Person, case: Case, *, reason: str = "") -> None:
    relations = policies.relations_of(actor, case)
    if not relations or Relation.REQUESTER in relations:
        return
    role = Relation.INSPECTOR if case.sealed else next(one for one in STRONGEST_FIRST if one in relations)
    _keep(case, actor, role, reason)


def _keep(case: Case, person: Person, role: Relation, reason: str = "") -> None:
    at = case.time_kept(timezone.now())
    opened = CaseAccessLog(case=case, person=person, role=role, day=timezone.today(), at=at, reason=reason)
    CaseAccessLog.objects.bulk_create([opened], ignore_conflicts=True)
