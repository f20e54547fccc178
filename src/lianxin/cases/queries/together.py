"""Several cases that wait to be accepted, put together where the same is suggested for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from lianxin.cases.enums import CaseKind, CaseState, Field, Urgency
from lianxin.cases.events import Offer, suggestions_for
from lianxin.cases.models import Case, Category
from lianxin.cases.queries.kinds import SuggestedKind, suggested_kinds
from lianxin.org.queries import Person, Unit


@dataclass(frozen=True)
class Alike:
    """Cases for which the same is suggested."""

    kind: CaseKind
    category: Category
    urgency: Urgency
    lead_unit: Unit
    cases: list[Case]


def waiting_together(*, viewer: Person, case_ids: Collection[UUID]) -> tuple[list[Alike], list[Case], list[Case]]:
    """Those of some cases that wait at the viewer's desk, in groups of one suggestion, the largest first; the rest of
    them; and those that wait no longer.

    The rest is to be read one by one: what is sealed or under appeal, where it is open whom it is about, and where a
    kind, a category or a unit is not suggested. Ten statements at most, however many cases there are.
    """
    seen = Case.objects.staff_visible_to(viewer).filter(pk__in=list(case_ids)).for_policies()
    found = list(seen.order_by("priority", "due_at", "pk"))
    cases = [case for case in found if case.state == CaseState.SUBMITTED]
    offered = suggestions_for(cases)
    kinds = suggested_kinds(cases, offered)
    chosen = {case.pk: _suggestion(case, offered[case.pk], kinds.get(case.pk)) for case in cases}
    keys = [key for key in chosen.values() if key]
    categories = Category.objects.filter(active=True).in_bulk({category for _kind, category, _urgency, _unit in keys})
    units = Unit.objects.filter(ended_on__isnull=True).in_bulk({unit for *_rest, unit in keys})
    groups: dict[tuple[CaseKind, int, Urgency, int], Alike] = {}
    rest = []
    for case in cases:
        key = chosen[case.pk]
        if key is None or key[1] not in categories or key[3] not in units:
            rest.append(case)
            continue
        kind, category, urgency, unit = key
        groups.setdefault(key, Alike(kind, categories[category], urgency, units[unit], [])).cases.append(case)
    groups_by_size = sorted(groups.values(), key=lambda group: -len(group.cases))
    return groups_by_size, rest, [case for case in found if case.state != CaseState.SUBMITTED]


def _suggestion(
    case: Case, offered: dict[Field, list[Offer]], suggested: SuggestedKind | None
) -> tuple[CaseKind, int, Urgency, int] | None:
    kind = suggested.kind if suggested else CaseKind(case.kind)
    category, unit = _first(offered[Field.CATEGORY]), _first(offered[Field.LEAD_UNIT])
    unsettled = case.subjects_unsettled and not case.danger
    apart = case.sealed or case.is_under_appeal or unsettled or kind == CaseKind.UNSORTED
    if apart or category is None or unit is None:
        return None
    values = [case.urgency, *(offer.value for offer in offered[Field.URGENCY])]
    return kind, category, Urgency(max(values, key=Urgency.values.index)), unit


def _first(offers: Sequence[Offer]) -> int | None:
    return int(offers[0].value) if offers else None
