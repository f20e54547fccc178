"""One matter, several waves: the times at which people spoke of it, with quiet between."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from lianxin.cases.enums import OPEN_STATES
from lianxin.hotissues.models import Membership
from lianxin.kernel import timezone

QUIET_DAYS = 60
"""So many days without a new case end an episode; the next case begins another one of the same matter."""


@dataclass(frozen=True)
class Episode:
    """A wave of cases about a matter: from the first to the last one, how many, and how many of them are open."""

    first: date
    last: date
    cases: int
    open_cases: int


def episodes_of(memberships: QuerySet[Membership]) -> Mapping[int, list[Episode]]:
    """The episodes of each issue, the earliest first, of what is counted among some memberships. One statement."""
    rows = memberships.values_list("issue", "case", "case__submitted_at", "case__state")
    raised: defaultdict[int, list[tuple[date, bool]]] = defaultdict(list)
    for issue, _case, at, state in rows.order_by("issue", "case__submitted_at", "case").distinct():
        raised[issue].append((timezone.day_of(at), state in OPEN_STATES))
    return {issue: _waves(cases) for issue, cases in raised.items()}


def _waves(cases: list[tuple[date, bool]]) -> list[Episode]:
    waves: list[list[tuple[date, bool]]] = []
    for each in cases:
        if not waves or (each[0] - waves[-1][-1][0]).days > QUIET_DAYS:
            waves.append([])
        waves[-1].append(each)
    return [Episode(wave[0][0], wave[-1][0], len(wave), sum(is_open for _day, is_open in wave)) for wave in waves]
