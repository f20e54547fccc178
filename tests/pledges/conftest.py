from dataclasses import dataclass
from datetime import timedelta

import pytest

from lianxin.kernel import timezone
from lianxin.org.enums import Role
from lianxin.org.models import PartyOrganisation, Person
from lianxin.pledges.models import Cycle, Pledge
from lianxin.pledges.services import draft_pledge, open_cycle
from lianxin.pledges.workflow import PLEDGE
from tests.factories.cases import Enterprise, found_enterprise
from tests.factories.org import PartyOrganisationFactory, PersonFactory, enrol

TEXT = "每月为检修车间的职工办一次安全用电讲解，全年不少于12次。"


@dataclass
class Branch:
    house: Enterprise
    organisation: PartyOrganisation
    secretary: Person
    cycle: Cycle

    def draft(self, author=None, text=TEXT, **more) -> Pledge:
        more = {"kind": "service", "due_on": self.cycle.ends_on} | more
        return draft_pledge(actor=author or self.house.handler, cycle=self.cycle, text=text, **more)

    def proposed(self, author=None, **more) -> Pledge:
        pledge = self.draft(author, **more)
        return act(pledge.author, pledge, "propose")

    def published(self, author=None, **more) -> Pledge:
        return act(self.secretary, self.proposed(author, **more), "publish")


def act(actor, pledge, action, **inputs) -> Pledge:
    return PLEDGE.perform_on(pledge.pk, action, actor=actor, **inputs)


def found_branch(house: Enterprise) -> Branch:
    """A branch at the company: 孙强 (handler) and 李娜 are members, 刘书记 is its secretary."""
    organisation = PartyOrganisationFactory(name="东城第一党支部", unit=house.company)
    secretary = PersonFactory(name="刘书记", unit=house.company, roles={Role.BRANCH_SECRETARY: house.company})
    for member in (house.handler, house.li_na, secretary):
        enrol(member, organisation)
    today = timezone.today()
    cycle = open_cycle(
        actor=secretary,
        branch_id=organisation.pk,
        title="2027年上半年",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=150),
    )
    return Branch(house, organisation, secretary, cycle)


@pytest.fixture
def branch(db) -> Branch:
    return found_branch(found_enterprise())
