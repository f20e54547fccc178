from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q

from lianxin.kernel import clock, rows
from lianxin.kernel.models import BusinessHours, Throttle
from lianxin.ledger.models import Event
from lianxin.notifications.models import Notice
from lianxin.org.enums import UnitKind
from lianxin.org.models import Person, Unit
from tests.factories.org import PersonFactory, UnitFactory

NOON = datetime(2026, 11, 24, 12, 3, tzinfo=UTC)


def an_event(action="submit", **more):
    return Event(
        subject_type="case", subject_id=str(uuid4()), action=action, at=NOON, data={"到": ["期", None]}, **more
    )


def test_a_row_is_stored_as_the_orm_stores_it(db):
    ours, theirs = an_event(), an_event()
    rows.insert(ours)
    theirs.save()
    assert ours.pk != theirs.pk
    stored = Event.objects.get(pk=ours.pk)
    for field in Event._meta.concrete_fields:
        if field.attname not in ("id", "subject_id"):
            assert getattr(stored, field.attname) == getattr(Event.objects.get(pk=theirs.pk), field.attname)


def test_rows_of_several_tables_go_in_their_order_and_know_that_they_are_stored(db):
    first, second = an_event("first"), an_event("second")
    notice = Notice(recipient_id=PersonFactory().pk, kind="overdue", subject_type="case", subject_id="1", at=NOON)
    rows.insert(first, notice, second)
    assert list(Event.objects.order_by("action").values_list("action", flat=True)) == ["first", "second"]
    assert Notice.objects.get() == notice
    assert [row._state.adding for row in (first, notice, second)] == [False, False, False]
    assert first._state.db == "default"


def test_keys_that_the_database_makes_are_filled_in_in_the_order_of_the_rows(db):
    early, late = BusinessHours(opens=time(19), closes=time(20)), BusinessHours(opens=time(21), closes=time(22))
    rows.insert(early, late)
    assert early.pk < late.pk
    assert list(BusinessHours.objects.filter(pk__in=[early.pk, late.pk])) == [early, late]


def test_nothing_is_stored_without_a_row(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        rows.insert()


def test_of_rows_that_the_database_refuses_none_stays(db):
    hours = BusinessHours(opens=time(19), closes=time(21))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(hours, BusinessHours(opens=time(19), closes=time(22)))
    assert not BusinessHours.objects.filter(opens=time(19)).exists()


def test_the_same_statement_stays_right_once_the_database_has_it_planned(db):
    for number in range(12):
        rows.insert(Throttle(key=bytes([number]) * 32, count=number * 100_000, expires=NOON + timedelta(days=number)))
    assert list(Throttle.objects.order_by("count").values_list("count", flat=True)) == [n * 100_000 for n in range(12)]


def test_columns_and_instances_belong_together(db):
    li_na = PersonFactory(name="李娜", phone=None)
    unit = UnitFactory(name="机加一车间")
    with rows.prepared() as cursor:
        cursor.execute(
            f"SELECT {rows.columns(Person, 'p')}, {rows.columns(Unit, 'u')} FROM org_person p, org_unit u"  # noqa: S608
            " WHERE p.id = %s AND u.id = %s",
            [li_na.pk, unit.pk],
        )
        person, place = rows.instances(cursor.fetchone(), Person, Unit)
    assert (person, person.name, person.phone) == (li_na, "李娜", None)
    assert (place, place.name, place.path) == (unit, "机加一车间", unit.path)
    person.name = "李敏"
    person.save()
    assert Person.objects.get().name == "李敏"


def test_what_an_outer_join_does_not_find_is_none(db):
    li_na = PersonFactory()
    with rows.prepared() as cursor:
        cursor.execute(
            f"SELECT {rows.columns(Person, 'p')}, {rows.columns(Unit, 'u')} FROM org_person p"  # noqa: S608
            " LEFT JOIN org_unit u ON u.id = -1 WHERE p.id = %s",
            [li_na.pk],
        )
        assert rows.instances(cursor.fetchone(), Person, Unit) == [li_na, None]


def test_a_prepared_statement_is_counted_like_any_other(db, django_assert_num_queries):
    with django_assert_num_queries(1), rows.prepared() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_a_value_stays_a_value(db):
    evil = "'); DELETE FROM org_person; --"
    with rows.prepared() as cursor:
        cursor.execute("SELECT %s::text", [evil])
        assert cursor.fetchone() == (evil,)


def test_what_is_left_out_is_read_when_it_is_asked_for(db, django_assert_num_queries):
    named = rows.Partly(Person, frozenset({"phone"}))
    li_na = PersonFactory(name="李娜", phone="13900000001")
    with rows.prepared() as cursor:
        cursor.execute(f"SELECT {rows.columns(named, 'p')} FROM org_person p")  # noqa: S608
        (person,) = rows.instances(cursor.fetchone(), named)
    with django_assert_num_queries(0):
        assert (person.pk, person.name) == (li_na.pk, "李娜")
    with django_assert_num_queries(1):
        assert person.phone == "13900000001"


def test_objects_are_read_with_what_they_point_to(db, django_assert_num_queries):
    wang_dong = PersonFactory(name="王东")
    rows.insert(an_event("submit"), an_event("reply", actor_id=wang_dong.pk))
    kept = rows.statement(Event.objects.select_related("actor").order_by("-action"))
    with django_assert_num_queries(1):
        submit, reply = rows.objects(Event, "actor", kept)
        assert (submit.actor, reply.actor.name, reply.data) == (None, "王东", {"到": ["期", None]})


def test_what_is_there_already_is_not_inserted_again(db):
    for count in (1, 2):
        rows.insert_new(Throttle(key=b"k" * 32, count=count, expires=NOON))
    assert Throttle.objects.get().count == 1


def test_members_of_enumerations_stand_in_the_words_and_all_else_beside_them(db):
    root = UnitFactory(name="总公司", kind=UnitKind.COMPANY)
    kept = rows.statement(Unit.objects.filter(kind__in=[UnitKind.COMPANY], name="总公司").values_list("pk"))
    assert "IN ('company')" in kept.text
    assert kept.values == ("总公司",)
    assert rows.run(kept) == [(root.pk,)]


def test_the_database_plans_it_once(db):
    with rows.prepared() as cursor:
        for _ in range(8):
            cursor.execute("SELECT path FROM org_unit WHERE id = %s", [0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT path FROM org_unit%%'")
        assert cursor.fetchone() == (1,)


def test_a_kept_statement_finds_what_is_so_at_the_moment(db, django_assert_num_queries):
    rows.insert(*(Throttle(key=bytes([n]) * 32, count=n, expires=NOON + timedelta(days=n)) for n in (1, 2, 3)))
    over = Count("key", filter=Q(expires__lt=rows.NOW))
    kept = rows.statement(rows.counted(Throttle.objects.all(), over=over, sum=Count("key")))
    with clock.frozen(NOON + timedelta(days=2, hours=1)), django_assert_num_queries(1):
        assert rows.run(kept) == [(2, 3)]
    with clock.frozen(NOON):
        assert rows.run(kept) == [(0, 3)]


def test_what_can_find_nothing_is_not_asked(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert rows.run(rows.statement(Throttle.objects.filter(pk__in=[]).values_list("count"))) == []


def test_numbers_are_found_in_one_go_and_nothing_is_asked_for_no_words(db, django_assert_num_queries):
    UnitFactory(), UnitFactory()
    units = rows.statement(rows.counted(Unit.objects.all(), number=Count("pk")))
    soon = rows.Statement("SELECT count(*) FROM org_unit WHERE %s > %s", (rows.NOW, NOON))
    with django_assert_num_queries(1), clock.frozen(NOON):
        assert rows.numbers(units, rows.Statement("", ()), soon, units) == [2, 0, 0, 2]
    with django_assert_num_queries(0):
        assert rows.numbers(rows.Statement("", ())) == [0]


def test_what_may_wait_is_written_together_in_its_order(db, django_assert_num_queries):
    person = PersonFactory()
    with django_assert_num_queries(1), rows.written_together():
        for action in ("first", "second", "third"):
            rows.insert(an_event(action), may_wait=True)
            notice = Notice(recipient_id=person.pk, kind=action, subject_type="case", subject_id="1", at=NOON)
            rows.insert(notice, may_wait=True)
    assert list(Event.objects.order_by("action").values_list("action", flat=True)) == ["first", "second", "third"]
    assert Notice.objects.count() == 3
    assert Event.objects.order_by("action").last().data == {"到": ["期", None]}


def test_many_rows_of_several_tables_keep_their_order_and_get_their_keys(db, django_assert_num_queries):
    events = [an_event(f"{number:02}") for number in range(14)]
    throttle = Throttle(key=b"k" * 32, count=1, expires=NOON)
    with django_assert_num_queries(2):
        rows.insert(events[0], throttle, *events[1:])
    found = list(Event.objects.order_by("action").values_list("id", "action"))
    assert found == [(event.pk, f"{number:02}") for number, event in enumerate(events)]
    assert Throttle.objects.get() == throttle
    assert not any(row._state.adding for row in [*events, throttle])


def test_of_very_many_the_rows_of_each_table_are_written_in_one_go(db, django_assert_num_queries):
    with django_assert_num_queries(1), rows.written_together():
        for number in range(30):
            rows.insert(an_event(f"{number:02}"), may_wait=True)
    assert list(Event.objects.order_by("action").values_list("action", flat=True)) == [f"{n:02}" for n in range(30)]


def test_what_may_not_wait_is_there_at_once_and_nothing_waits_outside(db):
    with rows.written_together():
        rows.insert(an_event("now"))
        rows.insert(an_event("later"), may_wait=True)
        assert Event.objects.get().action == "now"
    rows.insert(an_event("alone"), may_wait=True)
    assert list(Event.objects.order_by("action").values_list("action", flat=True)) == ["alone", "later", "now"]


def test_of_work_that_fails_nothing_is_written(db):
    def fail():
        with rows.written_together():
            rows.insert(an_event(), may_wait=True)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    rows.insert(an_event("after"), may_wait=True)
    assert Event.objects.get().action == "after"


def test_rows_are_updated_as_they_are(db, django_assert_num_queries):
    people = [PersonFactory(name=f"李娜{n}", phone=None) for n in range(3)]
    for n, person in enumerate(people):
        person.name, person.phone = f"李敏{n}", f"1390000000{n}"
    with django_assert_num_queries(1):
        rows.update(people[:2])
    rows.update([])
    assert list(Person.objects.order_by("pk").values_list("name", "phone")) == [
        ("李敏0", "13900000000"), ("李敏1", "13900000001"), ("李娜2", None),
    ]  # fmt: skip


def test_lists_are_found_in_one_go_and_nothing_is_asked_for_no_words(db, django_assert_num_queries):
    units = [UnitFactory().pk for _ in range(3)]
    some = rows.statement(Unit.objects.filter(pk__in=units[:2]).order_by("pk").values_list("pk"))
    none = rows.statement(Person.objects.values_list("pk"))
    with django_assert_num_queries(1):
        assert rows.lists(rows.Statement("", ()), some, none) == [[], units[:2], []]
    with django_assert_num_queries(0):
        assert rows.lists(rows.Statement("", ())) == [[]]
