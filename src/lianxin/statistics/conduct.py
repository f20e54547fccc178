"""The one number in which sealed cases exist outside their circle.

Sealed cases are in no figure, no breakdown and no list of rows. Beside the figures of the whole enterprise stands how
many were raised in one whole calendar year that is over, if they were at least five. Since there is no second number
for them (no other period, no unit, no kind, category or channel), none can be told by taking one number from another.
"""

from datetime import datetime

from lianxin.cases.models import Case
from lianxin.kernel import timezone
from lianxin.kernel.figures import SMALL_NUMBER


def conduct_total(year: int) -> int | None:
    """How many conduct cases the enterprise had in a calendar year that is over; None while it runs or below five."""
    if year >= timezone.today().year:
        return None
    first, after = (datetime(each, 1, 1, tzinfo=timezone.zone()) for each in (year, year + 1))
    count = Case.objects.filter(sealed=True, submitted_at__gte=first, submitted_at__lt=after).count()
    return count if count >= SMALL_NUMBER else None
