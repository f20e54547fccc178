"""Deciding of two cases that look alike."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lianxin.cases.enums import CaseState, Relation, Verdict
from lianxin.cases.models import Case
from lianxin.cases.queries import CasePage
from lianxin.cases.queries.duplicates import Similar, verdict_word
from lianxin.cases.services.alike import judge_alike
from lianxin.cases.views.actions import case_url
from lianxin.kernel.access import sign_in_required, viewer_of


def _merge_url(case: Case, other: Case, query: QueryDict) -> str:
    """Where it is confirmed that one of the two follows the one that has come further; if neither has, this one."""
    follower, leader = (other, case) if case.is_further_than(other) else (case, other)
    chosen = query.copy()
    chosen["with"] = leader.number
    return f"{reverse('cases:act', args=[follower.pk, 'merge'])}?{chosen.urlencode()}"


def similar_rows(similar: Iterable[Similar], page: CasePage, query: QueryDict) -> list[dict[str, Any]]:
    """The cases that look like this one, each with what the viewer may do about it.

    That one person raised both is told only to whoever may join them.
    """
    case = page.case
    may_judge = Relation.DISPATCHER in page.relations
    return [
        {
            "case": row.case,
            "url": case_url(row.case.pk, query),
            "linked": row.linked,
            "same_person": row.same_person and may_judge,
            "may_judge": may_judge,
            "may_merge": "merge" in page.offered and row.case.state != CaseState.REPLIED,
            "merge_url": _merge_url(case, row.case, query),
            "link_url": reverse("cases:judge_alike", args=[case.pk, row.case.pk, Verdict.LINKED]),
            "apart_url": reverse("cases:judge_alike", args=[case.pk, row.case.pk, Verdict.APART]),
        }
        for row in similar
    ]


@never_cache
@require_POST
@sign_in_required
def judge(request: HttpRequest, case_id: UUID, other_id: UUID, verdict: str) -> HttpResponse:
    """Note that two cases belong together, or that they are not the same matter."""
    if verdict not in Verdict.values:
        raise Http404
    judge_alike(actor=viewer_of(request), case_id=case_id, other_id=other_id, verdict=verdict)
    messages.success(request, verdict_word(Verdict(verdict)))
    return redirect(case_url(case_id, request.GET))
