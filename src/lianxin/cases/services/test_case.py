"""A test case: an administrator raises it, the real dispatcher and handler finish it, and it counts nowhere."""

from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseKind, Identity
from lianxin.cases.models import Case
from lianxin.cases.queries.readiness import may_start_test_case
from lianxin.cases.services.intake import submit_case
from lianxin.kernel import locks
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, nearest_holders, root_unit


def start_test_case(*, actor: Person, place: Unit | None = None) -> Case:
    """Raise a test case at a place (default: the enterprise). The actor is its requester and rates it at the end.

    Raises:
        PermissionDenied: the actor does not set the system up.
        ValidationFailed: nobody would receive it, or another test case is still open.
        RateLimited: the actor raised too many cases in too short a time.
    """
    if not may_start_test_case(actor):
        raise PermissionDenied(_("You do not have permission to do this."))
    place = place or root_unit()
    if place is None or not nearest_holders(Role.DISPATCHER, place.path):
        raise ValidationFailed({"place": _("No dispatcher covers this unit, so no one would receive the test case.")})
    with transaction.atomic():
        # Two administrators who start at the same moment: the second one then sees the case of the first.
        locks.hold("cases.test_case")
        open_test = Case.objects.filter(is_test=True).order_by("-submitted_at").first()
        if open_test is not None and open_test.is_open:
            refusal = _("Test case %(number)s is still open. Please finish or withdraw it first.")
            raise ValidationFailed({"": refusal % {"number": open_test.number}})
        return submit_case(
            actor=actor,
            title=_("System test"),
            body=_(
                "This is a test case. Please accept, dispatch, sign for and reply to it as you would a real "
                "one. It is excluded from all statistics."
            ),
            kind=CaseKind.QUESTION,
            identity=Identity.NAMED,
            place=place,
            submission_key=str(uuid4()),
            is_test=True,
        ).case
