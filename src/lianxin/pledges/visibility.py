"""Which pledges somebody reads, as a condition on rows; `policies.relations_of` says the same of one pledge."""

from django.db.models import Q

from lianxin.org.enums import Role
from lianxin.org.models import Person
from lianxin.org.queries import in_units_of
from lianxin.pledges.enums import PledgeState

SUBMITTED = (PledgeState.PROPOSED, PledgeState.PUBLISHED, PledgeState.CONCLUDED)
OPEN_TO_COLLEAGUES = (PledgeState.PUBLISHED, PledgeState.CONCLUDED)


def visible_to(viewer: Person) -> Q:
    """Their own; those submitted to a branch whose secretary they are; published ones of their unit or those below."""
    found = Q(author=viewer.pk)
    found |= in_units_of(viewer, "cycle__branch__unit", Role.BRANCH_SECRETARY) & Q(state__in=SUBMITTED)
    if viewer.unit:
        near = Q(unit__path__startswith=viewer.unit.path) | Q(unit__path__in=viewer.unit.ancestor_paths)
        found |= near & Q(state__in=OPEN_TO_COLLEAGUES)
    return found
