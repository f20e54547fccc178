"""What becomes of a solved case whose requester agrees that others read it."""

from datetime import timedelta
from random import Random
from typing import Protocol
from uuid import UUID

from lianxin.board import queries, services
from lianxin.board.services import Texts
from lianxin.cases.enums import Resolved, Satisfaction
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services.transitions import perform
from lianxin.demo.plans import Plan, Verdict
from lianxin.demo.simulation import Story, World
from lianxin.kernel import timezone
from lianxin.org.enums import Role

AGREE = 0.5
"""How many of those who are satisfied agree."""
WAITS = timedelta(days=45)
"""Of what was agreed to in this time, about half still waits."""
ENDORSERS = (0, 0, 1, 2, 3, 4, 6, 8, 11, 17)


class Told(Protocol):
    """A case in the course of its story (see `stories`)."""

    id: UUID
    requester: requester_services.Requester


def may_go_up(plan: Plan, verdict: Verdict) -> bool:
    """Whether somebody would want others to read it, and it is about nobody."""
    happy = verdict.resolved == Resolved.YES and verdict.satisfaction >= Satisfaction.SATISFIED
    return happy and plan.about is None and plan.words.matter.kind not in ("conduct", "praise")


def shown(world: World, plan: Plan, told: Told) -> Story[None]:
    """The requester agrees, the dispatcher prepares it, colleagues endorse it.

    It has chances of its own, so that all else in the sample is as it would be without a board.
    """
    rng = Random(f"board {plan.at}")  # noqa: S311 - a sample that can be made again
    if rng.random() > AGREE:
        return
    perform("share", actor=told.requester, case_id=told.id)
    late = world.now - timezone.now() < WAITS
    if late and rng.random() < AGREE:
        return
    yield world.calendar.add_working_time(timezone.now(), timedelta(hours=rng.uniform(1, 9)))
    dispatcher = world.enterprise.holders(Role.DISPATCHER, plan.place)[0]
    draft = queries.draft_for(viewer=dispatcher, case_id=told.id)
    said = {"title": draft.title, "question": draft.question, "answer": draft.answer}
    marked = queries.markings_for(texts=said).by_field
    post = services.publish(
        actor=dispatcher,
        case_id=told.id,
        texts=Texts(**{name: queries.without(text, marked[name]) for name, text in said.items()}),
        unit_id=queries.levels_of(draft.case)[0].pk,
        expected=draft.version,
        looked=True,
    )
    yield timezone.now() + timedelta(days=rng.uniform(2, 3))
    plain = world.enterprise.plain
    for person in rng.sample(plain, k=min(len(plain), rng.choice(ENDORSERS))):
        services.endorse(actor=person, post_id=post.pk, wanted=True)
