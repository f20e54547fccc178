"""What lies on everybody's desk today: cases that the present has caught in the middle."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from lianxin.cases.enums import Identity, Resolved, Satisfaction
from lianxin.demo.enterprise import ROOT
from lianxin.demo.plans import Plan, Verdict
from lianxin.demo.schedule import cluster, conduct, plan_for
from lianxin.demo.simulation import World
from lianxin.demo.templates import Matter, matters
from lianxin.org.enums import UnitKind
from lianxin.org.queries import Person

UNHAPPY_AFTER = 6.0
STEPS = (
    # the step before which each stops, how many working days ago it was raised, how many there are
    ("dispatch", 1, 3),
    ("sign", 1, 4),
    ("sign", 4, 1),
    ("contact", 2, 3),
    ("reply", 3, 5),
    ("reply", 6, 3),
    ("reply", 8, 3),
    ("reply", 11, 3),
    ("rate", 5, 5),
)


def present(world: World) -> Iterator[Plan]:
    """The open cases of today, beside those that two years have left over."""
    first, second = sorted(world.enterprise.plain, key=lambda person: person.employee_no)[:2]
    yield from _of_the_first_two(world, first, second)
    for hours in (0.4, 1.1, 2.3, 3.9, 6.5):
        yield _plan(world, "accept", world.now - timedelta(hours=hours))
    yield _plan(world, "accept", _back(world, 4))
    for stops, back, number in STEPS:
        for _ in range(number):
            yield _plan(world, stops, _back(world, back))
    yield from _special(world)
    yield from _elsewhere(world)


def _back(world: World, days: int) -> datetime:
    return world.moment(world.working_day(days), world.rng.uniform(8.2, 9.8))


def _any(_matter: Matter) -> bool:
    return True


def _plan(
    world: World,
    stops: str,
    at: datetime,
    *,
    requester: Person | None = None,
    fits: Callable[[Matter], bool] = _any,
    takes: float = 0.3,
) -> Plan:
    """A case that goes smoothly up to the step where it stops."""
    month = world.local(at).month
    found = [
        m for m in matters("ordinary") if m.fits(month) and fits(m) and m.kind not in ("hazard", "praise", "question")
    ]
    plan = plan_for(world, world.rng.choice(found), at, requester=requester)
    plan.withdraws = plan.sent_back = False
    plan.asks, plan.extension, plan.stops, plan.takes, plan.behalf = "", "", stops, takes, None
    if stops != "co_part":
        plan.co = ""
    if requester:
        plan.identity, plan.requester = Identity.NAMED, requester
    plan.verdict = Verdict(Resolved.YES, Satisfaction.SATISFIED, "", 1) if stops == "rate" else None
    return plan


def _of_the_first_two(world: World, first: Person, second: Person) -> Iterator[Plan]:
    """Those whom a visitor signs in as first have something to rate, to answer and to follow."""
    yield _plan(world, "rate", _back(world, 5), requester=first)
    yield _plan(world, "reply", _back(world, 4), requester=first)
    yield _asking(world, _back(world, 2), second)
    yield _plan(world, "accept", world.now - timedelta(hours=2), requester=second)
    for person, back in ((first, 60), (second, 45), (second, 110)):
        if world.working_day(back) < world.opened:
            continue
        plan = _plan(world, "", _back(world, back), requester=person)
        plan.verdict = Verdict(Resolved.YES, Satisfaction.VERY_SATISFIED, "", 20)
        yield plan


def _asking(world: World, at: datetime, requester: Person | None = None) -> Plan:
    plan = _plan(world, "", at, requester=requester, fits=lambda matter: bool(matter.ask))
    plan.asks, plan.answers = "handler", False
    return plan


def _special(world: World) -> Iterator[Plan]:
    """What happens rarely, but must be there to be seen."""
    for _ in range(2):
        yield _asking(world, _back(world, 3))
        yield _plan(world, "co_part", _back(world, 4), fits=lambda matter: matter.co in world.enterprise.places)
        late = _plan(world, "decide_extension", _back(world, 6), fits=lambda matter: bool(matter.delay))
        late.extension = "approved"
        yield late
        unhappy = _plan(world, "redispatch", _back(world, 6), fits=lambda matter: bool(matter.again))
        said = unhappy.words.say(unhappy.words.matter.unsolved, unhappy.at.date())
        unhappy.verdict = Verdict(Resolved.NO, Satisfaction.DISSATISFIED, said, UNHAPPY_AFTER)
        yield unhappy
    withdrawn = _plan(world, "", _back(world, 3))
    withdrawn.withdraws = True
    yield withdrawn
    for matter in [matter for matter in matters("decline") if matter.appeal][:1]:
        yield _still(plan_for(world, matter, _back(world, 4)), "judge_appeal")
    for matter in [matter for matter in matters("decline") if not matter.appeal][:1]:
        yield _still(plan_for(world, matter, _back(world, 5)), "")
    yield _still(
        cluster(world, next(m for m in matters("cluster") if m.fits(world.local(world.now).month)), _back(world, 1)),
        "reply",
    )
    yield _still(
        plan_for(world, next(m for m in matters("ordinary") if m.kind == "hazard"), world.now - timedelta(hours=5)),
        "reply",
    )


def _still(plan: Plan, stops: str) -> Plan:
    plan.stops, plan.withdraws, plan.asks = stops, False, ""
    plan.takes = 0.4
    return plan


def _elsewhere(world: World) -> Iterator[Plan]:
    """Every desk of a company has something to accept, to sign and to answer."""
    places = world.enterprise.places
    for company in [place for place in places.values() if place.kind == UnitKind.COMPANY]:
        local = world.enterprise.plain_in(company.key)
        for stops, back in (("dispatch", 1), ("sign", 2), ("reply", 7)):
            plan = _plan(world, stops, _back(world, back), requester=world.rng.choice(local))
            plan.lead = f"{company.key}-office" if back == 1 else company.key
            yield plan
        yield _plan(world, "accept", world.now - timedelta(hours=3), requester=world.rng.choice(local))
    for stops, back in (("accept", 1), ("take_up", 2), ("reply", 9)):
        plan = conduct(world, _back(world, back))
        while plan.lead != ROOT:
            plan = conduct(world, _back(world, back))
        plan.stops, plan.takes = stops, 0.5
        yield plan
