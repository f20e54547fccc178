"""What somebody who spoke for a colleague reads of the case, until the colleague takes it over or it ends."""

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case
from lianxin.cases.models.case import CaseQuerySet
from lianxin.cases.queries.case_context import CasePage, case_page
from lianxin.kernel.errors import NotFound
from lianxin.org.queries import Person


def _followed_by(speaker: Person) -> CaseQuerySet:
    followed = Case.objects.filter(submitted_by=speaker, speaker_follows=True, sealed=False)
    return followed.exclude(state__in=[CaseState.CLOSED, CaseState.WITHDRAWN])


def spoken_cases(*, viewer: Person) -> list[Case]:
    """The cases that the viewer raised for colleagues and still follows, the newest first."""
    followed = _followed_by(viewer).exclude(pk__in=policies.named_in(viewer)).order_by("-submitted_at")
    return list(followed.select_related("lead_unit", "requester"))


def spoken_case_page(*, viewer: Person, case_id: UUID) -> CasePage:
    """A case that the viewer raised for a colleague, as the colleague reads it, with nothing to do.

    Raises:
        NotFound: there is none such, it is the colleague's alone by now, or it is about the viewer.
    """
    case = _followed_by(viewer).filter(pk=case_id).for_detail().first()
    if case is None or case.requester is None or policies.is_named(viewer, case):
        raise NotFound(_("Case not found, or you do not have access to it."))
    return replace(case_page(viewer=case.requester, case=case), transitions=[])
