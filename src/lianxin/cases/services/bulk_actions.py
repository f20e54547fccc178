"""Steps that a desk takes in one go."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from lianxin.cases.enums import CaseKind, Urgency
from lianxin.cases.models import Case, Category
from lianxin.cases.queries import get_case_for
from lianxin.cases.services.transitions import perform
from lianxin.cases.services.triage import accept_case, dispatch_case
from lianxin.kernel.errors import LianxinError, NotFound
from lianxin.org.queries import Person, Unit

Refused = list[tuple[Case, str]]
"""The cases with which nothing was done, each with the sentence that says why."""


def accept_and_dispatch(
    *,
    actor: Person,
    case_id: UUID,
    kind: CaseKind | str,
    category: Category,
    urgency: Urgency | str,
    lead_unit: Unit,
    co_units: Sequence[Unit] = (),
    handler: Person | None = None,
    text: str = "",
    expected: int | None = None,
) -> Case:
    """Take a case in and give it to its lead unit; if either is refused, neither is done."""
    with transaction.atomic():
        accept_case(actor=actor, case_id=case_id, kind=kind, category=category, urgency=urgency, expected=expected)
        return dispatch_case(
            actor=actor, case_id=case_id, lead_unit=lead_unit, co_units=co_units, handler=handler, text=text
        )


def accept_and_dispatch_several(
    *,
    actor: Person,
    case_ids: Sequence[UUID],
    kind: CaseKind | str,
    category: Category,
    urgency: Urgency | str,
    lead_unit: Unit,
) -> tuple[list[Case], Refused]:
    """Take several cases of one kind and category in and give them to one unit; each is done or refused on its own."""
    act = partial(accept_and_dispatch, actor=actor, kind=kind, category=category, urgency=urgency, lead_unit=lead_unit)
    return _each(case_ids, actor, lambda case_id: act(case_id=case_id))


def dispatch_several(*, actor: Person, case_ids: Sequence[UUID], lead_unit: Unit) -> tuple[list[Case], Refused]:
    """Give several accepted cases to one unit; each is done or refused on its own."""
    return _each(case_ids, actor, lambda case_id: dispatch_case(actor=actor, case_id=case_id, lead_unit=lead_unit))


def sign_for_several(*, actor: Person, case_ids: Sequence[UUID]) -> tuple[list[Case], Refused]:
    """Sign for several cases; each is done or refused on its own."""
    return _each(case_ids, actor, lambda case_id: perform("sign", actor=actor, case_id=case_id))


def _each(case_ids: Sequence[UUID], actor: Person, act: Callable[[UUID], Case]) -> tuple[list[Case], Refused]:
    done, refused = [], []
    for case_id in case_ids:
        try:
            done.append(act(case_id))
        except NotFound:
            continue  # not to be told from one that is not there
        except LianxinError as refusal:
            refused.append((get_case_for(actor, case_id), str(refusal)))
    return done, refused
