"""Cases that may be about the same matter, as far as the viewer sees them."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import OPEN_STATES, CaseState, Verdict
from lianxin.cases.models import Alike, Case
from lianxin.cases.workflow import Actor
from lianxin.kernel.rows import Statement, run, statement
from lianxin.org.queries import Person
from lianxin.text.similarity import is_same_text

KEPT = 1000
"""For how many viewers the statement is kept in each process."""
_A_CASE = UUID(int=0)
"""Stands in it for the case."""
_SHOWN = ("id", "number", "title", "state", "state_before_waiting", "version", "primary_id", "submitted_at")
"""In the order of the model."""
MOST = 5
MOST_OF_ONE_PERSON = 20


@dataclass(frozen=True)
class Similar:
    """Another open case beside one: whether one person raised the same text twice, whether the two belong together."""

    case: Case
    same_person: bool
    linked: bool


def related_cases(*, viewer: Person, case: Case) -> tuple[list[Case], list[Similar]]:
    """The cases that follow this one, and other open ones that may be about the same matter, the likeliest first.

    None that the viewer does not see at their desk; of a sealed case nothing is compared.
    """
    followers, similar = [], []
    for row in run(_seen_beside(policies.onlooker(viewer), sealed=case.sealed), {_A_CASE: case.pk}):
        other = Case.from_db(DEFAULT_DB_ALIAS, _SHOWN, row[: len(_SHOWN)])
        likeness, same_person, verdict = row[len(_SHOWN) :]
        if other.state == CaseState.MERGED:
            followers.append(other)
        else:
            similar.append((likeness, Similar(other, same_person, verdict == Verdict.LINKED)))
    similar.sort(key=lambda pair: (not pair[1].linked, -pair[0]))
    return followers, [each for _likeness, each in similar[:MOST]]


@lru_cache(KEPT)
def _seen_beside(onlooker: policies.Onlooker, *, sealed: bool) -> Statement:
    pairs = Alike.objects.none() if sealed else Alike.objects.filter(case=_A_CASE).exclude(verdict=Verdict.APART)
    followers = Case.objects.filter(primary=_A_CASE, state=CaseState.MERGED)
    # Their keys first, or else all open cases are looked at to find the few.
    beside = Q(pk__in=followers.values("pk").union(pairs.values("other"), all=True))
    alike = Q(sealed=False, state__in=OPEN_STATES)
    seen = Case.objects.filter(policies.desk(onlooker.person), beside)
    seen = seen.filter(Q(primary=_A_CASE, state=CaseState.MERGED) | alike).order_by("-submitted_at")
    pair = pairs.filter(other=OuterRef("pk"))
    said = {f"its_{name}": Subquery(pair.values(name)) for name in ("likeness", "same_person", "verdict")}
    return statement(seen.annotate(**said).values_list(*_SHOWN, *said))


def merge_candidates(*, viewer: Person, case: Case) -> list[Case]:
    """Open cases that this one could be merged into, the likeliest first."""
    _followers, similar = related_cases(viewer=viewer, case=case)
    return [row.case for row in similar if row.case.state != CaseState.REPLIED]


def raised_already(*, viewer: Actor, case: Case) -> Case | None:
    """An open case in which the requester of this one said the same before; None of an anonymous one, or if not."""
    if not isinstance(viewer, Person) or not policies.is_requester(viewer, case):
        return None
    others = Case.objects.filter(policies.own(viewer), is_test=False, state__in=OPEN_STATES).exclude(pk=case.pk)
    latest = others.only("pk", "number", "title", "body").order_by("-submitted_at")[:MOST_OF_ONE_PERSON]
    return next((other for other in latest if is_same_text(case.body, other.body)), None)


def verdict_word(verdict: Verdict) -> str:
    """What is said when somebody decided of two cases."""
    return {
        Verdict.LINKED: _("Noted: the two belong together"),
        Verdict.APART: _("Noted: not the same matter; it is not suggested again"),
    }[verdict]
