"""Rosters applied at the same moment, and jobs that break in the middle."""

import pytest

from lianxin.org import events
from lianxin.org.enums import RosterState
from lianxin.org.models import Employment, Person, RosterImport, Unit
from lianxin.org.roster import apply_roster, compare_roster, recompare_roster, start_applying
from tests.org.rosters import compared, workbook


def begun(content, actor):
    roster = compared(content, actor=actor)
    return start_applying(actor=actor, roster_id=roster.pk, digest=roster.digest, later=False)


@pytest.fixture
def breaking():
    """Something above that fails when it hears of a departure."""

    def fail(**_sent):
        raise RuntimeError("李娜 13900000001")

    events.person_left.connect(fail)
    yield
    events.person_left.disconnect(fail)


def test_a_job_that_breaks_half_way_leaves_nothing_behind(zhou_min, li_na, east, breaking, caplog):
    units = [("NEW", "新班", "", "东区供电所")]
    people = [("7", "新人", "", "新班"), ("10023", "李娜", "", "", "", "", "", "", "", "离职")]
    roster = begun(workbook(units=units, people=people), zhou_min)
    apply_roster(roster_id=roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.problem) == (RosterState.FAILED, "refused")
    assert (Unit.objects.filter(code="NEW").exists(), Person.objects.filter(employee_no="7").exists()) == (False, False)
    assert Person.objects.get(pk=li_na.pk).left_on is None
    assert "RuntimeError" in caplog.text
    assert "李娜" not in caplog.text
    assert "1390000" not in caplog.text


def test_after_a_failure_it_can_be_compared_and_applied_again(zhou_min, li_na):
    roster = begun(workbook(people=[("10023", "李娜", "", "", "组长")]), zhou_min)
    RosterImport.objects.filter(pk=roster.pk).update(state=RosterState.FAILED, problem="refused")
    recompare_roster(actor=zhou_min, roster_id=roster.pk, missing_left=False)
    compare_roster(roster_id=roster.pk)
    roster.refresh_from_db()
    start_applying(actor=zhou_min, roster_id=roster.pk, digest=roster.digest, later=False)
    apply_roster(roster_id=roster.pk)
    assert Employment.objects.get(person=li_na, ended_on=None).job_title == "组长"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_applied_and_the_other_shown_anew(zhou_min, east_admin, li_na, line_team, together):
    first = begun(workbook(people=[("10023", "李娜", "", "", "组长")]), zhou_min)
    second = begun(workbook(people=[("10023", "李娜", "", "", "班长")]), east_admin)
    together(lambda: apply_roster(roster_id=first.pk), lambda: apply_roster(roster_id=second.pk))
    states = RosterImport.objects.order_by("state").values_list("state", "stale")
    assert list(states) == [(RosterState.APPLIED, False), (RosterState.READY, True)]
    assert Employment.objects.filter(person=li_na).count() == 2
