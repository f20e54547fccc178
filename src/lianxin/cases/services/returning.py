"""What was in the hands of somebody who has left, or lost the role in the middle, goes back to their unit."""

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import CLOCK
from lianxin.kernel.errors import VersionConflict
from lianxin.org.enums import Role
from lianxin.org.queries import holders

IN_HAND = (CaseState.DISPATCHED, CaseState.IN_PROGRESS, CaseState.WAITING)
"""After a reply nothing is in anybody's hands; what is reopened has no handler."""


@transaction.atomic
def return_cases(*, person_id: int | None = None) -> int:
    """Give back the cases in the hands of people who can handle them no longer; return how many there were.

    Of one person, when they leave or a role of theirs ends; of everybody by the hour, as a role also ends by itself.
    Safe to run again: what is returned is in nobody's hands.
    """
    returned = 0
    for case_id, version in list(_left_with_nobody(person_id)):
        # Somebody was quicker: it is in their hands, or replied to; what is left is found within the hour.
        with suppress(VersionConflict):
            perform("give_back", actor=CLOCK, case_id=case_id, expected=version)
            returned += 1
    return returned


def _left_with_nobody(person_id: int | None) -> Iterator[tuple[UUID, int]]:
    in_hand = Case.objects.filter(state__in=IN_HAND, handler__isnull=False)
    if person_id is not None:
        in_hand = in_hand.filter(handler=person_id)
    able: dict[tuple[Role, str], set[int]] = {}
    for pk, version, handler, sealed, led, inspected in in_hand.order_by("pk").values_list(
        "pk", "version", "handler", "sealed", "lead_unit__path", "inspection_unit__path"
    ):
        key = (Role.INSPECTOR, inspected) if sealed else (Role.HANDLER, led)
        if key not in able:
            able[key] = set(holders(*key))
        if handler not in able[key]:
            yield pk, version
