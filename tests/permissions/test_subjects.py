"""Nobody whom a case is about, or may be about, reaches it: random names, written as people write them."""

import random
from contextlib import suppress
from uuid import uuid4

import pytest

from lianxin.cases import policies
from lianxin.cases.enums import CaseKind, Identity
from lianxin.cases.models import Attachment, Case, SearchRow
from lianxin.cases.queries import related_cases
from lianxin.cases.queries.notification_access import standing_of_cases
from lianxin.cases.queries.responsible_people import above_desk, at_desk, kept_from
from lianxin.cases.services import triage
from lianxin.cases.workflow import routing
from lianxin.hotissues.models import Issue, Membership
from lianxin.hotissues.policies import counted_for
from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.nlp.subjects import marks_of
from lianxin.notifications.models import Notice
from lianxin.notifications.policies import addressed_to
from lianxin.org.models import Person
from tests.cases.stories import fresh
from tests.factories.cases import category, submit
from tests.pages import post_raw

CANARY = "金丝雀"
TITLE = f"{CANARY}标题"
SURNAMES = ["张", "王", "李", "欧阳", "诸葛", "刘", "和", "高", "阿", "徐"]
GIVEN = "伟强娜和跟总工主任建国平洋大小老师明亮峰"
STAFF = (
    "dispatcher", "handler", "co_handler", "unit_leader", "supervisor", "inspector",
)  # fmt: skip

IN_FULL = (
    "{0} （{0}） {0}。 “{0}” {0}主任 {0}书记 {0}师傅 {0}经理 {0}班长 {0}科长 {0}工 {0}总 主任{0} 检修车间{0} "
    "检修车间的{0}师傅 后勤服务中心{0} 我们{0} 叫{0}的那个 {0}和王芳 王芳{0} {0}、王芳 王芳跟{0}师傅 {0}（男） "
    "姓名：{0} ＷＯＲＫＳＨＯＰ，{0} {0}等人 {0}，{0}"
)
BY_SURNAME = (
    "{0}主任 {0}书记 小{0} 老{0} {0}师傅 {0}总 {0}工 {0}某 {0}×× 姓{0}的 检修车间{0}师傅 {0}经理和王芳 {0}副主任 "
    "{0}主任、王芳 王芳，{0}班长"
)
BY_NUMBER = "{0} 工号{0} 工号：{0} （{0}） 王芳和{0}"


def spread(chance, name):
    """The name with spaces, dots or wide signs within."""
    sign = chance.choice(["", "", " ", "　", "·", "•", "\u200b", "."])
    return sign.join(name)


def written(chance, person):
    """How somebody might be written, and the surname where it is by that alone."""
    ways = chance.choices((IN_FULL, BY_SURNAME, BY_NUMBER), (5, 4, 1))[0]
    way = chance.choice(ways.split())
    if ways is BY_NUMBER:
        return way.format(person.employee_no), ""
    if ways is IN_FULL:
        return way.format(spread(chance, person.name)), ""
    surname = next(each for each in sorted(SURNAMES, key=len, reverse=True) if person.name.startswith(each))
    return way.format(surname), surname


def meant(person, subject, surname):
    return person.name.startswith(surname) if surname else person.pk == subject.pk


def rename(house, chance):
    for name in STAFF:
        person = getattr(house, name)
        person.name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.randint(1, 2)))
        Person.objects.filter(pk=person.pk).update(name=person.name)


def play(house, browsers, seed):
    chance = random.Random(seed)
    rename(house, chance)
    subject = getattr(house, chance.choice(STAFF))
    text, surname = written(chance, subject)
    hidden = {name for name in STAFF if meant(getattr(house, name), subject, surname)}
    kind = chance.choice([CaseKind.HELP, CaseKind.COMPLAINT, CaseKind.HAZARD, CaseKind.CONDUCT])
    identity = chance.choice(list(Identity))
    other = submit(house.wang_fang, body=f"{CANARY}的另一件事", title="另一件事", place=house.workshop).case
    raised_by = None if identity == Identity.ANONYMOUS else house.li_na
    more = {"kind": kind, "identity": identity, "about": text, "place": house.workshop, "title": TITLE}
    case = submit(raised_by, body=f"{CANARY}正文", **more).case
    file = Attachment.objects.create(case=case, name="照片.jpg", content_type="image/jpeg", size=1, key=str(uuid4()))
    issue = Issue.objects.create(name="热水", found_at=timezone.now())
    Membership.objects.create(issue=issue, case=case, standing="member")
    for name in hidden:
        assert_out_of_reach(house, browsers, name, case, other, file, f"{seed}: {text}")
    if fresh(case).subjects_unsettled and not case.sealed:
        settled(house, case, subject)
        assert_out_of_reach(house, browsers, name_of(house, subject), case, other, file, f"{seed} settled: {text}")


def name_of(house, person):
    return next(name for name in STAFF if getattr(house, name) == person)


def at_the_desk(house, case):
    """Whoever has the case at their desk now; nobody where all of them may be meant."""
    desks = (house.head_dispatcher, house.dispatcher, house.supervisor, house.head_supervisor)
    return next(
        (each for each in desks if "dispatcher" in policies.relations_of(fresh_person(each), fresh(case))), None
    )


def settled(house, case, subject):
    """Say that it is about one of them, and let it go its way."""
    kind = "hazard" if case.kind == "hazard" else "help"
    if desk := at_the_desk(house, case):
        triage.settle_subjects(actor=desk, case_id=case.pk, people=[subject])
        desk = at_the_desk(house, case)
        triage.accept_case(actor=desk, case_id=case.pk, kind=kind, category=category())
        with suppress(ValidationFailed):  # the only handler of that unit is meant
            triage.dispatch_case(actor=desk, case_id=case.pk, lead_unit=house.logistics)


def fresh_person(person):
    return Person.objects.get(pk=person.pk)


def assert_out_of_reach(house, browsers, name, case, other, file, why):
    person, case, other = Person.objects.get(pk=getattr(house, name).pk), fresh(case), fresh(other)
    assert_no_query_finds(person, case, other, why)
    assert_nobody_is_told(person, case, why)
    assert_no_page_shows(browsers[name], case, file, why)
    answer = post_raw(browsers[name], f"/case/{other.pk}/do/merge/", {"number": case.number, "expected": other.version})
    assert answer.status_code in {422, 403, 404}, why
    assert TITLE not in answer.content.decode(), why


def assert_no_query_finds(person, case, other, why):
    assert not policies.relations_of(person, case), why
    for seen in (Case.objects.visible_to(person), Case.objects.staff_visible_to(person)):
        assert not seen.filter(pk=case.pk).exists(), why
    assert not SearchRow.objects.searchable_by(person).filter(pk=case.pk).exists(), why
    assert case.pk in set(policies.named_in(person)), why
    assert standing_of_cases(person, [str(case.pk)]) == {}, why
    assert not Membership.objects.filter(counted_for(person), case=case).exists(), why
    followers, similar = related_cases(viewer=person, case=other)
    assert case.pk not in {each.pk for each in followers} | {each.case.pk for each in similar}, why


def assert_nobody_is_told(person, case, why):
    ways = (routing.dispatchers, routing.supervisors, routing.inspectors, routing.at_desk, at_desk, above_desk)
    assert person.pk not in {pk for way in ways for pk in way(case)}, why
    assert not routing.allowed(case, [person.pk]), why
    assert kept_from([case.pk], [person.pk]) == {person.pk}, why
    assert not Notice.objects.filter(addressed_to(person), subject_id=str(case.pk)).exists(), why


def assert_no_page_shows(browser, case, file, why):
    steps = [f"do/{action}/" for action in ("accept", "settle_subjects", "name_people", "dispatch", "note")]
    for address in (f"/file/{file.pk}/", *(f"/case/{case.pk}/{page}" for page in ("", "live/", *steps))):
        assert browser.get(address).status_code == 404, (why, address)
    queues = [f"/desk/?queue={queue}" for queue in ("all", "open", f"all&text={CANARY}", f"all&text={case.number}")]
    for address in ("/", "/inbox/", "/board/", "/hot/", *queues):
        page = browser.get(address, follow=True).content.decode()
        assert (TITLE in page, f"/case/{case.pk}/" in page) == (False, False), (why, address)


@pytest.mark.parametrize("seed", range(3))
def test_whom_a_case_may_be_about_cannot_reach_it(house, browsers, seed):
    play(house, browsers, seed)


@pytest.mark.stress
@pytest.mark.parametrize("seed", range(100, 400))
def test_whom_a_case_may_be_about_cannot_reach_it_ever(house, browsers, seed):
    play(house, browsers, seed)


def test_marks_of_every_random_name_hold_its_surname():
    chance = random.Random(7)
    for _ in range(200):
        surname = chance.choice(SURNAMES)
        name = surname + "".join(chance.sample(GIVEN, chance.randint(1, 2)))
        assert surname in marks_of(spread(chance, name)) or len(surname) == len(name)
