"""Sight as a query and relations to one case say the same."""

import random
from contextlib import suppress

import pytest

from lianxin.cases import policies
from lianxin.cases.enums import CaseState, Identity
from lianxin.cases.models import Case
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services import triage
from lianxin.cases.services.intake import Unreachable
from lianxin.cases.services.test_case import start_test_case
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import CASE
from lianxin.kernel.errors import LianxinError
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.models import Person, Unit
from tests.cases.stories import bring_to, fresh
from tests.factories.cases import in_progress, submit
from tests.factories.org import PersonFactory, UnitFactory, grant

ABOUT = [
    "赵敏",
    "孙强",
    "东城供电公司",
    "后勤服务中心",
    "甲1",
    "甲2",
    "甲3",
    "赵主任",
    "小孙",
    "郑总",
    "甲师傅",
    "那个领导",
]
BODIES = [
    "宿舍三楼没有热水。",
    "东墙马上要塌了，下面有人在干活。",
    "我真的不想活了。",
    "班长扬言要打人。",
    "护栏松了。",
]
STATES = [state for state in CaseState.values if state not in ("merged", "withdrawn")]


def raise_at_random(chance, people, units):
    """Cases of all sorts, dangers among them, of which some are open no longer."""
    for _ in range(18):
        about = "、".join(chance.sample(ABOUT, chance.randint(0, 2)))
        more = {"identity": chance.choice(list(Identity)), "about": about, "place": chance.choice(units)}
        said = {"body": chance.choice(BODIES), "kind": chance.choice(["help", "conduct", "hazard"])}
        with suppress(Unreachable):
            submit(chance.choice(people), **said, **more)
    dangers = list(Case.objects.exclude(danger="").exclude(requester=None).order_by("submitted_at"))
    for case in dangers[:2]:
        requester_services.withdraw_case(actor=case.requester, case_id=case.pk)


def stands_at_desk_of(person, case):
    """A confidential case stands at the desk of whoever raised it as at any other; a named one does not."""
    if case.identity == Identity.CONFIDENTIAL:
        return bool(policies.relations_by_role(person, case))
    return bool(set(policies.relations_of(person, case)) - {policies.Relation.REQUESTER})


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.stress) for seed in range(1, 8))])
def test_sight_is_the_cases_one_has_a_relation_to(house, seed):
    chance = random.Random(seed)
    units = [house.root, house.company, house.logistics, house.workshop]
    units += [UnitFactory(parent=chance.choice(units[1:])) for _ in range(3)]
    roles = [role for role in Role if role not in ADMINISTRATORS]
    for n in range(12):
        person = PersonFactory(name=f"甲{n}", unit=chance.choice(units))
        for role in chance.sample(roles, chance.randint(0, 3)):
            grant(person, role, chance.choice(units))
    people = list(Person.objects.all())
    raise_at_random(chance, people, units)
    for place in units:
        test = start_test_case(actor=house.system_admin, place=place)
        try:
            in_progress(house, test)
        except LianxinError:
            continue  # not this dispatcher's
        finally:
            requester_services.withdraw_case(actor=house.system_admin, case_id=test.pk)
    for state in STATES:
        bring_to(house, state, identity=chance.choice([Identity.NAMED, Identity.CONFIDENTIAL]))
    appealed = bring_to(house, CaseState.DECLINED)
    perform("appeal", actor=house.li_na, case_id=appealed.pk, text="请再看。")
    withdrawn = bring_to(house, CaseState.IN_PROGRESS)
    requester_services.withdraw_case(actor=house.li_na, case_id=withdrawn.pk, asked=True)
    bring_to(house, CaseState.MERGED)
    for case in Case.objects.filter(state="submitted", sealed=False)[:5]:
        try:
            triage.name_people(actor=house.dispatcher, case_id=case.pk, people=chance.sample(people, 2))
        except LianxinError:
            continue
    cases = [fresh(case) for case in Case.objects.all()]
    seen = 0
    for person in Person.objects.all():
        by_relation = {case.pk for case in cases if policies.relations_of(person, case)}
        assert set(Case.objects.visible_to(person).values_list("pk", flat=True)) == by_relation, person
        at_desk = {case.pk for case in cases if stands_at_desk_of(person, case)}
        assert set(Case.objects.staff_visible_to(person).values_list("pk", flat=True)) == at_desk
        seen += len(by_relation)
    assert seen > 100


def test_administrators_see_no_case(house):
    bring_to(house, CaseState.IN_PROGRESS)
    for admin in (house.system_admin, house.security_admin, house.audit_admin):
        assert not Case.objects.visible_to(admin).exists()
    assert Unit.objects.exists()


def test_every_action_says_who_may(house):
    assert CASE.allowed("rate") == {"requester"}
    assert CASE.allowed("dispatch") == {"dispatcher", "supervisor"}
