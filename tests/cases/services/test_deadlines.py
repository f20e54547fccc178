"""What time does, as stories with a calendar."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.cases.enums import CaseState, DeadlineKind, Measure, Outcome
from lianxin.cases.models import Case, Deadline
from lianxin.cases.services import deadlines, handling, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import sla
from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.ledger.models import Event
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from tests.cases.stories import (
    SHANGHAI,
    TUESDAY,
    bring_to,
    day,
    declined,
    fresh,
    inbox_of,
    receipt_holder,
    told,
    trail,
    waiting,
)
from tests.factories.cases import replied, submit

MOST_WRITES = 4
"""Of one thing that falls due: the case, its event, and its notices."""


def scan_at(moment):
    with timezone.frozen(moment):
        return deadlines.scan()


def test_an_unrated_reply_lapses_after_seven_days_and_may_be_rated_for_thirty_more(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.REPLIED)
    assert scan_at(TUESDAY + timedelta(days=7, seconds=-1)) == 0
    assert scan_at(TUESDAY + timedelta(days=7)) == 1
    case = fresh(case)
    assert (case.state, case.outcome, inbox_of(house.li_na)[-1]) == ("closed", Outcome.UNRATED, "yours_closed")
    with timezone.frozen(TUESDAY + timedelta(days=37, seconds=1)), pytest.raises(ValidationFailed, match="no longer"):
        requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
    with timezone.frozen(TUESDAY + timedelta(days=37)):
        case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
        assert (case.state, case.outcome) == ("closed", Outcome.RATED)
        with pytest.raises(ValidationFailed):
            requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)


def test_a_late_dissatisfied_rating_still_reopens(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.REPLIED)
    scan_at(day(8))
    with timezone.frozen(day(9)):
        case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    assert (case.state, case.outcome, case.closed_at, case.round) == ("reopened", "", None, 2)


def test_ten_working_days_of_silence_close_a_case_apart(house):
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        waiting(house, case)
    assert scan_at(day(14, 17, 29)) == 0
    assert scan_at(day(14, 17, 30)) == 1
    case = fresh(case)
    assert (case.state, case.outcome, case.due_at) == ("closed", Outcome.NO_ANSWER, None)
    assert inbox_of(house.handler)[-1] == "ended"
    with pytest.raises(ValidationFailed):
        requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)


def test_whoever_has_to_act_is_reminded_once_before_a_deadline(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.DISPATCHED)  # to be signed for by Wednesday 17:30
    sign = Deadline.objects.get(case=case, kind=DeadlineKind.SIGN)
    assert day(1, 11) < sign.escalates_at < day(1, 15)
    assert scan_at(sign.escalates_at - timedelta(seconds=1)) == 0
    assert scan_at(sign.escalates_at) == 1
    assert scan_at(sign.escalates_at + timedelta(minutes=1)) == 0
    assert inbox_of(house.handler) == ["to_sign", "due_soon"]
    assert (inbox_of(house.unit_leader), inbox_of(house.supervisor)) == ([], [])
    assert "overdue" not in trail(case)
    assert scan_at(day(1, 17, 30)) >= 1
    assert inbox_of(house.unit_leader) == ["overdue"]
    assert Deadline.objects.get(pk=sign.pk).escalation_level == 1


def test_a_scanner_that_comes_late_says_overdue_and_not_soon(house):
    with timezone.frozen(TUESDAY):
        bring_to(house, CaseState.DISPATCHED)
    scan_at(day(1, 17, 30))
    assert inbox_of(house.handler).count("overdue") == 1
    scan_at(day(1, 17, 31))
    assert told(house.handler).count("overdue") == 1


def test_a_deadline_that_is_moved_is_reminded_of_anew_and_one_that_paused_only_if_it_was_not(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.IN_PROGRESS)
    contact = Deadline.objects.get(case=case, kind=DeadlineKind.CONTACT)
    scan_at(contact.escalates_at)
    with timezone.frozen(contact.escalates_at + timedelta(minutes=1)):
        perform("ask", actor=house.handler, case_id=case.pk, text="哪一间？")
    with timezone.frozen(day(9)):
        requester.answer_question(actor=house.li_na, case_id=case.pk, text="三零二。")
    moved = Deadline.objects.get(pk=contact.pk)
    reply = Deadline.objects.get(case=case, kind=DeadlineKind.REPLY)
    assert moved.escalates_at == moved.due_at > contact.due_at
    assert day(9) < reply.escalates_at < reply.due_at


def test_two_scanners_remind_once(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.DISPATCHED)
    sign = Deadline.objects.get(case=case, kind=DeadlineKind.SIGN)
    assert [risen.escalates_at for risen in sla.claim([sign.pk], sign.escalates_at)] == [sign.due_at]
    assert sla.claim([sign.pk], sign.escalates_at) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 1)),  # noqa: DTZ001 - the zone comes next
    amount=st.integers(1, 20),
    measure=st.sampled_from([Measure.WORKING_DAYS, Measure.HOURS, Measure.DAYS]),
)
def test_a_reminder_lies_between_the_start_and_the_deadline(db, start, amount, measure):
    start = start.replace(tzinfo=SHANGHAI)
    due = sla.due_after(start, amount, measure)
    assert start < sla.reminder_at(start, due, measure) < due


def test_overdue_work_rises_one_level_a_working_day(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.DISPATCHED)
    assert scan_at(day(1, 17, 30)) == 1
    assert scan_at(day(1, 17, 31)) == 0  # once for each level
    assert (inbox_of(house.handler), inbox_of(house.unit_leader)) == (["to_sign", "overdue"], ["overdue"])
    assert (inbox_of(house.supervisor), fresh(case).supervised_at) == ([], day(1, 17, 30))
    scan_at(day(2, 17, 30))  # sign rises, contact falls due, and the desk is reminded
    assert told(house.supervisor) == ["overdue"]
    assert inbox_of(house.handler).count("supervised") == 1
    assert inbox_of(house.head_supervisor) == []
    scan_at(day(3, 17, 30))
    assert "overdue" in inbox_of(house.head_supervisor)
    events = events_of("case", case.pk).filter(action="overdue").values_list("data__clock", "data__level", "internal")
    assert events[0] == ("sign", 1, False)
    assert {(kind, level) for kind, level, _internal in events} == {
        ("sign", 1), ("sign", 2), ("sign", 3), ("contact", 1), ("contact", 2)
    }  # fmt: skip


def test_nothing_rises_over_the_weekend(house):
    with timezone.frozen(day(3)):  # Friday
        case = submit(house.li_na).case
    assert scan_at(day(5, 23, 59)) == 0
    assert scan_at(day(6, 17, 29)) == 1
    assert scan_at(day(6, 17, 30)) == 1
    assert inbox_of(house.dispatcher) == ["to_accept", "due_soon", "overdue"]
    assert inbox_of(house.supervisor) == ["overdue"]
    assert fresh(case).supervised_at


def test_an_appeal_that_waits_too_long_rises_to_the_next_supervisor(house):
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        declined(house, case)
        perform("appeal", actor=house.li_na, case_id=case.pk, text="请再看。")
    scan_at(day(1, 17, 30))
    assert "overdue" not in inbox_of(house.dispatcher)
    assert inbox_of(house.supervisor) == ["appealed", "overdue"]
    scan_at(day(2, 17, 30))
    assert inbox_of(house.head_supervisor) == ["overdue"]


def test_a_sent_back_case_that_is_overdue_troubles_the_dispatcher_not_a_stranger(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.DISPATCHED)
        perform("send_back", actor=house.handler, case_id=case.pk, text="不归我们。")
    scan_at(day(2, 17, 30))
    assert "overdue" in inbox_of(house.dispatcher)
    assert (inbox_of(house.co_handler), inbox_of(house.handler), inbox_of(house.unit_leader)) == ([], [], [])


def test_a_supervised_case_is_brought_up_every_working_day_until_it_is_replied_to(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.IN_PROGRESS)
        perform("supervise", actor=house.supervisor, case_id=case.pk, text="群众反映强烈。")
        assert inbox_of(house.unit_leader) == ["supervised"]
        perform("contact", actor=house.handler, case_id=case.pk, text="您好。")
    assert scan_at(day(1, 17, 30)) == 1
    assert scan_at(day(1, 18)) == 0
    assert scan_at(day(2, 17, 30)) == 1
    assert inbox_of(house.handler).count("supervised") == 3
    assert inbox_of(house.supervisor).count("supervised") == 2
    with timezone.frozen(day(3)):
        handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。")
    assert scan_at(day(6, 17, 30)) == 0


def test_a_reopened_case_troubles_the_supervisor(house):
    with timezone.frozen(TUESDAY):
        bring_to(house, CaseState.REOPENED)
    scan_at(day(1, 17, 30))
    assert inbox_of(house.supervisor).count("overdue") == 1
    assert "overdue" not in inbox_of(house.dispatcher)


def test_no_clock_runs_while_a_case_waits(house):
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        waiting(house, case)
        perform("supervise", actor=house.supervisor, case_id=case.pk)
    before = told(house.handler)
    scan_at(day(9))
    assert told(house.handler) == before


def test_the_clock_of_a_follower_lapses_for_itself(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.MERGED)
        primary = case.primary
        triage.dispatch_case(actor=house.dispatcher, case_id=primary.pk, lead_unit=house.logistics)
        perform("sign", actor=house.handler, case_id=primary.pk)
        handling.reply_to_requester(actor=house.handler, case_id=primary.pk, text="修好了。")
        requester.rate_case(actor=house.wang_fang, case_id=primary.pk, resolved="yes", satisfaction=5)
    assert scan_at(day(8)) == 1
    assert fresh(case).outcome == Outcome.UNRATED


def test_one_thing_that_fails_holds_up_nothing_else(house, caplog):
    with timezone.frozen(TUESDAY):
        broken, sound = (bring_to(house, CaseState.REPLIED) for _ in range(2))
    Deadline.objects.filter(case=broken).exclude(kind=DeadlineKind.RATING).delete()
    Case.objects.filter(pk=broken.pk).update(state="reopened")  # its rating clock runs although it must not
    assert scan_at(day(8)) == 1
    assert (fresh(sound).state, fresh(broken).state) == ("closed", "reopened")
    assert "could not be attended to" in caplog.text


@pytest.fixture
def five_at_a_time(monkeypatch):
    monkeypatch.setattr(deadlines, "BATCH", 5)


def test_a_broken_case_amid_a_batch_is_left_out_and_nothing_of_it_stays(house, five_at_a_time, caplog):
    with timezone.frozen(TUESDAY):
        cases = [bring_to(house, CaseState.REPLIED) for _ in range(7)]
    broken = cases[2]
    Deadline.objects.filter(case=broken).exclude(kind=DeadlineKind.RATING).delete()
    Case.objects.filter(pk=broken.pk).update(state="reopened")  # its rating clock runs although it must not
    before, moment = Deadline.objects.get(case=broken), day(8)
    told_before = inbox_of(house.li_na).count("yours_closed")
    assert scan_at(moment) == 6
    assert caplog.text.count("could not be attended to") == 1
    assert [trail(case).count("lapse") for case in cases] == [1, 1, 0, 1, 1, 1, 1]
    assert inbox_of(house.li_na).count("yours_closed") - told_before == 6
    after = Deadline.objects.get(case=broken)
    assert (after.escalation_level, after.escalates_at, after.cancelled_at) == (
        before.escalation_level,
        before.escalates_at,
        None,
    )
    assert scan_at(moment) == 0


def test_many_together_say_and_record_what_one_by_one_does(house, monkeypatch):
    """The same mixture of cases, once one at a time and once all at once."""

    def told_and_recorded(batch):
        monkeypatch.setattr(deadlines, "BATCH", batch)
        with transaction.atomic():
            with timezone.frozen(TUESDAY):
                cases = [
                    bring_to(house, state, person=who)
                    for state in CaseState.values
                    for who in (house.li_na, house.wang_fang)
                ]
                cases += [submit(person, identity=identity).case for person, identity in (
                    (house.li_na, "confidential"), (None, "anonymous")
                )]  # fmt: skip
            places = {case.pk: n for n, case in enumerate(cases)}
            for moment in (day(1, 17, 30), day(2, 17, 30), day(7, 9), day(14, 17, 30), day(40, 9)):
                scan_at(moment)
            recorded = sorted(
                (places[UUID(subject)], *rest)
                for subject, *rest in Event.objects.filter(subject_id__in=[str(pk) for pk in places])
                .order_by("version", "at", "id")
                .values_list("subject_id", "at", "action", "version", "from_state", "to_state", "internal")
            )
            told = sorted(
                (places[UUID(subject)], str(rest))
                for subject, *rest in Notice.objects.filter(subject_id__in=[str(pk) for pk in places])
                .values_list("subject_id", "at", "kind", "recipient")
            )  # fmt: skip
            left = [
                tuple(
                    Case.objects.filter(pk=pk).values_list("state", "outcome", "version", "due_at", "remind_at").get()
                )
                for pk in places
            ]
            transaction.set_rollback(True)
        return recorded, told, left

    assert told_and_recorded(1) == told_and_recorded(50)


def test_what_a_thing_costs_does_not_grow_with_their_number(house):
    costs = {}
    for number in (10, 40):
        with transaction.atomic():
            with timezone.frozen(TUESDAY):
                for n in range(number):
                    bring_to(house, CaseState.DISPATCHED, person=(house.li_na, house.wang_fang)[n % 2])
            with CaptureQueriesContext(connection) as asked:
                assert scan_at(day(1, 17, 30)) == number
            costs[number] = len(asked)
            transaction.set_rollback(True)
    # What each thing leaves behind is written by itself; all else is asked once for a batch.
    assert costs[40] - costs[10] <= 30 * MOST_WRITES


def test_monitoring_sees_how_far_the_scanner_is_behind(house):
    with timezone.frozen(TUESDAY):
        reminder = submit(house.li_na).case.deadlines.get().escalates_at
    with timezone.frozen(day(1, 18)):
        assert deadlines.oldest_overdue_scan() == reminder
        deadlines.scan()
        assert deadlines.oldest_overdue_scan() is None


def test_an_anonymous_requesters_acts_are_recorded_by_the_hour(house):
    moment = TUESDAY.replace(minute=41, second=23)
    with timezone.frozen(moment):
        submission = submit(None, place=house.workshop)
        case = submission.case
        replied(house, case)
        requester.rate_case(actor=receipt_holder(submission), case_id=case.pk, resolved="no", satisfaction=1)
    hour = moment.replace(minute=0, second=0)
    case = fresh(case)
    assert trail(case)[-1] == "rate"
    times = {
        "submitted": case.submitted_at,
        "events": [event.at for event in events_of("case", case.pk) if event.role == "requester"],
        "rating": case.ratings.get().at,
        "supervised": case.supervised_at,
        "clock": case.deadlines.get(round=2).started_at,
        "accept": case.deadlines.get(round=1, kind="accept").started_at,
    }
    assert times == {
        "submitted": hour, "events": [hour, hour], "rating": hour, "supervised": hour, "clock": hour, "accept": hour,
    }  # fmt: skip
