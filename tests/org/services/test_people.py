from datetime import date, timedelta

import pytest

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.org.enums import Role
from lianxin.org.events import person_corrected, person_left, person_returned
from lianxin.org.models import Person
from lianxin.org.queries import active_people
from lianxin.org.services import (
    NewPerson,
    add_people,
    add_person,
    correct_person,
    end_post,
    end_unit,
    give_post,
    move_person,
    record_departure,
    take_back_person,
)
from tests.factories.org import LONG_AGO, PersonFactory, UnitFactory, grant
from tests.org.stories import record_of
from tests.queries import count_queries
from tests.signals import hearing

TODAY = timezone.today()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def heard():
    """What the contexts above are told."""
    with hearing(person_left, person_returned, person_corrected) as heard:
        yield heard


def stays_of(person):
    return [(stay.unit.name, stay.started_on, stay.ended_on) for stay in person.employments.all()]


def test_zhou_min_adds_wang_gang(zhou_min, line_team):
    person = add_person(
        actor=zhou_min,
        name="王 刚",
        employee_no=" １００２４ ",
        phone="+86 139-0000-0002",
        unit_id=line_team.pk,
        job_title="技工",
    )
    person = Person.objects.get(pk=person.pk)
    assert (person.name, person.employee_no, person.phone) == ("王 刚", "10024", "13900000002")
    assert stays_of(person) == [("线路一班", TODAY, None)]
    assert record_of(person) == [("add", "周敏")]


def newcomer(number, **more):
    return NewPerson(name=f"职工{number}", employee_no=f"N{number}", **more)


def test_twenty_are_added_in_as_many_statements_as_two(zhou_min, line_team, west):
    def add(numbers):
        people = [newcomer(n, unit_id=(line_team if n % 2 else west).pk, phone=f"138{n:08}") for n in numbers]
        add_people(actor=zhou_min, newcomers=people)

    add([0])
    two = count_queries(lambda: add([1, 2]))
    assert count_queries(lambda: add(range(3, 23))) == two
    last = Person.objects.get(employee_no="N22")
    assert (last.name, last.phone, stays_of(last)) == ("职工22", "13800000022", [(west.name, TODAY, None)])
    assert record_of(last) == [("add", "周敏")]


@pytest.mark.parametrize(
    ("first", "second", "field"),
    [
        ({"employee_no": "n1"}, {}, "employee_no"),
        ({"phone": "13800000001"}, {"phone": "13800000001"}, "employee_no"),
        ({"employee_no": "13800000001"}, {"phone": "13800000001"}, "phone"),
    ],
)
def test_of_people_who_would_sign_in_alike_none_is_added(zhou_min, line_team, first, second, field):
    people = [
        NewPerson(**{"name": "赵一", "employee_no": "N0", "unit_id": line_team.pk, **first}),
        NewPerson(**{"name": "钱二", "employee_no": "N1", "unit_id": line_team.pk, **second}),
    ]
    before = Person.objects.count()
    with pytest.raises(ValidationFailed) as refusal:
        add_people(actor=zhou_min, newcomers=people)
    assert (list(refusal.value.fields), Person.objects.count()) == ([field], before)


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"employee_no": "10023"}, "employee_no"),
        ({"phone": "139 0000 0001"}, "phone"),
        ({"employee_no": "13900000001"}, "employee_no"),
        ({"phone": "10023"}, "phone"),
        ({"phone": "一三九"}, "phone"),
        ({"name": " "}, "name"),
        ({"name": "王" * 51}, "name"),
    ],
)
def test_what_cannot_be_entered_is_said_at_its_field(zhou_min, line_team, li_na, entered, field):
    given = {"name": "王刚", "employee_no": "10024", "phone": "", **entered}
    with pytest.raises(ValidationFailed) as refusal:
        add_person(actor=zhou_min, unit_id=line_team.pk, **given)
    assert list(refusal.value.fields) == [field]


def test_nobody_is_added_to_an_ended_unit(zhou_min, west):
    end_unit(actor=zhou_min, unit_id=west.pk)
    with pytest.raises(ValidationFailed, match="西区供电所"):
        add_person(actor=zhou_min, name="王刚", employee_no="10024", unit_id=west.pk)


def test_a_correction_is_heard_and_recorded_without_what_it_was(zhou_min, li_na, heard):
    correct_person(actor=zhou_min, person_id=li_na.pk, name="李娜", employee_no="10099", phone="")
    assert heard == [(person_corrected, {"person_id": li_na.pk, "employee_no": "10099"})]
    assert record_of(li_na) == [("correct", "周敏")]
    correct_person(actor=zhou_min, person_id=li_na.pk, name="李娜", employee_no="10099", phone="")
    assert len(heard) == 1


def test_li_na_moves_to_the_west_and_her_years_in_the_east_are_kept(zhou_min, li_na, west):
    move_person(actor=zhou_min, person_id=li_na.pk, unit_id=west.pk, job_title="班长")
    assert stays_of(li_na) == [("线路一班", LONG_AGO, YESTERDAY), ("西区供电所", TODAY, None)]
    assert Person.objects.get(pk=li_na.pk).unit == west
    assert record_of(li_na) == [("move", "周敏")]


def test_a_move_entered_wrongly_is_replaced_on_the_same_day(zhou_min, li_na, east, west):
    move_person(actor=zhou_min, person_id=li_na.pk, unit_id=west.pk)
    move_person(actor=zhou_min, person_id=li_na.pk, unit_id=east.pk)
    assert stays_of(li_na) == [("线路一班", LONG_AGO, YESTERDAY), ("东区供电所", TODAY, None)]


@pytest.mark.parametrize("day", [date(2019, 12, 31), TODAY + timedelta(days=1)])
def test_a_move_has_a_day_that_can_be(zhou_min, li_na, west, day):
    with pytest.raises(ValidationFailed) as refusal:
        move_person(actor=zhou_min, person_id=li_na.pk, unit_id=west.pk, started_on=day)
    assert list(refusal.value.fields) == ["started_on"]


def test_people_are_moved_only_within_reach(east_admin, li_na, west, east, zhou_min):
    with pytest.raises(PermissionDenied):
        move_person(actor=east_admin, person_id=li_na.pk, unit_id=west.pk)
    move_person(actor=east_admin, person_id=li_na.pk, unit_id=east.pk)
    with pytest.raises(PermissionDenied):
        record_departure(actor=east_admin, person_id=zhou_min.pk)


def test_who_leaves_loses_every_role_at_once_and_keeps_their_history(zhou_min, li_na, east, line_team, heard):
    grant(li_na, Role.HANDLER, east)
    grant(li_na, Role.UNIT_LEADER, east, started_on=TODAY)
    give_post(actor=zhou_min, person_id=li_na.pk, name="班长", unit_id=line_team.pk, started_on=LONG_AGO)
    record_departure(actor=zhou_min, person_id=li_na.pk)
    li_na = Person.objects.get(pk=li_na.pk)
    assert li_na.grants == ()
    assert [(role.role, role.ended_on) for role in li_na.role_grants.all()] == [("handler", YESTERDAY)]
    assert stays_of(li_na) == [("线路一班", LONG_AGO, TODAY)]
    assert li_na.posts.get().ended_on == li_na.memberships.get().ended_on == li_na.left_on == TODAY
    assert heard == [(person_left, {"person_id": li_na.pk})]
    assert [action for action, _ in record_of(li_na)] == ["give_post", "end_role", "end_role", "leave"]


def test_if_a_receiver_fails_nobody_has_left(zhou_min, li_na):
    def fail(**_sent):
        raise RuntimeError("worklist")

    person_left.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            record_departure(actor=zhou_min, person_id=li_na.pk)
    finally:
        person_left.disconnect(fail)
    assert Person.objects.get(pk=li_na.pk).left_on is None
    assert record_of(li_na) == []


def test_the_only_system_administrator_cannot_leave(zhou_min, company):
    with pytest.raises(ValidationFailed, match="系统管理员"):
        record_departure(actor=zhou_min, person_id=zhou_min.pk)
    PersonFactory(unit=company, roles={Role.SYSTEM_ADMIN: company})
    record_departure(actor=zhou_min, person_id=zhou_min.pk)


def test_who_left_yesterday_is_gone_today_and_can_come_back(zhou_min, li_na, west, heard):
    record_departure(actor=zhou_min, person_id=li_na.pk, last_day=YESTERDAY)
    assert li_na not in active_people()
    with pytest.raises(ValidationFailed):
        move_person(actor=zhou_min, person_id=li_na.pk, unit_id=west.pk)
    with pytest.raises(ValidationFailed):
        take_back_person(actor=zhou_min, person_id=li_na.pk, unit_id=west.pk, started_on=YESTERDAY)
    take_back_person(actor=zhou_min, person_id=li_na.pk, unit_id=west.pk)
    assert li_na in active_people()
    assert stays_of(li_na) == [("线路一班", LONG_AGO, YESTERDAY), ("西区供电所", TODAY, None)]
    assert [signal for signal, _sent in heard] == [person_left, person_returned]


@pytest.mark.parametrize("day", [date(2019, 1, 1), TODAY + timedelta(days=1)])
def test_a_last_day_can_be(zhou_min, li_na, day):
    with pytest.raises(ValidationFailed) as refusal:
        record_departure(actor=zhou_min, person_id=li_na.pk, last_day=day)
    assert list(refusal.value.fields) == ["last_day"]


def test_a_post_is_held_at_one_place_until_it_ends(zhou_min, li_na, line_team, east_branch):
    for places in ({}, {"unit_id": line_team.pk, "party_organisation_id": east_branch.pk}):
        with pytest.raises(ValidationFailed):
            give_post(actor=zhou_min, person_id=li_na.pk, name="支委", **places)
    post = give_post(actor=zhou_min, person_id=li_na.pk, name="支委", party_organisation_id=east_branch.pk)
    assert (post.place, post.path) == (east_branch, east_branch.unit.path)
    end_post(actor=zhou_min, post_id=post.pk)
    with pytest.raises(ValidationFailed):
        end_post(actor=zhou_min, post_id=post.pk)
    assert [action for action, _ in record_of(li_na)] == ["give_post", "end_post"]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_the_same_number_at_once_one_is_told(together):
    team = UnitFactory()
    outcomes = together(
        lambda: add_person(actor=None, name="王刚", employee_no="10024", unit_id=team.pk),
        lambda: add_person(actor=None, name="王钢", employee_no="10024", unit_id=team.pk),
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Person", "ValidationFailed"]
    assert Person.objects.filter(employee_no="10024").count() == 1
