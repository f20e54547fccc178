"""Signals about cases, and what contexts above add to the pages of a case.

Signals are sent with `send` inside the transaction of the change: a receiver that fails undoes it. So a receiver only
changes rows and defers jobs.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.dispatch import Signal

from lianxin.cases.enums import Field
from lianxin.kernel.extension_points import ExtensionPoint, Panel

if TYPE_CHECKING:
    from lianxin.cases.models import Case
    from lianxin.org.queries import Person


cases_changed = Signal()
"""Cases were submitted, imported or went a step further: `case_ids`, in the transaction that changed them."""


case_unshared = Signal()
"""A case may no longer be shown to everybody, as its requester took their agreement back or it was reopened:
`case_id`.
"""

fields_decided = Signal()
"""Somebody accepted or dispatched a `case` and so decided some of its `fields` (field → value), at the moment `at`."""

case_sealed = Signal()
"""Only discipline inspectors see the case from now on; whatever is kept of it elsewhere is to be forgotten: `case_id`.
"""

case_sight_changed = Signal()
"""Somebody may no longer see a case: it went elsewhere, was sealed, or turned out to be about them: `case_id`."""


CountEndorsements = Callable[[Collection[UUID]], Mapping[UUID, int]]
_counters: list[CountEndorsements] = []


def count_endorsements_by(count: CountEndorsements) -> None:
    """Have endorsements of cases counted by this function; for contexts above, in their `apps.ready()`."""
    if count not in _counters:
        _counters.append(count)


def endorsements_of(case_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many people endorsed each case, as far as everybody may know it; no entry: none."""
    found: Counter[UUID] = Counter()
    for count in _counters if case_ids else ():
        found.update(count(case_ids))
    return found


@dataclass(frozen=True)
class TopNotice:
    """Something that stands on top of a case's page at the desk: what it says, and where it leads."""

    title: str
    text: str
    url: str
    link: str


GiveNotices = Callable[["Person", UUID], Sequence[TopNotice]]
_givers: list[GiveNotices] = []


def give_notices_by(give: GiveNotices) -> None:
    """Have this function say what a viewer is to see on top of a case; for nearly all cases in one statement."""
    if give not in _givers:
        _givers.append(give)


def notices_of(viewer: "Person", case_id: UUID) -> list[TopNotice]:
    """What stands on top of a case's page for somebody at whose desk it is."""
    return [notice for give in _givers for notice in give(viewer, case_id)]


@dataclass(frozen=True)
class Offer:
    """One suggestion for a field of a case: the value to take, and why it is suggested."""

    value: str
    reason: str


Offers = Mapping[Field, Sequence[Offer]]
"""What is suggested for the fields of a case, for each the first choice first."""
suggestions: ExtensionPoint[[Collection["Case"]], Mapping[UUID, Offers]] = ExtensionPoint()
"""What is suggested for cases, by their ids, in the forms to accept and to dispatch them."""

category_panels: ExtensionPoint[[], Panel | None] = ExtensionPoint()
"""What stands below the category tree; None where there is nothing to show."""


def suggestions_for(cases: Collection["Case"]) -> dict[UUID, dict[Field, list[Offer]]]:
    """All that is suggested for the fields of some cases."""
    given = suggestions(cases)
    return {
        case.pk: {
            field: [offer for offers in given for offer in offers.get(case.pk, {}).get(field, ())] for field in Field
        }
        for case in cases
    }
