"""Cases that may be about the same matter, as far as the viewer sees them."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import OPEN_STATES, CaseState, Verdict
from lianxin.cases.models import Case, SimilarCase
from lianxin.cases.workflow import Actor
from lianxin.nlp.similarity import is_same_text
from lianxin.org.queries import Person

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
    marked = (
        SimilarCase.objects.none()
        if case.sealed
        else SimilarCase.objects.filter(case=case).exclude(verdict=Verdict.APART)
    )
    pairs = {pair.other_id: pair for pair in marked}
    seen = (
        Case.objects.staff_visible_to(viewer)
        .filter(Q(primary=case, state=CaseState.MERGED) | Q(pk__in=pairs, sealed=False, state__in=OPEN_STATES))
        .only("number", "title", "state", "state_before_waiting", "appealed_at", "version", "primary", "submitted_at")
        .order_by("-submitted_at")
    )
    followers = [other for other in seen if other.state == CaseState.MERGED]
    others = [(other, pairs[other.pk]) for other in seen if other.state != CaseState.MERGED]
    others.sort(key=lambda found: (found[1].verdict != Verdict.LINKED, -found[1].similarity))
    similar = [Similar(other, pair.same_person, pair.verdict == Verdict.LINKED) for other, pair in others]
    return followers, similar[:MOST]


def merge_candidates(*, viewer: Person, case: Case) -> list[Case]:
    """Open cases that this one could be merged into, the likeliest first."""
    _followers, similar = related_cases(viewer=viewer, case=case)
    return [row.case for row in similar if row.case.state != CaseState.REPLIED]


def raised_already(*, viewer: Actor, case: Case) -> Case | None:
    """An open case in which the requester of this one said the same before; None of an anonymous one, or if not."""
    if not isinstance(viewer, Person) or not policies.is_requester(viewer, case):
        return None
    others = Case.objects.raised_by(viewer).open().filter(is_test=False).exclude(pk=case.pk)
    latest = others.only("pk", "number", "title", "body").order_by("-submitted_at")[:MOST_OF_ONE_PERSON]
    return next((other for other in latest if is_same_text(case.body, other.body)), None)


def verdict_word(verdict: Verdict) -> str:
    """What is said when somebody decided of two cases."""
    return {
        Verdict.LINKED: _("Cases linked"),
        Verdict.APART: _("Saved: not the same issue; it will not be suggested again"),
    }[verdict]
