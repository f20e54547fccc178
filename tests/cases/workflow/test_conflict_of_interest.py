"""Nobody judges their own case: who is named, who raised it, and conduct cases."""

import pytest

from lianxin.cases.enums import CaseState, Identity
from lianxin.cases.models import Case
from lianxin.cases.queries import get_case_for
from lianxin.cases.services import handling, requester, triage
from lianxin.cases.services.deadlines import scan
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.org.enums import Role
from tests.cases.stories import TUESDAY, bring_to, day, fresh, inbox_of, trail
from tests.factories.cases import accepted, category, dispatched, in_progress, submit
from tests.factories.org import PersonFactory, UnitFactory, grant


def sees(person, case):
    person.__dict__.pop("grants", None)
    try:
        get_case_for(person, case.pk)
    except NotFound:
        return False
    return True


# Named when it is raised


def test_a_named_dispatcher_is_passed_over_and_it_goes_one_level_up(house):
    case = submit(house.li_na, about="赵敏").case
    assert not sees(house.dispatcher, case)
    assert (inbox_of(house.dispatcher), inbox_of(house.head_dispatcher)) == ([], ["to_accept"])


def test_a_case_about_a_unit_passes_over_everyone_with_a_role_at_it_or_below(house):
    case = submit(house.li_na, about="东城供电公司").case
    assert [sees(who, case) for who in (house.dispatcher, house.supervisor, house.handler)] == [False, False, False]
    assert inbox_of(house.head_dispatcher) == ["to_accept"]
    triage.accept_case(actor=house.head_dispatcher, case_id=case.pk, kind="complaint", category=category())
    for unit in (house.company, house.logistics):
        with pytest.raises(ValidationFailed, match="about this unit"):
            triage.dispatch_case(actor=house.head_dispatcher, case_id=case.pk, lead_unit=unit)
    with pytest.raises(ValidationFailed, match="about this unit"):
        triage.dispatch_case(
            actor=house.head_dispatcher, case_id=case.pk, lead_unit=house.root, co_units=[house.workshop]
        )


def test_a_requester_by_name_at_a_desk_is_only_the_requester(house):
    case = submit(house.dispatcher).case
    assert sees(house.dispatcher, case)
    with pytest.raises(PermissionDenied):
        accepted(house, case)
    assert "to_accept" not in inbox_of(house.dispatcher)
    assert inbox_of(house.head_dispatcher) == ["to_accept"]


# Named later


def test_a_handler_who_turns_out_to_be_named_loses_the_case_and_all_trace_of_it(house):
    case = submit(house.li_na).case
    in_progress(house, case)
    assert inbox_of(house.handler) == ["to_sign"]
    case = triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.handler])
    assert (case.state, case.lead_unit, case.handler) == ("accepted", None, None)
    assert (sees(house.handler, case), inbox_of(house.handler)) == (False, [])
    assert inbox_of(house.dispatcher)[-1] == "to_accept"  # who did it need not be told
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.workshop)
    perform("sign", actor=house.co_handler, case_id=case.pk)
    handling.reply_to_requester(actor=house.co_handler, case_id=case.pk, text="修好了。")
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    with timezone.frozen(day(90)):
        scan()
    assert inbox_of(house.handler) == []


def test_naming_the_unit_leader_leaves_the_case_where_it_is(house):
    case = bring_to(house, CaseState.IN_PROGRESS)
    case = triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.unit_leader])
    assert (case.state, case.handler) == ("in_progress", house.handler)
    assert not sees(house.unit_leader, case)
    perform("supervise", actor=house.supervisor, case_id=case.pk)
    assert inbox_of(house.unit_leader) == []


def test_naming_the_lead_unit_while_waiting_leads_back_to_the_dispatcher(house):
    case = bring_to(house, CaseState.WAITING)
    triage.name_people(actor=house.dispatcher, case_id=case.pk, units=[house.logistics])
    case = requester.answer_question(actor=house.li_na, case_id=case.pk, text="三零二。")
    assert (case.state, case.lead_unit) == ("accepted", None)
    assert inbox_of(house.dispatcher)[-1] == "answered"
    assert inbox_of(house.handler) == []


def test_a_dispatcher_who_names_themselves_hands_it_to_the_next_level(house):
    case = bring_to(house, CaseState.SUBMITTED)
    triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.dispatcher])
    assert (sees(house.dispatcher, case), inbox_of(house.dispatcher)) == (False, [])
    assert inbox_of(house.head_dispatcher) == ["to_accept"]


def test_naming_nobody_new_or_the_requester_is_refused(house):
    case = bring_to(house, CaseState.SUBMITTED)
    triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.handler])
    for people in ([], [house.handler], [house.li_na]):
        with pytest.raises(ValidationFailed):
            triage.name_people(actor=house.dispatcher, case_id=case.pk, people=people)


def test_the_requester_does_not_read_whom_the_dispatcher_named(house):
    from lianxin.ledger.queries import events_of  # noqa: PLC0415

    case = bring_to(house, CaseState.SUBMITTED)
    triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.handler])
    assert events_of("case", case.pk).get(action="name_people").internal


def test_cases_that_name_different_people_are_not_merged(house):
    case, other = submit(house.li_na, about="孙强").case, submit(house.wang_fang).case
    for one, primary in ((case, other), (other, case)):
        with pytest.raises(ValidationFailed, match="same people"):
            triage.merge_case(actor=house.dispatcher, case_id=one.pk, primary_id=primary.pk)
    triage.name_people(actor=house.dispatcher, case_id=other.pk, people=[house.handler])
    assert triage.merge_case(actor=house.dispatcher, case_id=case.pk, primary_id=other.pk).primary == other


# Conduct


@pytest.mark.parametrize(
    ("about", "inspector"),
    [("吴刚", "inspector"), ("赵敏", "head_inspector"), ("陈正", "head_inspector"), ("东城供电公司", "head_inspector"),
     ("", "inspector"), ("吴刚、钱进", "head_inspector")],
)  # fmt: skip
def test_a_conduct_case_goes_at_least_one_level_above_and_to_nobody_else(house, about, inspector):
    case = submit(house.li_na, "吃拿卡要。", kind="conduct", about=about).case
    told = {name for name, who in house.people().items() if inbox_of(who)}
    assert told == {inspector}
    may = {name for name, who in house.people().items() if sees(who, case)}
    above = {"inspector", "head_inspector"} if inspector == "inspector" else {"head_inspector"}
    assert may == above | {"li_na"}


def test_somebody_is_inspected_from_above_the_highest_place_where_they_hold_a_role(house):
    grant(house.handler, Role.UNIT_LEADER, house.company)
    case = submit(house.li_na, "吃拿卡要。", kind="conduct", about="孙强").case
    assert case.inspection_unit == house.root


def test_a_dispatcher_hands_a_conduct_matter_over_and_loses_sight_of_it(house):
    case = submit(house.li_na, about="吴刚").case
    dispatched(house, case, co_units=[house.workshop])
    case = triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="反映的是作风问题。")
    assert (case.kind, case.sealed, case.state, case.lead_unit) == ("conduct", True, "accepted", None)
    assert {name for name, who in house.people().items() if sees(who, case)} == {"li_na", "inspector", "head_inspector"}
    assert {name for name, who in house.people().items() if inbox_of(who)} == {"li_na", "inspector"}
    perform("take_up", actor=house.inspector, case_id=case.pk)
    handling.reply_to_requester(actor=house.inspector, case_id=case.pk, text="已查实并处理。")
    case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
    assert (case.state, case.lead_unit) == ("closed", house.company)


@pytest.mark.parametrize("state", ["submitted", "accepted", "dispatched", "in_progress", "waiting", "reopened"])
def test_any_open_case_can_be_sealed(house, state):
    case = bring_to(house, state)
    case = triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="反映的是作风问题。")
    assert case.sealed
    assert "to_dispatch" in inbox_of(house.inspector) or "to_accept" in inbox_of(house.inspector)
    assert not sees(house.dispatcher, case)
    assert not sees(house.handler, case)


def test_no_dispatcher_makes_a_conduct_case_by_correcting_the_kind(house):
    case = bring_to(house, CaseState.SUBMITTED)
    with pytest.raises(ValidationFailed, match="Transfer to discipline inspection"):
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="conduct", category=category())
    accepted(house, case)
    with pytest.raises(ValidationFailed, match="Transfer to discipline inspection"):
        triage.reclassify_case(
            actor=house.dispatcher, case_id=case.pk, kind="conduct", category=category(), urgency="normal"
        )
    assert not Case.objects.filter(kind="conduct").exists()


def test_an_inspector_who_turns_out_to_be_named_loses_a_sealed_case_to_the_level_above(house):
    case = submit(house.li_na, "吃拿卡要。", kind="conduct").case
    triage.accept_case(actor=house.inspector, case_id=case.pk, kind="conduct", category=category("conduct-1"))
    perform("take_up", actor=house.inspector, case_id=case.pk)
    case = triage.name_people(actor=house.inspector, case_id=case.pk, people=[house.inspector])
    assert (case.state, case.inspection_unit, sees(house.inspector, case)) == ("accepted", house.root, False)
    assert (inbox_of(house.inspector), inbox_of(house.head_inspector)) == ([], ["to_dispatch"])


def test_an_inspector_of_two_places_takes_a_case_up_for_the_one_it_belongs_to(house):
    elsewhere = UnitFactory(parent=house.logistics, name="东城三班")
    grant(house.head_inspector, Role.INSPECTOR, elsewhere)
    case = submit(house.li_na, "吃拿卡要。", kind="conduct", about="赵敏").case
    triage.accept_case(actor=house.head_inspector, case_id=case.pk, kind="conduct", category=category("conduct-1"))
    assert perform("take_up", actor=house.head_inspector, case_id=case.pk).lead_unit == house.root


def test_a_sealed_case_that_was_asked_to_be_withdrawn_is_told_above(house):
    case = submit(house.li_na, "吃拿卡要。", kind="conduct").case
    requester.withdraw_case(actor=house.li_na, case_id=case.pk, asked=True)
    assert inbox_of(house.head_inspector) == ["asked_to_withdraw"]


# Confidential


def test_unsealing_takes_a_reason_stands_on_the_trail_and_is_told_at_once(house):
    from lianxin.cases import policies  # noqa: PLC0415

    case = submit(house.li_na, identity=Identity.CONFIDENTIAL).case
    assert not policies.may_see_requester(house.dispatcher, fresh(case))
    with pytest.raises(ValidationFailed):
        triage.unseal_requester(actor=house.dispatcher, case_id=case.pk, reason=" ")
    triage.unseal_requester(actor=house.dispatcher, case_id=case.pk, reason="须当面核实安全隐患。")
    assert inbox_of(house.li_na) == ["yours_unsealed"]
    assert trail(case)[-1] == "unseal"
    assert case.messages.get().text == "须当面核实安全隐患。"
    assert policies.may_see_requester(house.dispatcher, fresh(case))
    assert policies.requester_of(fresh(case)) == house.li_na
    assert not policies.may_see_requester(house.head_dispatcher, fresh(case))
    with pytest.raises(PermissionDenied):
        triage.unseal_requester(actor=house.supervisor, case_id=case.pk, reason="想知道是谁。")


def test_the_knowing_of_a_named_requester_is_the_desks_alone(house):
    from lianxin.cases import policies  # noqa: PLC0415

    case = bring_to(house, CaseState.IN_PROGRESS)
    knowing = {name for name, who in house.people().items() if policies.may_see_requester(who, fresh(case))}
    assert knowing == {"li_na", "dispatcher", "head_dispatcher", "handler", "supervisor", "head_supervisor"}


def test_on_a_colleagues_behalf_it_is_theirs(house):
    with timezone.frozen(TUESDAY):
        case = submit(house.wang_fang, on_behalf_of=house.li_na).case
    assert (case.requester, case.submitted_by, case.channel) == (house.li_na, house.wang_fang, "on_behalf")
    assert inbox_of(house.li_na) == ["raised_for_you"]
    assert (sees(house.li_na, case), sees(house.wang_fang, case)) == (True, False)
    with pytest.raises(NotFound):
        requester.withdraw_case(actor=house.wang_fang, case_id=case.pk)


def test_several_people_of_the_same_name_are_all_kept_away(house):
    namesake = PersonFactory(name="赵敏", unit=house.company, roles={Role.DISPATCHER: house.company})
    case = submit(house.li_na, about="赵敏").case
    assert [sees(who, case) for who in (house.dispatcher, namesake, house.head_dispatcher)] == [False, False, True]
