"""Whoever may be meant never receives a case, however they are spelt, and never says themselves that nobody is."""

import random

import pytest

from lianxin.cases.models import Case, PossibleSubject
from lianxin.cases.queries import get_case_for
from lianxin.cases.services import triage
from lianxin.kernel.errors import NotFound
from lianxin.notifications.models import Notice
from lianxin.org.enums import Role
from lianxin.org.models import Employment, Person, Post, RoleGrant, Unit
from tests.factories.cases import submit
from tests.factories.org import LONG_AGO, PersonFactory, UnitFactory, grant
from tests.nlp.test_resemblance import INSPECTOR, NOT_MEANT, SHEN, disguise

BODY = "食堂旁边路灯不亮，想请人看看。"
WALL = "东墙马上要塌了，下面有人在干活。"


def sees(person, case):
    try:
        get_case_for(Person.objects.get(pk=person.pk), case.pk)
    except NotFound:
        return False
    return True


def is_told(person, case):
    return Notice.objects.filter(recipient=person, subject_id=str(case.pk)).exists()


def reached(person, case):
    return sees(person, case) or is_told(person, case)


def received(case):
    """Whether somebody was told, be it a dispatcher further up or a deputy."""
    return Notice.objects.filter(subject_id=str(case.pk)).exists()


def becomes(person, name, number, post, unit):
    Person.objects.filter(pk=person.pk).update(name=name, employee_no=number)
    Post.objects.create(person=person, name=post, unit=unit, started_on=LONG_AGO)


@pytest.fixture
def bridge(house):
    """The company is the one of 石桥, with a dispatcher and an inspector."""
    Unit.objects.filter(pk=house.company.pk).update(name="石桥县供电公司")
    becomes(house.dispatcher, "沈慧桂", "10461", "党建专责", house.company)
    becomes(house.inspector, "贺佳颖", "10464", "纪检专责", house.company)
    return house


@pytest.mark.parametrize("start", range(4))
def test_no_spelling_brings_a_case_to_the_dispatcher_it_may_be_about(bridge, start):
    texts = SHEN[start::4]
    cases = {text: submit(bridge.li_na, BODY, about=text, place=bridge.workshop).case for text in texts}
    assert [text for text, case in cases.items() if reached(bridge.dispatcher, case)] == []
    assert [text for text, case in cases.items() if not received(case)] == []


def test_no_spelling_brings_a_hazard_to_the_dispatcher_it_may_be_about(bridge):
    cases = {text: submit(bridge.li_na, WALL, about=text, place=bridge.workshop).case for text in SHEN[::4]}
    assert [text for text, case in cases.items() if reached(bridge.dispatcher, case)] == []
    assert [text for text, case in cases.items() if not received(case)] == []


def test_no_spelling_brings_a_matter_of_conduct_to_the_inspector_it_may_be_about(bridge):
    texts = [*INSPECTOR, "书记", "领导", "那个人"]
    cases = {text: submit(bridge.li_na, BODY, about=text, place=bridge.workshop, kind="conduct").case for text in texts}
    assert [text for text, case in cases.items() if reached(bridge.inspector, case)] == []
    assert [text for text, case in cases.items() if not received(case)] == []


def test_a_leader_of_the_place_does_not_get_a_hazard_that_may_be_about_them(bridge):
    leader = PersonFactory(name="阿依古丽·买买提", unit=bridge.workshop, roles={Role.UNIT_LEADER: bridge.workshop})
    for text in ("古丽姐", "阿依古力", "主任", "我们领导", "检修车间负责人"):
        assert not reached(leader, submit(bridge.li_na, WALL, about=text, place=bridge.workshop).case), text
    assert reached(leader, submit(bridge.li_na, WALL, place=bridge.workshop).case)


@pytest.mark.parametrize("seed", range(3))
def test_random_disguises_reach_nobody_who_is_meant(bridge, seed):
    chance = random.Random(seed)
    leader = PersonFactory(name="覃国栋", employee_no="10777", unit=bridge.workshop)
    grant(leader, Role.UNIT_LEADER, bridge.workshop)
    becomes(leader, "覃国栋", "10777", "检修车间主任", bridge.workshop)
    for pk, kind, body in (
        (bridge.dispatcher.pk, "help", BODY),
        (bridge.inspector.pk, "conduct", BODY),
        (leader.pk, "hazard", WALL),
    ):
        person = Person.objects.get(pk=pk)
        role = {"help": "受理员", "conduct": "纪检员", "hazard": "领导"}[kind]
        post = person.posts.get().name
        for _ in range(6):
            text = disguise(chance, person.name, person.employee_no, post, role)
            case = submit(bridge.li_na, body, about=text, place=bridge.workshop, kind=kind).case
            assert not reached(person, case), (text, kind)


def test_in_an_enterprise_of_one_level_a_supervisor_settles_what_names_nobody(house):
    case = submit(house.li_na, BODY, about="那个胖子", place=house.root).case
    assert not reached(house.head_dispatcher, case)
    assert (is_told(house.head_supervisor, case), sees(house.supervisor, case)) == (True, False)
    triage.settle_subjects(actor=house.head_supervisor, case_id=case.pk, nobody=True)
    case = Case.objects.get(pk=case.pk)
    assert (case.desk_role, is_told(house.head_dispatcher, case)) == ("", True)


def test_where_there_is_only_one_dispatcher_and_nobody_else_it_stays_with_them(house):
    RoleGrant.objects.filter(role__in=[Role.SUPERVISOR, Role.INSPECTOR, Role.UNIT_LEADER]).delete()
    RoleGrant.objects.filter(person=house.head_dispatcher).delete()
    case = submit(house.li_na, BODY, about="那个胖子", place=house.workshop).case
    assert (reached(house.dispatcher, case), case.subjects_unsettled) == (True, True)


def test_danger_does_not_wait_for_a_deputy(house):
    case = submit(house.li_na, WALL, about="那个胖子", place=house.root).case
    assert reached(house.head_dispatcher, case)


def test_a_name_that_only_sounds_like_somebody_at_the_desk_is_settled_first(house):
    Person.objects.filter(pk=house.dispatcher.pk).update(name="章玮")
    PersonFactory(name="张伟", unit=house.logistics)
    case = submit(house.li_na, BODY, about="张伟", place=house.workshop).case
    assert (reached(house.dispatcher, case), case.subjects_unsettled) == (False, True)


def test_all_who_work_in_a_named_unit_are_left_out_and_a_supervisor_takes_their_place(house):
    party = UnitFactory(parent=house.root, name="党建工作部")
    for person in (house.dispatcher, house.head_dispatcher):
        Employment.objects.filter(person=person).update(unit=party)
    case = submit(house.li_na, BODY, about="党建工作部", place=house.workshop).case
    assert [reached(who, case) for who in (house.dispatcher, house.head_dispatcher)] == [False, False]
    assert (case.subjects_unsettled, is_told(house.supervisor, case)) == (False, True)
    triage.name_people(actor=house.supervisor, case_id=case.pk, people=[house.handler])
    assert not sees(house.head_dispatcher, case)


def test_a_post_in_a_named_unit_is_settled_first(house):
    party = UnitFactory(parent=house.company, name="党建工作部")
    Employment.objects.filter(person=house.dispatcher).update(unit=party)
    case = submit(house.li_na, BODY, about="党建工作部受理专责", place=house.workshop).case
    assert (case.subjects_unsettled, reached(house.dispatcher, case)) == (True, False)


@pytest.mark.parametrize("text", ["检修车间建国", "李娜跟党建专责", "李娜他们主任", "李娜的领导", "部门的人"])
def test_words_beside_a_name_that_may_mean_somebody_else_are_settled_first(house, text):
    assert submit(house.li_na, BODY, about=text, place=house.workshop).case.subjects_unsettled


def test_a_danger_about_the_whole_enterprise_is_received_and_settled_later(house):
    case = submit(house.li_na, WALL, about="光明供电集团", place=house.workshop).case
    assert (reached(house.head_dispatcher, case), case.subjects_unsettled) == (True, True)


def test_handed_over_unsettled_it_goes_to_an_inspector_further_up(house):
    case = submit(house.li_na, BODY, about="那个胖子", place=house.workshop).case
    triage.seal_case(actor=house.head_dispatcher, case_id=case.pk, text="反映的是作风问题。")
    assert (reached(house.inspector, case), reached(house.head_inspector, case)) == (False, True)


def test_it_takes_as_many_statements_for_many_people_in_line_as_for_few(house, django_assert_max_num_queries):
    for _ in range(30):
        grant(PersonFactory(unit=house.company), Role.HANDLER, house.company)
    with django_assert_max_num_queries(60):
        submit(house.li_na, BODY, about="那个胖子", place=house.workshop)


@pytest.mark.parametrize("text", NOT_MEANT)
def test_who_cannot_be_meant_is_not_marked(bridge, text):
    submit(bridge.li_na, BODY, about=text, place=bridge.workshop)
    assert not PossibleSubject.objects.filter(mark=f"={bridge.head_dispatcher.name}").exists()


@pytest.mark.parametrize("where", ["title", "body"])
def test_whoever_would_receive_it_and_is_named_in_the_text_is_not_asked(bridge, where):
    words = {"title": "热水", "body": BODY} | {where: "受理员沈慧桂态度恶劣，请处理。"}
    case = submit(bridge.li_na, words["body"], title=words["title"], kind="complaint", place=bridge.workshop).case
    assert (reached(bridge.dispatcher, case), received(case), case.subjects_unsettled) == (False, True, True)


def test_a_handler_named_in_the_text_does_not_receive_conduct_about_them_and_praise_goes_its_way(bridge):
    conduct = submit(bridge.li_na, "贺佳颖上班打牌喝酒。", kind="conduct", place=bridge.workshop).case
    assert not reached(bridge.inspector, conduct)
    praise = submit(bridge.li_na, "沈慧桂师傅办事很快，谢谢！", kind="praise", place=bridge.workshop).case
    assert (reached(bridge.dispatcher, praise), praise.subjects_unsettled) == (True, False)
