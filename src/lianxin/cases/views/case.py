"""The page of one case: its requester's or the desk's, by who asks."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from lianxin.cases.enums import Identity
from lianxin.cases.queries import case_page, get_case_for
from lianxin.cases.views import desk
from lianxin.cases.views.requester import Entrance, show
from lianxin.cases.workflow.notifications import SUBJECT
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.notifications.services import mark_read


@require_safe
@cache_control(private=True, no_cache=True)
@sign_in_required
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A case that the viewer raised or sees at their desk; the inbox counts it as looked at."""
    person = viewer_of(request)
    page = case_page(viewer=person, case=get_case_for(person, case_id))
    # Open notices tell when they were read: of a requester who is not named that would say who they are.
    openly = not page.is_requester or page.case.identity == Identity.NAMED
    mark_read(actor=person, subject_type=SUBJECT, subject_id=case_id, openly=openly)
    if page.is_requester:
        return show(request, Entrance(person, case_id), page=page)
    return desk.case_at_desk(request, page)
