"""Pledges in the sample: two cycles of each branch, the one before concluded, the present one under way."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from lianxin.demo.simulation import Story, Unfinished, World
from lianxin.demo.templates import phrases
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, VersionConflict
from lianxin.org.enums import Role
from lianxin.org.models import Membership, PartyOrganisation, Person
from lianxin.pledges import services
from lianxin.pledges.enums import PledgeKind, PledgeOutcome
from lianxin.pledges.models import Cycle, Pledge
from lianxin.pledges.queries import citable_cases
from lianxin.pledges.workflow import PLEDGE

LENGTH, BEFORE = timedelta(days=90), timedelta(days=130)
"""How long a cycle lasts, and how long ago the one before began."""
PRESENT = timedelta(days=25)
BRANCHES, MEMBERS = 6, 4


def pledged(world: World) -> Iterator[tuple[datetime, Story[None]]]:
    """All cycles, each with the moment at which its secretary opens it."""
    branches = PartyOrganisation.objects.filter(~Q(depth=1)).select_related("unit").order_by("path")[:BRANCHES]
    for branch in branches:
        secretary = next(iter(_secretaries(branch)), None)
        if secretary is None:
            continue
        for began, title in ((BEFORE, "上一季度岗位承诺"), (PRESENT, "本季度岗位承诺")):
            day = world.local(world.now - began).date()
            if day > world.opened:
                yield world.moment(day, 8.6), _cycle(world, branch, secretary, title)


def _secretaries(branch: PartyOrganisation) -> list[Person]:
    held = Q(role_grants__role=Role.BRANCH_SECRETARY, role_grants__unit=branch.unit_id)
    return list(Person.objects.filter(held, left_on__isnull=True).order_by("pk"))


def _cycle(world: World, branch: PartyOrganisation, secretary: Person, title: str) -> Story[None]:
    today = timezone.today()
    cycle = services.open_cycle(
        actor=secretary, branch_id=branch.pk, title=title, starts_on=today, ends_on=today + LENGTH
    )
    here = Membership.objects.filter(party_organisation=branch, ended_on__isnull=True, person__left_on__isnull=True)
    members = [row.person for row in here.exclude(person=secretary.pk).select_related("person").order_by("pk")]
    for member, text in zip(members[:MEMBERS], world.rng.sample(phrases()["pledges"], MEMBERS), strict=False):
        world.begin(_pledge(world, cycle, secretary, member, text), world.at_work(world.rng.uniform(0.5, 4)))
    yield from ()


def _pledge(world: World, cycle: Cycle, secretary: Person, member: Person, text: str) -> Story[None]:
    vague = world.chance(0.2)
    words = "立足岗位，努力做好服务" if vague else text
    pledge = services.draft_pledge(
        actor=member,
        cycle=cycle,
        kind=world.rng.choice([PledgeKind.POST_GOAL, PledgeKind.SERVICE]),
        text=words,
        due_on=cycle.ends_on - timedelta(days=world.rng.choice([0, 0, 20, 50])),
    )
    _act(pledge, "propose", member)
    yield world.at_work(world.rng.uniform(0.3, 2))
    if vague:
        _act(pledge, "return", secretary, text="请写明做什么、做多少、何时完成，让同事能评。")
        yield world.at_work(1)
        _act(pledge, "edit", member, text=text)
        _act(pledge, "propose", member)
        yield world.at_work(0.5)
    _act(pledge, "publish", secretary)
    yield world.at_work(world.rng.uniform(4, 15))
    if case := citable_cases(member).first():
        _act(pledge, "cite", member, case=case)
    yield world.moment(pledge.due_on, 9)
    _act(pledge, "assess", member, text="已按承诺完成，记录在班组台账，欢迎同事监督。")
    yield world.at_work(2)
    outcome = PledgeOutcome.KEPT if world.chance(0.8) else PledgeOutcome.PARTLY
    _act(pledge, "conclude", secretary, outcome=outcome, text="支部会议听取同事意见后评定。")


def _act(pledge: Pledge, action: str, actor: Person, **inputs: Any) -> None:
    try:
        PLEDGE.perform_on(pledge.pk, action, actor=actor, **inputs)
    except (NotFound, VersionConflict) as error:  # somebody left in the middle, and their pledge was withdrawn
        raise Unfinished from error
