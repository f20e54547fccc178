"""What follows for pledges from changes elsewhere, in the transaction of the change."""

from typing import Any

from lianxin.pledges.enums import PledgeState
from lianxin.pledges.models import Pledge
from lianxin.pledges.policies import System
from lianxin.pledges.workflow import PLEDGE

OPEN = (PledgeState.DRAFT, PledgeState.PROPOSED, PledgeState.PUBLISHED)


def withdraw_pledges_of_leaver(*, person_id: int, **_more: Any) -> None:
    """Receiver of `org.events.person_left`: what they can no longer keep is withdrawn, and counts for nothing."""
    for pk in Pledge.objects.filter(author=person_id, state__in=OPEN).values_list("pk", flat=True):
        PLEDGE.perform_on(pk, "withdraw", actor=System())
