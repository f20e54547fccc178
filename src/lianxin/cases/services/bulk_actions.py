"""Steps that a desk takes in one go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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

Seen = Mapping[UUID, int]
"""The cases that were chosen, each with the version in which it was seen: one that changed since is refused."""


@dataclass
class Outcome:
    """What came of doing something to several cases.

    `refused`: those with which nothing was done, each with the sentence that says why. `gone`: how many there are not,
    or not for the actor.
    """

    done: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)
    gone: int = 0


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
    seen: Seen,
    kind: CaseKind | str,
    category: Category,
    urgency: Urgency | str,
    lead_unit: Unit,
) -> Outcome:
    """Take several cases of one kind and category in and give them to one unit; each is done or refused on its own."""
    act = partial(accept_and_dispatch, actor=actor, kind=kind, category=category, urgency=urgency, lead_unit=lead_unit)
    return _each(seen, actor, act)


def dispatch_several(*, actor: Person, seen: Seen, lead_unit: Unit) -> Outcome:
    """Give several accepted cases to one unit; each is done or refused on its own."""
    return _each(seen, actor, partial(dispatch_case, actor=actor, lead_unit=lead_unit))


def sign_for_several(*, actor: Person, seen: Seen) -> Outcome:
    """Sign for several cases; each is done or refused on its own."""
    return _each(seen, actor, partial(perform, "sign", actor=actor))


def take_back_several(*, actor: Person, seen: Seen) -> Outcome:
    """Take several dispatched cases back, as long as nobody has signed for them; each is done or refused on its own."""
    return _each(seen, actor, partial(perform, "recall", actor=actor))


def _each(seen: Seen, actor: Person, act: Callable[..., Case]) -> Outcome:
    outcome = Outcome()
    for case_id, version in seen.items():
        try:
            outcome.done.append(act(case_id=case_id, expected=version))
        except NotFound:
            outcome.gone += 1  # not to be told from one that is not there
        except LianxinError as refusal:
            outcome.refused.append((get_case_for(actor, case_id), str(refusal)))
    return outcome
