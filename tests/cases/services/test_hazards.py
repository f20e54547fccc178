"""Danger comes first: clocks round the clock, everybody told at once, a level further up every 15 minutes."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.cases import policies
from lianxin.cases.enums import CaseKind, DeadlineKind, Relation, Urgency
from lianxin.cases.models import Case, Deadline, SlaRule
from lianxin.cases.queries import CaseFilter, desk_rows
from lianxin.cases.services import deadlines, requester, triage
from lianxin.cases.services.intake import Unreachable
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import sla
from lianxin.cases.workflow.danger import danger_of
from lianxin.kernel import timezone
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from lianxin.org.enums import Role
from lianxin.org.models import RoleGrant
from tests.cases.stories import SHANGHAI, day, inbox_of
from tests.factories.cases import category, submit
from tests.factories.org import PersonFactory

SUNDAY = day(5, 3)
WALL = "东墙马上要塌了，下面有人在干活"


def due(case):
    rows = Deadline.objects.filter(case=case, completed_at__isnull=True, cancelled_at__isnull=True)
    return dict(rows.values_list("kind", "due_at"))


def on_sunday(house, **more):
    with timezone.frozen(SUNDAY):
        return submit(house.li_na, WALL, **more).case


def scan_at(moment):
    with timezone.frozen(moment):
        return deadlines.scan()


@pytest.mark.parametrize("kind", ["", CaseKind.COMPLAINT, CaseKind.HAZARD])
def test_words_of_danger_run_round_the_clock_from_submission_whatever_the_kind(house, kind):
    case = on_sunday(house, kind=kind)
    assert due(case) == {
        "accept": SUNDAY + timedelta(hours=1),
        "contact": SUNDAY + timedelta(hours=4),
        "reply": SUNDAY + timedelta(hours=24),
    }
    with timezone.frozen(SUNDAY + timedelta(minutes=20)):
        triage.accept_case(
            actor=house.dispatcher,
            case_id=case.pk,
            kind=CaseKind.HAZARD,
            category=category("safety-1"),
            urgency=Urgency.EMERGENCY,
        )
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert due(case)["sign"] == SUNDAY + timedelta(minutes=50)
    assert due(case)["contact"] == SUNDAY + timedelta(hours=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)))  # noqa: DTZ001 - the zone comes next
def test_nights_holidays_and_make_up_days_do_not_matter_to_a_hazard(house, start):
    at = start.replace(tzinfo=SHANGHAI)
    case = Case(kind=CaseKind.COMPLAINT, danger="life", identity="named", submitted_at=at, place_unit=house.workshop)
    assert [(row.kind, row.due_at - at) for row in sla.submission_deadlines(case, unit=house.workshop, at=at)] == [
        (DeadlineKind.ACCEPT, timedelta(hours=1)),
        (DeadlineKind.CONTACT, timedelta(hours=4)),
        (DeadlineKind.REPLY, timedelta(hours=24)),
    ]


def test_an_anonymous_hazard_says_no_more_than_its_hour(house):
    with timezone.frozen(SUNDAY + timedelta(minutes=37)):
        case = submit(None, WALL, place=house.workshop).case
    assert due(case)["accept"] == SUNDAY + timedelta(hours=2)


def test_asking_does_not_pause_a_hazard(house):
    case = on_sunday(house)
    before = due(case)
    with timezone.frozen(SUNDAY + timedelta(minutes=5)):
        case = perform("ask", actor=house.dispatcher, case_id=case.pk, text="哪一段墙？")
    assert (case.state, due(case)) == ("submitted", before)


def test_a_level_further_up_every_fifteen_minutes_and_at_the_top_it_goes_on_without_doubling(house):
    leader = PersonFactory(name="高峰", unit=house.workshop, roles={Role.UNIT_LEADER: house.workshop})
    case = on_sunday(house)
    assert (inbox_of(house.dispatcher), inbox_of(leader)) == (["danger"], ["danger"])
    assert inbox_of(house.head_dispatcher) == []
    assert set(Notice.objects.filter(kind="danger").values_list("urgent", flat=True)) == {True}
    assert scan_at(SUNDAY + timedelta(minutes=14)) == 0
    for minutes in (15, 16, 30, 30, 45, 60):
        scan_at(SUNDAY + timedelta(minutes=minutes))
    assert inbox_of(house.head_dispatcher) == ["danger_waits"] * 4
    assert inbox_of(house.head_supervisor) == ["danger_waits"] * 3
    assert Deadline.objects.get(case=case, kind="accept").escalation_level == 4


def test_after_an_outage_it_is_the_level_it_would_have_been(house):
    case = on_sunday(house)
    scan_at(SUNDAY + timedelta(minutes=52))
    row = Deadline.objects.get(case=case, kind="accept")
    assert (row.escalation_level, row.escalates_at) == (3, SUNDAY + timedelta(minutes=60))
    assert inbox_of(house.head_supervisor) == ["danger_waits"]


def corrected(house, case, at, kind, urgency):
    with timezone.frozen(at):
        return triage.reclassify_case(
            actor=house.dispatcher, case_id=case.pk, kind=kind, category=category("safety-1"), urgency=urgency
        )


def test_a_correction_to_hazard_counts_from_then_and_back_gives_the_usual_time_again(house):
    with timezone.frozen(day(1, 9)):
        case = submit(house.li_na, "走廊的灯坏了。").case
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="help", category=category("safety-1"))
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
        perform("sign", actor=house.handler, case_id=case.pk)
    usual = due(case)
    corrected(house, case, day(1, 10), CaseKind.HAZARD, Urgency.URGENT)
    assert due(case) == {"contact": day(1, 14), "reply": day(2, 10)}
    assert inbox_of(house.handler)[-1] == "danger"
    case = corrected(house, case, day(1, 11), CaseKind.HELP, Urgency.NORMAL)
    assert (due(case), case.danger) == (usual, "")


def test_a_correction_makes_no_missed_deadline_good(house):
    case = on_sunday(house)
    with timezone.frozen(SUNDAY + timedelta(minutes=10)):
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="hazard", category=category("safety-1"))
    late = SUNDAY + timedelta(hours=5)
    corrected(house, case, late, CaseKind.HELP, Urgency.NORMAL)
    assert due(case) == {"contact": SUNDAY + timedelta(hours=4)}


def test_urgent_cases_stand_first(house):
    with timezone.frozen(day(1, 9)):
        calm = submit(house.li_na).case
    danger = on_sunday(house)
    for queue in ("open", "to_accept", "all"):
        rows = desk_rows(viewer=house.dispatcher, chosen=CaseFilter(queue=queue), stop=9)
        assert [row.pk for row in rows] == [danger.pk, calm.pk]


def test_what_nobody_would_receive_is_not_accepted(house):
    RoleGrant.objects.filter(role=Role.DISPATCHER).delete()
    with pytest.raises(Unreachable, match=r"还没有受理员|has no dispatcher"):
        submit(house.li_na)
    assert not Case.objects.exists()


def test_conduct_of_the_only_inspector_at_the_top_is_not_accepted(house):
    with pytest.raises(Unreachable, match="12388"):
        submit(house.li_na, "收礼。", kind="conduct", about="褚明")


def test_a_person_in_crisis_is_an_emergency_whatever_the_kind():
    assert danger_of("不想活了", CaseKind.HELP) == ("crisis", "emergency")


def test_limits_are_set_by_migration(db):
    rules = SlaRule.objects.filter(kind="hazard", category=None).values_list("clock", "amount", "measure")
    assert set(rules) == {
        ("accept", 1, "hours"),
        ("sign", 30, "minutes"),
        ("contact", 4, "hours"),
        ("reply", 24, "hours"),
    }


def hours_only(rows, *fields):
    moments = [value for row in rows.values_list(*fields) for value in row if value is not None]
    assert moments
    assert {(at.minute, at.second, at.microsecond) for at in moments} == {(0, 0, 0)}


def test_an_anonymous_hazard_is_told_at_once_and_keeps_no_more_than_its_hours(house):
    leader = PersonFactory(name="高峰", unit=house.workshop, roles={Role.UNIT_LEADER: house.workshop})
    start = SUNDAY + timedelta(minutes=37, seconds=12)
    with timezone.frozen(start):
        case = submit(None, WALL, place=house.workshop).case
    assert (inbox_of(house.dispatcher), inbox_of(leader)) == (["danger"], ["danger"])
    assert scan_at(start + timedelta(minutes=30)) == 0  # its clocks start at the full hour
    assert scan_at(SUNDAY + timedelta(minutes=75, seconds=3)) == 1
    assert scan_at(SUNDAY + timedelta(minutes=121, seconds=9)) >= 1
    with timezone.frozen(SUNDAY + timedelta(minutes=130, seconds=41)):
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="hazard", category=category("safety-1"))
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    hours_only(Case.objects.filter(pk=case.pk), "submitted_at", "supervised_at")
    hours_only(Deadline.objects.filter(case=case), "started_at", "completed_at", "cancelled_at")
    hours_only(Notice.objects.filter(subject_id=str(case.pk)), "at")
    hours_only(events_of("case", case.pk), "at")


def test_an_anonymous_hazard_gives_the_unit_its_whole_half_hour_to_sign(house):
    with timezone.frozen(SUNDAY + timedelta(minutes=5)):
        case = submit(None, WALL, place=house.workshop).case
    with timezone.frozen(SUNDAY + timedelta(minutes=50)):
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="hazard", category=category("safety-1"))
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert due(case)["sign"] == SUNDAY + timedelta(minutes=90)


def test_the_leader_of_the_place_sees_it_before_any_unit_has_it_and_no_longer_once_it_has_ended(house):
    leader = PersonFactory(name="高峰", unit=house.workshop, roles={Role.UNIT_LEADER: house.workshop})
    wall, calm = on_sunday(house), submit(house.li_na).case
    crisis = submit(house.wang_fang, "我真的不想活了").case
    about_them = submit(house.li_na, WALL, about="高峰").case

    def seen():
        return set(Case.objects.visible_to(leader).values_list("pk", flat=True))

    assert seen() == {wall.pk}
    assert policies.relations_of(leader, wall) == {Relation.UNIT_LEADER}
    for hidden in (calm, crisis, about_them):
        assert not policies.relations_of(leader, hidden)
    requester.withdraw_case(actor=house.li_na, case_id=wall.pk)
    assert seen() == set()


MIGRATION = "lianxin.cases.migrations.0018_hazard_clocks"


def as_before_the_migration():
    """What the migration before left: limits for first response and reply alone, no case marked."""
    SlaRule.objects.filter(kind="hazard", clock__in=["accept", "sign"]).delete()
    Case.objects.update(danger="", priority=2)


def as_then():
    """The models as they were when the migration was written."""
    return MigrationExecutor(connection).loader.project_state(("cases", "0018_hazard_clocks")).apps


def migrate_again():
    migration = import_module(MIGRATION)
    migration.add_limits(as_then(), None)
    with connection.cursor() as cursor:
        cursor.execute(migration.MARK_OPEN)


def test_the_migration_adds_the_limits_and_moves_no_clock_that_runs(house):
    hazard = submit(house.li_na, "护栏松了", kind="hazard").case
    calm, ended = submit(house.li_na).case, submit(house.li_na, WALL, kind="hazard").case
    urgent = submit(house.wang_fang, "灯坏了").case
    Case.objects.filter(pk=urgent.pk).update(urgency="urgent")
    requester.withdraw_case(actor=house.li_na, case_id=ended.pk)
    as_before_the_migration()
    running = list(Deadline.objects.order_by("pk").values())
    migrate_again()
    limits = SlaRule.objects.filter(kind="hazard", category=None).values_list("clock", "amount", "measure")
    assert set(limits) == {(name, *limit) for name, limit in sla.HAZARD_LIMITS.items()}
    assert list(Deadline.objects.order_by("pk").values()) == running
    marked = {pk: (danger, priority) for pk, danger, priority in Case.objects.values_list("pk", "danger", "priority")}
    assert marked == {hazard.pk: ("hazard", 0), calm.pk: ("", 2), ended.pk: ("", 2), urgent.pk: ("", 1)}


def test_the_migration_leaves_alone_what_the_enterprise_set_itself(house):
    as_before_the_migration()
    SlaRule.objects.create(clock="accept", kind="hazard", amount=2, measure="hours")
    SlaRule.objects.filter(clock="contact", kind="hazard").update(amount=1)
    SlaRule.objects.filter(clock="reply", kind="hazard").delete()
    before = set(SlaRule.objects.values_list("clock", "kind", "amount", "measure"))
    migrate_again()
    assert set(SlaRule.objects.values_list("clock", "kind", "amount", "measure")) - before == {
        ("sign", "hazard", 30, "minutes")
    }
    assert due(on_sunday(house)) == {  # what was taken away falls back to the limits of the design
        "accept": SUNDAY + timedelta(hours=2),
        "contact": SUNDAY + timedelta(hours=1),
        "reply": SUNDAY + timedelta(hours=24),
    }


def test_going_back_removes_what_counts_in_minutes(db):
    import_module(MIGRATION).remove_limits(as_then(), None)
    left = SlaRule.objects.filter(kind="hazard", category=None).values_list("clock", flat=True)
    assert set(left) == {"contact", "reply"}


@pytest.mark.parametrize("step", ["add", "answer"])
def test_danger_that_is_told_later_is_heard_like_danger_told_first(house, step):
    case = submit(house.li_na, "热水器坏了。").case
    if step == "answer":
        perform("ask", actor=house.dispatcher, case_id=case.pk, text="哪一层？")
    perform(step, actor=house.li_na, case_id=case.pk, text="现在热水器着火了，有人被困在里面！")
    case.refresh_from_db()
    assert (case.danger, case.urgency, case.priority) == ("life", "emergency", 0)
    assert Notice.objects.filter(recipient=house.dispatcher, subject_id=str(case.pk), kind="danger").exists()
    accept = Deadline.objects.get(case=case, kind="accept", cancelled_at=None)
    assert accept.due_at - case.submitted_at <= timedelta(hours=1, minutes=5)
