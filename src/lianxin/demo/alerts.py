"""What early warning finds in the sample, and what people make of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.queries.inbox import alerts_for
from lianxin.alerts.services import creation, handling, scanning
from lianxin.cases.enums import Identity, Resolved, Satisfaction
from lianxin.demo.plans import Plan, Verdict
from lianxin.demo.scenarios import accepted, dispatched, handled, judged, raised
from lianxin.demo.schedule import plan_for
from lianxin.demo.simulation import Story, World
from lianxin.demo.templates import Matter, matters, phrases
from lianxin.hotissues.services import reclustering
from lianxin.org.enums import Role, UnitKind
from lianxin.org.queries import Person

LIFT, WALL, NEED, JOKE = range(4)
"""The matters of `data/matters/warned.toml`, in their order there."""


def warned(world: World) -> Iterator[tuple[datetime, Story[None]]]:
    """All of it, each with the moment at which it begins."""
    found = matters("warned")
    morning = world.moment(world.working_day(4), 8.4)
    for number, plan in enumerate(_of_several(world, found[LIFT], morning)):
        yield plan.at + timedelta(hours=1.7 * number), _read_at_once(world, plan)
    for number, plan in enumerate(_of_several(world, found[WALL], world.now - timedelta(hours=5), near=True)):
        plan.stops = "reply"
        yield plan.at + timedelta(hours=2 * number), _read_at_once(world, plan)
    need = _plan(world, found[NEED], world.moment(world.working_day(2), 9.6))
    need.identity, need.stops = Identity.CONFIDENTIAL, "reply"
    joke = _plan(world, found[JOKE], world.moment(world.working_day(3), 8.7))
    for plan in (need, joke):
        yield plan.at, _read_at_once(world, plan)
    yield morning + timedelta(hours=9), _looked()
    yield morning + timedelta(hours=9.4), _acted(world, RuleKind.PEOPLE, morning + timedelta(hours=26))
    yield need.at + timedelta(minutes=20), _acted(world, RuleKind.DANGER, need.at + timedelta(hours=3))
    yield joke.at + timedelta(minutes=35), _dismissed(world)
    yield world.now - timedelta(minutes=40), _looked()
    yield world.now - timedelta(minutes=25), _acted(world, RuleKind.HAZARD, world.now + timedelta(hours=2))


def _of_several(world: World, matter: Matter, at: datetime, *, near: bool = False) -> Iterator[Plan]:
    """The same matter in the words of several people, of one team with `near`."""
    texts = (matter.text, *matter.more)
    people = world.enterprise.plain
    if near:
        teams = [key for key, place in world.enterprise.places.items() if place.kind == UnitKind.TEAM]
        people = next((team for team in map(world.enterprise.plain_at, teams) if len(team) >= len(texts)), people)
    for text, person in zip(texts, world.rng.sample(people, k=len(texts)), strict=True):
        yield _plan(world, replace(matter, text=text, more=()), at, requester=person)


def _plan(world: World, matter: Matter, at: datetime, *, requester: Person | None = None) -> Plan:
    """A case that goes smoothly."""
    plan = plan_for(world, matter, at, requester=requester)
    plan.withdraws = plan.sent_back = False
    plan.asks, plan.extension, plan.takes, plan.behalf, plan.identity = "", "", 0.2, None, Identity.NAMED
    plan.requester = requester or plan.requester
    plan.place = world.enterprise.key_of[plan.requester.pk]
    plan.verdict = Verdict(Resolved.YES, Satisfaction.SATISFIED, "", 5)
    return plan


def _read_at_once(world: World, plan: Plan) -> Story[None]:
    """A case of which the worker sees at once of what it speaks."""
    told = raised(world, plan)
    scanning.look_at_read([told.id])
    yield from accepted(world, plan, told)
    yield from dispatched(world, plan, told)
    yield from handled(world, plan, told)
    yield from judged(world, plan, told)


def _looked() -> Story[None]:
    """A night's grouping, and the look at everything that follows."""
    reclustering.regroup()
    scanning.scan()
    creation.escalate()
    yield from ()


def _acted(world: World, kind: RuleKind, until: datetime) -> Story[None]:
    """A dispatcher takes it up, and says later what was done, unless the present comes first."""
    for person in world.enterprise.holders(Role.DISPATCHER, "party"):
        if alert := alerts_for(viewer=person).filter(rule=kind).first():
            handling.acknowledge(actor=person, alert_id=alert.pk)
            yield until
            handling.act(actor=person, alert_id=alert.pk, text=phrases()[f"warning_{kind}"][0])
            return


def _dismissed(world: World) -> Story[None]:
    """A dispatcher looks, and it was a figure of speech."""
    for person in world.enterprise.holders(Role.DISPATCHER, "party"):
        if alert := alerts_for(viewer=person).filter(rule=RuleKind.DANGER).first():
            handling.dismiss(actor=person, alert_id=alert.pk, text=phrases()["warning_dismissed"][0], false_alarm=True)
            return
    yield from ()
