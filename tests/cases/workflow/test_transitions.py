"""The process as the design's table says it: every row forward, everything else refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from lianxin.cases.enums import CaseState, DeadlineKind, Outcome, Relation
from lianxin.cases.models import Case, Category, Deadline, Message, Rating
from lianxin.cases.queries import lock_case_for
from lianxin.cases.services import handling, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import CASE, CLOCK
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.models import DayOverride
from lianxin.kernel.working_time import current_calendar
from lianxin.ledger.models import Event
from tests.cases.stories import (
    TUESDAY,
    bring_to,
    day,
    declined,
    fresh,
    inbox_of,
    open_deadlines,
    receipt_holder,
    told,
    trail,
    waiting,
)
from tests.factories.cases import accepted, category, dispatched, submit

DESIGN = {
    # action: {(from, by, to)}; what cases.md says, less the flag
    "accept": {("submitted", "dispatcher", "accepted")},
    "decline": {("submitted", "dispatcher", "declined")},
    "appeal": {("declined", "requester", "submitted")},
    "dispatch": {("accepted", "dispatcher", "dispatched"), ("reopened", "supervisor", "dispatched")},
    "sign": {("dispatched", "handler", "in_progress")},
    "send_back": {("dispatched", "handler", "accepted"), ("dispatched", "supervisor", "accepted")},
    "transfer": {("in_progress", who, "dispatched") for who in ("dispatcher", "supervisor")},
    "ask": {(state, "dispatcher", "waiting") for state in ("submitted", "accepted", "dispatched", "in_progress")}
    | {(state, "handler", "waiting") for state in ("dispatched", "in_progress")}
    # a hazard does not wait for an answer
    | {(state, "dispatcher", state) for state in ("submitted", "accepted", "dispatched", "in_progress")}
    | {(state, "handler", state) for state in ("dispatched", "in_progress")},
    "answer": {("waiting", "requester", to) for to in ("submitted", "accepted", "dispatched", "in_progress")},
    "no_answer": {("waiting", "clock", "closed")},
    "contact": {("in_progress", "handler", "in_progress")},
    "request_extension": {("in_progress", "handler", "in_progress")},
    "approve_extension": {("in_progress", who, "in_progress") for who in ("unit_leader", "supervisor")},
    "refuse_extension": {("in_progress", who, "in_progress") for who in ("unit_leader", "supervisor")},
    "reply": {("in_progress", "lead_handler", "replied")},
    "rate": {("replied", "requester", to) for to in ("closed", "reopened")}
    | {("closed", "requester", to) for to in ("closed", "reopened")}  # may still be rated for 30 days
    | {("merged", "requester", to) for to in ("closed", "reopened")},  # every requester rates for themselves
    "lapse": {("replied", "clock", "closed"), ("merged", "clock", "closed")},
    "merge": {
        (state, "dispatcher", "merged")
        for state in ("submitted", "accepted", "dispatched", "in_progress", "waiting", "reopened")
    },
    "withdraw": {
        (state, "requester", "withdrawn") for state in ("submitted", "accepted", "dispatched", "in_progress", "waiting")
    },
    "supervise": {
        (state, who, state)
        for state in ("submitted", "accepted", "dispatched", "in_progress", "waiting", "reopened")
        for who in ("supervisor", "clock")
    },
}
BESIDE_THE_DESIGN = {
    "reclassify", "seal", "name_people", "take_up", "unmerge", "unseal", "take_over", "co_part", "add", "note",
    "recall", "give_back", "follow_alone", "share", "unshare", "publish", "take_down", "settle_subjects",
}  # fmt: skip


def rows_of(action):
    return {
        (str(source), str(who), str(target))
        for step in CASE.transitions
        if step.action == action
        for source in step.source
        for who in step.allowed
        for target in (step.targets or (source,))
    }


@pytest.mark.parametrize("action", DESIGN)
def test_the_table_is_the_designs(action):
    as_judge = {(source, "appeal_judge", to) for source, who, to in rows_of(action) if who == "appeal_judge"}
    assert rows_of(action) - as_judge == DESIGN[action]
    assert action in ("accept", "decline", "ask") or not as_judge


def test_there_is_nothing_else_but_what_is_known():
    assert {step.action for step in CASE.transitions} == set(DESIGN) | BESIDE_THE_DESIGN


def test_no_handler_can_close_a_case():
    closing = {
        (step.action, who) for step in CASE.transitions if CaseState.CLOSED in step.targets for who in step.allowed
    }
    assert closing == {("rate", "requester"), ("lapse", "clock"), ("no_answer", "clock")}


@pytest.mark.parametrize("state", CaseState.values)
def test_the_database_refuses_every_other_change_of_state(house, state):
    case = bring_to(house, state)
    possible = {target for source, target in CASE.state_changes() if source == state}
    for target in set(CaseState.values) - possible - {state}:
        with pytest.raises(IntegrityError, match="no step leads from"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state=target)


@pytest.mark.parametrize("state", CaseState.values)
def test_everything_that_is_not_in_the_table_is_refused_and_changes_nothing(house, state):
    case = bring_to(house, state)
    before = Case.objects.filter(pk=case.pk).values().get()
    locked = lock_case_for(CLOCK, case.pk)
    tried = 0
    for action in {step.action for step in CASE.transitions}:
        allowed = {
            who for step in CASE.transitions if step.action == action and state in step.source for who in step.allowed
        }
        for relation in set(Relation.values) - allowed:
            tried += 1
            with pytest.raises((PermissionDenied, VersionConflict)):
                CASE.perform(
                    action,
                    actor=house.dispatcher,
                    fetch=lambda: locked,
                    relations=lambda _actor, _case, held=relation: {held},
                )
    assert tried > 200
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert Event.objects.filter(subject_id=str(case.pk)).exclude(action="overdue").count() == case.version


def test_a_stranger_finds_nothing_to_act_on(house):
    case = bring_to(house, CaseState.IN_PROGRESS)
    with pytest.raises(NotFound):
        handling.reply_to_requester(actor=house.outsider, case_id=case.pk, text="我来答复。")


# Accept and decline


def test_accepting_sets_kind_category_and_urgency(house):
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        assert open_deadlines(case) == {"accept": day(1, 17, 30)}
        case = triage.accept_case(
            actor=house.dispatcher, case_id=case.pk, kind="complaint", category=category("canteen-1"), urgency="urgent"
        )
    assert (case.state, case.kind, case.category.code, case.urgency) == ("accepted", "complaint", "canteen-1", "urgent")
    assert open_deadlines(case) == {}
    assert inbox_of(house.li_na) == ["yours_accepted"]


def test_only_the_supervisor_decides_an_appeal_and_only_once(house):
    case = submit(house.li_na).case
    declined(house, case)
    with pytest.raises(PermissionDenied):
        perform("appeal", actor=house.dispatcher, case_id=case.pk, text="我替她申诉。")
    perform("appeal", actor=house.li_na, case_id=case.pk, text="请再看一看。")
    assert inbox_of(house.supervisor) == ["appealed"]
    for somebody in (house.dispatcher, house.head_dispatcher):
        with pytest.raises(PermissionDenied):
            accepted(house, case) if somebody == house.dispatcher else triage.accept_case(
                actor=somebody, case_id=case.pk, kind="help", category=category()
            )
    assert fresh(case)  # they still see it
    triage.decline_case(actor=house.supervisor, case_id=case.pk, reason="not_ours", text="确实不归我们管。")
    with pytest.raises(ValidationFailed, match="already appealed"):
        perform("appeal", actor=house.li_na, case_id=case.pk, text="再看。")
    assert trail(case) == ["submit", "decline", "appeal", "decline"]


def test_after_a_granted_appeal_the_dispatcher_goes_on(house):
    case = bring_to(house, CaseState.DECLINED)
    perform("appeal", actor=house.li_na, case_id=case.pk, text="请再看一看。")
    triage.accept_case(actor=house.supervisor, case_id=case.pk, kind="help", category=category())
    perform("ask", actor=house.dispatcher, case_id=case.pk, text="哪一间？")
    requester.answer_question(actor=house.li_na, case_id=case.pk, text="三零二。")
    case = triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert case.state == "dispatched"


def test_who_declined_does_not_decide_the_appeal_as_supervisor_either(house):
    from lianxin.org.enums import Role  # noqa: PLC0415
    from tests.factories.org import grant  # noqa: PLC0415

    grant(house.supervisor, Role.DISPATCHER, house.company)
    case = submit(house.li_na).case
    triage.decline_case(actor=house.supervisor, case_id=case.pk, reason="not_ours", text="不归我们管。")
    perform("appeal", actor=house.li_na, case_id=case.pk, text="请再看一看。")
    assert (inbox_of(house.supervisor).count("appealed"), inbox_of(house.head_supervisor)) == (0, ["appealed"])
    with pytest.raises(PermissionDenied):
        triage.accept_case(actor=house.supervisor, case_id=case.pk, kind="help", category=category())
    assert triage.accept_case(actor=house.head_supervisor, case_id=case.pk, kind="help", category=category())


# Dispatch, sign, send back, transfer


def test_dispatch_starts_three_clocks_by_the_rules_of_its_kind(house):
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        case = dispatched(house, case)
        assert open_deadlines(case) == {"sign": day(1, 17, 30), "contact": day(2, 17, 30), "reply": day(9, 17, 30)}
        assert (case.due_at, case.due_clock) == (day(1, 17, 30), "sign")


def test_a_hazard_runs_round_the_clock(house):
    with timezone.frozen(day(4, 22)):  # Saturday night
        case = submit(house.li_na, "配电室有火花。", kind="hazard").case
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="hazard", category=category("safety-1"))
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert open_deadlines(case) == {"sign": day(4, 22, 30), "contact": day(5, 2), "reply": day(5, 22)}


def test_sending_back_is_possible_once_then_the_supervisor_has_to(house):
    case = bring_to(house, CaseState.DISPATCHED)
    due = open_deadlines(case)["reply"]
    case = perform("send_back", actor=house.handler, case_id=case.pk, text="应由检修车间办理。")
    assert (case.state, case.lead_unit, open_deadlines(case).keys()) == ("accepted", None, {"contact", "reply"})
    assert "sent_back" in inbox_of(house.dispatcher)
    assert inbox_of(house.handler) == []  # it is no longer theirs to see
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    with pytest.raises(ValidationFailed, match="Only the supervisor"):
        perform("send_back", actor=house.handler, case_id=case.pk, text="还是不归我们。")
    case = perform("send_back", actor=house.supervisor, case_id=case.pk, text="重新派单。")
    assert (case.state, open_deadlines(case)["reply"]) == ("accepted", due)


def test_a_transfer_moves_the_clocks_but_not_their_due_times(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.IN_PROGRESS)
        before = open_deadlines(case)
    with timezone.frozen(day(1)):
        case = triage.transfer_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.workshop)
    after = open_deadlines(case)
    assert (after["reply"], after["contact"]) == (before["reply"], before["contact"])
    assert after["sign"] == day(2, 17, 30)
    units = set(
        Deadline.objects.filter(case=case, completed_at=None, cancelled_at=None).values_list("unit__name", flat=True)
    )
    assert units == {"检修车间"}
    with pytest.raises(NotFound):
        perform("contact", actor=house.handler, case_id=case.pk, text="您好")


def test_co_handlers_speak_before_the_lead_replies_and_a_co_unit_that_becomes_lead_owes_no_part(house):
    case = bring_to(house, CaseState.ACCEPTED)
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics, co_units=[house.workshop])
    assert inbox_of(house.co_handler) == ["co_handle"]
    perform("sign", actor=house.handler, case_id=case.pk)
    with pytest.raises(ValidationFailed, match="检修车间"):
        handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。")
    triage.transfer_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.workshop)
    perform("sign", actor=house.co_handler, case_id=case.pk)
    case = handling.reply_to_requester(actor=house.co_handler, case_id=case.pk, text="修好了。")
    assert case.state == "replied"


def test_a_part_on_record_opens_the_way_to_the_reply(house):
    case = bring_to(house, CaseState.ACCEPTED)
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics, co_units=[house.workshop])
    perform("sign", actor=house.handler, case_id=case.pk)
    perform("co_part", actor=house.co_handler, case_id=case.pk, text="阀门已换。")
    assert handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。").state == "replied"


def test_a_unit_without_anybody_who_can_sign_is_refused(house):
    case = bring_to(house, CaseState.ACCEPTED)
    with pytest.raises(ValidationFailed, match="No one in this unit can handle"):
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.company)


def test_only_the_lead_handler_replies_and_a_colleague_can_take_over(house):
    from lianxin.org.enums import Role  # noqa: PLC0415
    from tests.factories.org import grant  # noqa: PLC0415

    case = bring_to(house, CaseState.IN_PROGRESS)
    grant(house.wang_fang, Role.HANDLER, house.logistics)
    with pytest.raises(PermissionDenied):
        handling.reply_to_requester(actor=house.wang_fang, case_id=case.pk, text="修好了。")
    perform("take_over", actor=house.wang_fang, case_id=case.pk)
    with pytest.raises(PermissionDenied):
        handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。")
    assert (
        handling.reply_to_requester(actor=house.wang_fang, case_id=case.pk, text="修好了。").handler == house.wang_fang
    )


# Questions and clocks


def test_a_question_pauses_the_clocks_and_the_answer_gives_back_what_was_left(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.IN_PROGRESS)
        before = open_deadlines(case)
        case = perform("ask", actor=house.handler, case_id=case.pk, text="哪一间？")
        assert (case.state, case.due_at) == ("waiting", None)
        assert open_deadlines(case)["answer"] == day(14, 17, 30)
    answered, calendar = TUESDAY + timedelta(days=2), current_calendar()
    with timezone.frozen(answered):
        case = requester.answer_question(actor=house.li_na, case_id=case.pk, text="三零二。")
    assert case.state == "in_progress"
    after = open_deadlines(case)
    # On Tuesday the period had not begun: all seven days were left.
    assert after["reply"] == calendar.add_working_time(answered, 7 * calendar.working_day_length) > before["reply"]
    assert "answer" not in after
    assert after["contact"] > before["contact"]  # a question is not yet a response
    assert inbox_of(house.handler).count("answered") == 1


def test_a_day_off_declared_while_the_requester_is_asked_brings_no_deadline_forward(house):
    dues = []
    for typhoon in (False, True):
        with timezone.frozen(TUESDAY):
            case = bring_to(house, CaseState.IN_PROGRESS)
        with timezone.frozen(day(2)):
            perform("ask", actor=house.handler, case_id=case.pk, text="哪一间？")
        if typhoon:
            DayOverride.objects.create(day=day(3).date(), working=False)
        with timezone.frozen(day(4)):
            case = requester.answer_question(actor=house.li_na, case_id=case.pk, text="三零二。")
        dues.append(open_deadlines(case)["reply"])
    assert dues[0] == dues[1]


@pytest.mark.parametrize("state", ["submitted", "accepted", "dispatched", "in_progress"])
def test_an_answer_leads_back_to_where_the_question_came_from(house, state):
    case = bring_to(house, state)
    perform("ask", actor=house.dispatcher, case_id=case.pk, text="哪一间？")
    assert requester.answer_question(actor=house.li_na, case_id=case.pk, text="三零二。").state == state


def test_a_pause_neither_heals_nor_worsens_an_overdue_clock(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.IN_PROGRESS)
        due = open_deadlines(case)["contact"]
    with timezone.frozen(day(3)):
        perform("ask", actor=house.handler, case_id=case.pk, text="哪一间？")
    with timezone.frozen(day(6)):
        requester.answer_question(actor=house.li_na, case_id=case.pk, text="三零二。")
        contact = Deadline.objects.get(case=case, kind=DeadlineKind.CONTACT)
        assert (contact.due_at, contact.paused_at, contact.escalates_at) == (due, None, day(7, 17, 30))


def test_contact_stops_the_response_clock_alone(house):
    case = bring_to(house, CaseState.IN_PROGRESS)
    case = perform("contact", actor=house.handler, case_id=case.pk, text="已派人去看。")
    assert (case.state, case.due_clock, open_deadlines(case).keys()) == ("in_progress", "reply", {"reply"})
    assert inbox_of(house.li_na)[-1] == "yours_contact"


# Extensions


def test_more_time_is_asked_once_decided_by_somebody_else_and_its_reason_is_read_by_the_requester(house):
    with timezone.frozen(TUESDAY):
        case = bring_to(house, CaseState.IN_PROGRESS)
        for days in (0, 11):
            with pytest.raises(ValidationFailed):
                perform("request_extension", actor=house.handler, case_id=case.pk, days=days, text="等配件。")
        perform("request_extension", actor=house.handler, case_id=case.pk, days=5, text="等配件。")
        assert told(house.unit_leader) == ["extension_asked"]
        assert told(house.supervisor) == ["extension_asked"]
        case = perform("approve_extension", actor=house.unit_leader, case_id=case.pk)
    assert open_deadlines(case)["reply"] == day(16, 17, 30)
    assert Message.objects.get(case=case, internal=False).text == "等配件。"
    assert "extension_decided" in inbox_of(house.handler)
    with pytest.raises(ValidationFailed, match="already been requested once"):
        perform("request_extension", actor=house.handler, case_id=case.pk, days=2, text="还要等。")


def test_a_unit_leader_does_not_approve_their_own_request(house):
    from lianxin.org.enums import Role  # noqa: PLC0415
    from tests.factories.org import grant  # noqa: PLC0415

    grant(house.handler, Role.UNIT_LEADER, house.logistics)
    grant(house.head_supervisor, Role.UNIT_LEADER, house.root)
    house.unit_leader.role_grants.all().delete()
    case = bring_to(house, CaseState.IN_PROGRESS)
    perform("request_extension", actor=house.handler, case_id=case.pk, days=5, text="等配件。")
    assert "extension_asked" not in inbox_of(house.handler)
    assert inbox_of(house.head_supervisor) == ["extension_asked"]  # one level up
    with pytest.raises(ValidationFailed, match="your own request"):
        perform("approve_extension", actor=house.handler, case_id=case.pk)


def test_a_request_for_time_that_nobody_decided_ends_with_the_reply(house):
    case = bring_to(house, CaseState.IN_PROGRESS)
    perform("request_extension", actor=house.handler, case_id=case.pk, days=5, text="等配件。")
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。")
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    triage.dispatch_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.logistics)
    perform("sign", actor=house.handler, case_id=case.pk)
    with pytest.raises(ValidationFailed, match="no pending extension request"):
        perform("approve_extension", actor=house.supervisor, case_id=case.pk)


# Rating


@pytest.mark.parametrize(
    ("resolved", "satisfaction", "state"),
    [
        ("yes", 5, "closed"),
        ("partly", 3, "closed"),
        ("no", 5, "reopened"),
        ("yes", 2, "reopened"),
        ("yes", 1, "reopened"),
    ],
)
def test_what_the_requester_says_closes_or_reopens(house, resolved, satisfaction, state):
    case = bring_to(house, CaseState.REPLIED)
    case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved=resolved, satisfaction=satisfaction)
    assert case.state == state
    assert inbox_of(house.handler)[-1] == "rated"


def test_a_second_round_is_supervised_and_closes_whatever_is_said(house):
    case = bring_to(house, CaseState.REOPENED)
    assert (case.round, case.handler, inbox_of(house.supervisor)) == (2, None, ["to_redispatch"])
    with pytest.raises(PermissionDenied):
        triage.dispatch_case(actor=house.unit_leader, case_id=case.pk, lead_unit=house.workshop)
    triage.dispatch_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.workshop)
    perform("sign", actor=house.co_handler, case_id=case.pk)
    handling.reply_to_requester(actor=house.co_handler, case_id=case.pk, text="这次修好了。")
    case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    assert (case.state, case.outcome) == ("closed", Outcome.RATED)
    ratings = Rating.objects.filter(case=case).order_by("round").values_list("round", "resolved", "unit__name")
    assert list(ratings) == [(1, "no", "后勤服务中心"), (2, "no", "检修车间")]
    with pytest.raises(DatabaseError, match=r"neither changed nor deleted|permission denied"), transaction.atomic():
        Rating.objects.filter(case=case).update(resolved="yes")


def test_nonsense_is_not_a_rating(house):
    case = bring_to(house, CaseState.REPLIED)
    for resolved, satisfaction in (("maybe", 5), ("yes", 6), ("yes", 0)):
        with pytest.raises(ValidationFailed):
            requester.rate_case(actor=house.li_na, case_id=case.pk, resolved=resolved, satisfaction=satisfaction)
    assert fresh(case).state == "replied"


# Merging


def test_a_merged_case_follows_its_primary_and_its_requester_rates_for_themselves(house):
    case = bring_to(house, CaseState.MERGED)
    primary = case.primary
    assert inbox_of(house.li_na) == ["yours_merged"]
    with pytest.raises(ValidationFailed, match="no reply yet"):
        requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
    triage.dispatch_case(actor=house.dispatcher, case_id=primary.pk, lead_unit=house.logistics)
    perform("sign", actor=house.handler, case_id=primary.pk)
    handling.reply_to_requester(actor=house.handler, case_id=primary.pk, text="修好了。")
    assert inbox_of(house.li_na)[-1] == inbox_of(house.wang_fang)[-1] == "yours_replied"
    requester.rate_case(actor=house.wang_fang, case_id=primary.pk, resolved="no", satisfaction=1)
    triage.dispatch_case(actor=house.supervisor, case_id=primary.pk, lead_unit=house.workshop)
    case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=4)
    assert (case.state, fresh(primary).state) == ("closed", "dispatched")
    assert Rating.objects.get(case=case).unit == house.logistics  # who replied to it


@pytest.mark.parametrize("end", ["withdraw", "decline", "no_answer", "seal"])
def test_followers_of_a_case_that_ends_without_a_reply_are_free_again(house, end):
    from lianxin.cases.services.deadlines import scan  # noqa: PLC0415

    primary = submit(house.wang_fang, "三楼热水停了。").case
    case = submit(house.li_na).case
    triage.merge_case(actor=house.dispatcher, case_id=case.pk, primary_id=primary.pk)
    if end == "withdraw":
        requester.withdraw_case(actor=house.wang_fang, case_id=primary.pk)
    elif end == "decline":
        declined(house, primary)
    elif end == "seal":
        triage.seal_case(actor=house.dispatcher, case_id=primary.pk, text="反映的是作风问题。")
    else:
        perform("ask", actor=house.dispatcher, case_id=primary.pk, text="哪里？")
        with timezone.frozen(day(60)):
            scan()
        assert fresh(primary).outcome == Outcome.NO_ANSWER
    case = fresh(case)
    assert (case.state, case.primary, open_deadlines(case).keys()) == ("submitted", None, {"accept"})


def test_a_chain_of_merges_ends_at_one_primary_and_never_in_a_circle(house):
    first, second, third = (submit(house.li_na).case for _ in range(3))
    triage.merge_case(actor=house.dispatcher, case_id=first.pk, primary_id=second.pk)
    with pytest.raises(ValidationFailed, match="already closed"):
        triage.merge_case(actor=house.dispatcher, case_id=second.pk, primary_id=first.pk)
    triage.merge_case(actor=house.dispatcher, case_id=second.pk, primary_id=third.pk)
    assert fresh(first).primary == fresh(second).primary == third


def test_an_unhappy_follower_is_reopened_for_itself(house):
    case = bring_to(house, CaseState.MERGED)
    triage.dispatch_case(actor=house.dispatcher, case_id=case.primary.pk, lead_unit=house.logistics)
    perform("sign", actor=house.handler, case_id=case.primary.pk)
    handling.reply_to_requester(actor=house.handler, case_id=case.primary.pk, text="修好了。")
    case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    assert (case.state, case.round, case.lead_unit) == ("reopened", 2, house.logistics)
    case = triage.dispatch_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.workshop)
    assert case.state == "dispatched"


# Withdrawing, and the anonymous requester


def test_withdrawing_because_one_was_asked_to_reaches_the_inspector(house):
    from lianxin.cases.queries import get_case_for  # noqa: PLC0415

    case = bring_to(house, CaseState.IN_PROGRESS)
    case = requester.withdraw_case(actor=house.li_na, case_id=case.pk, asked=True)
    assert (case.state, open_deadlines(case)) == ("withdrawn", {})
    assert inbox_of(house.inspector) == ["asked_to_withdraw"]
    assert get_case_for(house.inspector, case.pk) == case
    assert "asked_to_withdraw" not in inbox_of(house.handler)
    assert Event.objects.get(subject_id=str(case.pk), action="withdraw").data == {}


def test_without_having_been_asked_no_inspector_is_troubled(house):
    from lianxin.cases.queries import get_case_for  # noqa: PLC0415

    case = bring_to(house, CaseState.WITHDRAWN)
    assert inbox_of(house.inspector) == []
    with pytest.raises(NotFound):
        get_case_for(house.inspector, case.pk)


def test_the_receipt_does_all_that_a_sign_in_does(house):
    submission = submit(None, place=house.workshop)
    holder, case = receipt_holder(submission), submission.case
    waiting(house, case)
    requester.answer_question(actor=holder, case_id=case.pk, text="三零二。")
    requester.add_to_case(actor=holder, case_id=case.pk, text="水管也漏。")
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。")
    assert requester.rate_case(actor=holder, case_id=case.pk, resolved="no", satisfaction=1).state == "reopened"
    other = submit(None)
    with pytest.raises(NotFound):
        requester.withdraw_case(actor=holder, case_id=other.case.pk)
    assert requester.withdraw_case(actor=receipt_holder(other), case_id=other.case.pk).state == "withdrawn"


def test_a_form_with_only_spaces_is_empty(house):
    case = bring_to(house, CaseState.IN_PROGRESS)
    with pytest.raises(ValidationFailed) as refusal:
        handling.reply_to_requester(actor=house.handler, case_id=case.pk, text=" \n ")
    assert refusal.value.fields.keys() == {"text"}


def test_whoever_comes_second_is_told_what_changed(house):
    case = bring_to(house, CaseState.SUBMITTED)
    accepted(house, case)
    with pytest.raises(VersionConflict) as late:
        triage.decline_case(
            actor=house.head_dispatcher, case_id=case.pk, reason="not_ours", text="不归我们管。", expected=1
        )
    assert [(event.action, event.actor) for event in late.value.changes] == [("accept", house.dispatcher)]


def test_the_requester_is_not_told_of_internal_notes_among_the_changes(house):
    case = bring_to(house, CaseState.ACCEPTED)
    perform("note", actor=house.dispatcher, case_id=case.pk, text="内部意见。")
    with pytest.raises(VersionConflict) as late:
        requester.add_to_case(actor=house.li_na, case_id=case.pk, text="补充。", expected=1)
    assert [event.action for event in late.value.changes] == ["accept"]


def test_praise_goes_the_same_way(house):
    case = submit(house.li_na, "食堂师傅热心。", kind="praise").case
    triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="praise", category=category("canteen-1"))
    case = triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert open_deadlines(case).keys() == {"sign", "contact", "reply"}


def test_a_category_has_its_own_deadline_and_running_ones_stay(house):
    from lianxin.cases.models import SlaRule  # noqa: PLC0415

    with timezone.frozen(TUESDAY):
        running = bring_to(house, CaseState.DISPATCHED)
        before = open_deadlines(running)
        SlaRule.objects.create(
            clock="reply", category=Category.objects.get(code="housing"), amount=2, measure="working_days"
        )
        assert open_deadlines(running) == before
        assert open_deadlines(bring_to(house, CaseState.DISPATCHED))["reply"] == day(2, 17, 30)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_clock WHERE due_at < escalates_at AND escalation_level = 0")
        assert cursor.fetchone() == (0,)
