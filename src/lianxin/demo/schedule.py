"""Draws the two years: who raises what on which day, and how it will go."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from lianxin.cases.enums import Identity, Resolved, Satisfaction
from lianxin.demo.enterprise import ROOT
from lianxin.demo.plans import Pace, Plan, Verdict, identity_for, lead_for, pace_of
from lianxin.demo.simulation import World
from lianxin.demo.templates import Matter, matters, phrases, words
from lianxin.org.queries import Person

T = TypeVar("T")
S = Satisfaction

HOURS_OF_A_DAY = (7.2, 8.3, 9.1, 10.2, 11.3, 12.2, 12.6, 13.4, 14.6, 15.7, 16.8, 17.8, 19.2, 20.1, 20.9, 21.6, 22.3)
DAYS_OFF = 0.4
"""How many cases a day off brings, of a working day's."""
AT_FIRST = 0.55
"""How many cases a day brought at the beginning, of those it brings now: it takes time until people trust it."""
RATES, RATES_LATE = 0.68, 0.05
RATING_WINDOW = 24 * 7
A_CLUSTER_IN, A_DECLINE_IN, A_CONDUCT_IN = 60, 32, 55
"""One in so many cases."""


def days_of(world: World, count: int) -> list[date]:
    """The days on which so many cases are raised, in order."""
    last = world.local(world.now).date()
    days = [world.opened + timedelta(days=n) for n in range((last - world.opened).days + 1)]
    weights = [
        (AT_FIRST + (1 - AT_FIRST) * n / len(days)) * (1 if world.calendar.is_working_day(day) else DAYS_OFF)
        for n, day in enumerate(days)
    ]
    return sorted(world.rng.choices(days, weights, k=count))


def drawn(world: World, count: int) -> Iterator[Plan]:
    """So many cases over the whole time, most of them ordinary."""
    for day in days_of(world, count):
        at = world.moment(day, world.rng.choice(HOURS_OF_A_DAY))
        if world.chance(1 / A_CONDUCT_IN):
            yield conduct(world, at)
        elif world.chance(1 / A_DECLINE_IN):
            yield plan_for(world, seasonal(world, "decline", day), at)
        elif world.chance(1 / A_CLUSTER_IN):
            yield cluster(world, seasonal(world, "cluster", day), at)
        else:
            yield plan_for(world, seasonal(world, "ordinary", day), at)


def seasonal(world: World, kind_of_story: str, day: date) -> Matter:
    """A matter that fits the season; one that belongs to it comes more often than one of every day."""
    fitting = [matter for matter in matters(kind_of_story) if matter.fits(day.month)]
    weights = [matter.weight * (1 if matter.when == "all" else 2.2) for matter in fitting]
    return world.rng.choices(fitting, weights)[0]


def plan_for(world: World, matter: Matter, at: datetime, *, requester: Person | None = None) -> Plan:
    """How one case about the matter, raised then, will go."""
    rng, enterprise = world.rng, world.enterprise
    requester = requester or rng.choice(enterprise.plain)
    place = enterprise.key_of[requester.pk]
    lead = lead_for(enterprise, matter.lead, place)
    pace = pace_of(
        lead, (at.date() - world.opened) / max(timedelta(days=1), world.local(world.now).date() - world.opened)
    )
    plan = Plan(
        words=words(matter, rng, world.calendar, unit=enterprise.places[place].name),
        requester=requester,
        place=place,
        lead=lead,
        at=at,
        identity=identity_for(rng, matter.kind),
        takes=max(0.06, pace.takes * rng.lognormvariate(0, pace.varies)),
        co=matter.co if matter.co in enterprise.places and matter.co != lead else "",
        sent_back=world.chance(0.025),
        withdraws=world.chance(0.02),
        notes=world.chance(0.12),
        named_handler=world.chance(0.15),
    )
    _turns_out(world, plan, pace)
    if plan.identity == Identity.ANONYMOUS and world.chance(0.4):
        plan.place = ROOT  # some do not even say where they work
    return plan


def _turns_out(world: World, plan: Plan, pace: Pace) -> None:
    """Questions, extensions, somebody who writes it down for a colleague, and the rating."""
    matter = plan.words.matter
    if matter.ask and world.chance(0.45):
        plan.asks = world.rng.choice(("dispatcher", "handler", "handler"))
        plan.answers = world.chance(0.88)
    if matter.delay and (plan.takes > 1 or world.chance(0.12)):
        plan.extension = "approved" if world.chance(0.8) else "refused"
    if plan.identity == Identity.NAMED and world.chance(0.05):
        colleagues = [p for p in world.enterprise.plain_at(plan.place) if p != plan.requester]
        if colleagues:
            plan.behalf, plan.requester = plan.requester, world.rng.choice(colleagues)
    plan.verdict = verdict(world, plan, pace)
    if plan.verdict and plan.verdict.reopens:
        plan.second = second_verdict(world)


def verdict(world: World, plan: Plan, pace: Pace) -> Verdict | None:
    """What the requester will say; being late costs trust."""
    late = RATES_LATE + RATES
    drawn_ = world.rng.random()
    if drawn_ > late:
        return None
    hours = world.rng.uniform(1, 110) if drawn_ < RATES else world.rng.uniform(RATING_WINDOW + 12, RATING_WINDOW * 3)
    happy = pace.solves - (0.3 if plan.takes > 1 else 0)
    if world.chance(happy):
        levels = (S.VERY_SATISFIED,) * 5 + (S.SATISFIED,) * 5 + (S.FAIRLY_SATISFIED,)
        comment = _maybe(world, phrases()["pleased"], 0.35)
        return Verdict(Resolved.YES, world.rng.choice(levels), comment, hours)
    if plan.words.matter.unsolved and world.chance(0.55):
        resolved = world.rng.choice((Resolved.NO, Resolved.NO, Resolved.PARTLY))
        level = world.rng.choice((S.DISSATISFIED, S.DISSATISFIED, S.VERY_DISSATISFIED))
        return Verdict(resolved, level, plan.words.say(plan.words.matter.unsolved, plan.at.date()), hours)
    level = world.rng.choice((S.FAIRLY_SATISFIED, S.SATISFIED))
    return Verdict(Resolved.PARTLY, level, _maybe(world, phrases()["partly"], 0.5), hours)


def second_verdict(world: World) -> Verdict | None:
    """What they say after the second round."""
    if world.chance(0.15):
        return None
    hours = world.rng.uniform(2, 90)
    if world.chance(0.72):
        return Verdict(
            Resolved.YES,
            world.rng.choice((S.SATISFIED, S.FAIRLY_SATISFIED)),
            _maybe(world, phrases()["second_pleased"], 0.7),
            hours,
        )
    return Verdict(Resolved.PARTLY, S.DISSATISFIED, world.rng.choice(phrases()["second_unhappy"]), hours)


def _maybe(world: World, texts: Sequence[str], probability: float) -> str:
    return world.rng.choice(texts) if world.chance(probability) else ""


def cluster(world: World, matter: Matter, at: datetime, *, requester: Person | None = None) -> Plan:
    """Several people of one company raise the same within a day; the first one's case is handled, others follow."""
    first = plan_for(world, matter, at, requester=requester)
    first.withdraws, first.asks, first.behalf = False, "", None
    company = world.enterprise.company_of(first.place)
    near = world.enterprise.plain_in(company)
    if matter.lead != "own" and len(near) < len(matter.more) + 3:
        near = world.enterprise.plain
    others = world.rng.sample([p for p in near if p != first.requester], k=min(len(matter.more), len(near) - 1))
    for text, person in zip(matter.more, others, strict=False):
        same = Matter(category=matter.category, kind=matter.kind, lead=matter.lead, text=text, reply=matter.reply)
        follower = plan_for(world, same, at + timedelta(minutes=world.rng.randint(20, 300)), requester=person)
        follower.words.chosen = {**first.words.chosen, "unit": world.enterprise.places[follower.place].name}
        follower.withdraws, follower.behalf = False, None
        if follower.verdict and (follower.verdict.reopens or follower.verdict.hours > RATING_WINDOW / 2):
            follower.verdict = Verdict(Resolved.YES, S.SATISFIED, "", world.rng.uniform(2, 60))
        first.followers.append(follower)
    return first


def conduct(world: World, at: datetime, *, matter: Matter | None = None) -> Plan:
    """Something about how somebody conducts themselves: the inspectors' alone."""
    enterprise = world.enterprise
    plan = plan_for(world, matter or seasonal(world, "conduct", at.date()), at)
    home = enterprise.key_of[plan.requester.pk]
    if plan.words.matter.about == "head":
        plan.about = enterprise.places[home].people[0]
    elif plan.words.matter.about == "deputy":
        plan.about = enterprise.places[enterprise.company_of(home)].people[1]
    if plan.about == plan.requester:
        plan.about = None
    plan.withdraws = plan.sent_back = plan.notes = plan.named_handler = False
    plan.behalf, plan.co, plan.asks, plan.extension = None, "", "", ""
    plan.lead = enterprise.places[enterprise.key_of[plan.about.pk] if plan.about else plan.place].above or ROOT
    if plan.verdict and plan.verdict.reopens:
        plan.verdict.resolved, plan.verdict.satisfaction, plan.verdict.comment = Resolved.PARTLY, S.FAIRLY_SATISFIED, ""
    return plan
