"""Until it is settled whom a case is about, it goes to nobody who may be meant, and no further than to dispatchers."""

import pytest

from lianxin.cases import policies
from lianxin.cases.enums import CaseKind, CaseState, Identity
from lianxin.cases.models import Case, CaseSubject, PossibleSubject
from lianxin.cases.queries import case_page, get_case_for
from lianxin.cases.services import bulk_actions, triage
from lianxin.cases.services.deadlines import scan
from lianxin.cases.services.intake import Unreachable
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.org.enums import Role
from lianxin.org.models import Person
from tests.cases.stories import TUESDAY, bring_to, day, fresh, inbox_of, trail
from tests.factories.cases import accepted, category, dispatched, in_progress, replied, submit
from tests.factories.org import PersonFactory, grant


def sees(person, case):
    try:
        get_case_for(Person.objects.get(pk=person.pk), case.pk)
    except NotFound:
        return False
    return True


def seeing(house, case):
    return {name for name, person in house.people().items() if sees(person, case)}


def about_mr_zhao(house, **more):
    """赵敏 is the dispatcher of the company."""
    return submit(house.li_na, **{"about": "赵主任", "place": house.workshop, **more}).case


def test_who_may_be_meant_neither_sees_nor_gets_it_and_only_dispatchers_do(house):
    case = about_mr_zhao(house)
    assert seeing(house, case) == {"li_na", "head_dispatcher"}
    assert [inbox_of(who) for who in (house.dispatcher, house.supervisor)] == [[], []]
    assert inbox_of(house.head_dispatcher) == ["to_accept"]


def test_what_names_nobody_is_seen_by_dispatchers_further_up_alone(house):
    case = submit(house.li_na, about="那个领导", place=house.workshop).case
    assert seeing(house, case) == {"li_na", "head_dispatcher"}
    assert inbox_of(house.dispatcher) == []
    triage.settle_subjects(actor=house.head_dispatcher, case_id=case.pk, nobody=True)
    assert inbox_of(house.dispatcher) == ["to_accept"]


def test_settling_comes_first_and_it_cannot_be_dispatched_before(house):
    case = about_mr_zhao(house)
    head = house.head_dispatcher
    assert case_page(viewer=head, case=fresh(case)).next_action == "settle_subjects"
    triage.accept_case(actor=head, case_id=case.pk, kind="complaint", category=category())
    assert case_page(viewer=head, case=fresh(case)).next_action == "settle_subjects"
    assert not case_page(viewer=head, case=fresh(case)).can("supervise")
    assert "dispatch" not in case_page(viewer=head, case=fresh(case)).offered
    with pytest.raises(ValidationFailed, match="First confirm"):
        triage.dispatch_case(actor=head, case_id=case.pk, lead_unit=house.logistics)
    seen = {case.pk: Case.objects.get(pk=case.pk).version}
    refused = bulk_actions.dispatch_several(actor=head, seen=seen, lead_unit=house.logistics).refused
    assert "First confirm" in refused[0][1]


def test_who_is_said_to_be_meant_stays_out_and_the_others_come_in(house):
    other = PersonFactory(name="赵云", roles={Role.DISPATCHER: house.company})
    case = about_mr_zhao(house)
    assert not sees(other, case)
    triage.settle_subjects(actor=house.head_dispatcher, case_id=case.pk, people=[house.dispatcher])
    assert (sees(house.dispatcher, case), sees(other, case), sees(house.supervisor, case)) == (False, True, True)
    assert inbox_of(other) == ["to_accept"]
    assert list(CaseSubject.objects.values_list("person", flat=True)) == [house.dispatcher.pk]
    assert not PossibleSubject.objects.exists()
    assert trail(case) == ["submit", "settle_subjects"]


def test_nobody_who_works_here_is_meant(house):
    case = about_mr_zhao(house)
    triage.settle_subjects(actor=house.head_dispatcher, case_id=case.pk, nobody=True)
    assert (sees(house.dispatcher, case), inbox_of(house.dispatcher)) == (True, ["to_accept"])
    assert dispatched(house, case).state == CaseState.DISPATCHED


def test_settling_says_either_who_or_nobody_and_is_done_once(house):
    case = about_mr_zhao(house)
    settle = {"actor": house.head_dispatcher, "case_id": case.pk}
    for more in ({}, {"nobody": True, "people": [house.dispatcher]}):
        with pytest.raises(ValidationFailed, match="confirm that it is about no one"):
            triage.settle_subjects(**settle, **more)
    triage.settle_subjects(**settle, nobody=True)
    with pytest.raises(ValidationFailed, match="already been confirmed"):
        triage.settle_subjects(**settle, nobody=True)


def test_who_may_be_meant_cannot_settle_it(house):
    case = about_mr_zhao(house)
    with pytest.raises(NotFound):
        triage.settle_subjects(actor=house.dispatcher, case_id=case.pk, nobody=True)
    with pytest.raises(PermissionDenied):
        triage.settle_subjects(actor=house.li_na, case_id=case.pk, nobody=True)


def test_who_is_appointed_or_renamed_later_is_left_out_too(house):
    case = about_mr_zhao(house)
    late = PersonFactory(name="王朝")
    grant(late, Role.DISPATCHER, house.company)
    assert sees(late, case)
    Person.objects.filter(pk=late.pk).update(name="赵朝")
    assert not sees(late, case)


def test_a_hazard_goes_at_once_to_whoever_cannot_be_meant(house):
    case = about_mr_zhao(house, kind=CaseKind.HAZARD)
    assert seeing(house, case) == {"li_na", "head_dispatcher", "supervisor", "head_supervisor"}
    triage.accept_case(actor=house.head_dispatcher, case_id=case.pk, kind="hazard", category=category())
    triage.dispatch_case(actor=house.head_dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert sees(house.handler, case)
    assert case_page(viewer=house.head_dispatcher, case=fresh(case)).can("settle_subjects")
    triage.settle_subjects(actor=house.head_dispatcher, case_id=case.pk, people=[house.handler])
    assert (fresh(case).state, sees(house.handler, case)) == (CaseState.ACCEPTED, False)


def test_a_hazard_that_would_reach_nobody_leaves_out_only_who_is_named_in_full(house):
    case = about_mr_zhao(house, kind=CaseKind.HAZARD, about="赵主任、钱主任和孙强")
    assert (sees(house.dispatcher, case), sees(house.head_dispatcher, case)) == (True, True)
    assert (inbox_of(house.dispatcher), fresh(case).subjects_unsettled) == (["danger"], True)
    assert not sees(house.handler, case)


def test_what_nobody_could_receive_who_cannot_be_meant_is_not_accepted(house):
    with pytest.raises(Unreachable):
        about_mr_zhao(house, about="赵主任、钱主任、郑主任、冯主任、陈主任、褚主任")
    assert not Case.objects.exists()


def test_where_all_dispatchers_may_be_meant_a_supervisor_takes_their_place_until_it_is_settled(house):
    case = about_mr_zhao(house, about="赵主任和钱主任")
    assert seeing(house, case) == {"li_na", "head_supervisor"}
    assert inbox_of(house.head_supervisor) == ["to_accept"]
    triage.settle_subjects(actor=house.head_supervisor, case_id=case.pk, people=[house.dispatcher])
    assert (sees(house.dispatcher, case), inbox_of(house.head_dispatcher)) == (False, ["to_accept"])


def test_conduct_goes_to_an_inspector_above_all_who_may_be_meant(house):
    case = submit(house.li_na, kind="conduct", about="陈师傅", place=house.workshop).case
    assert seeing(house, case) == {"li_na", "head_inspector"}
    accept = {"actor": house.head_inspector, "case_id": case.pk, "kind": "conduct", "category": category("conduct")}
    triage.accept_case(**accept)
    with pytest.raises(ValidationFailed, match="First confirm"):
        perform("take_up", actor=house.head_inspector, case_id=case.pk)
    triage.settle_subjects(actor=house.head_inspector, case_id=case.pk, people=[house.co_handler])
    assert seeing(house, case) == {"li_na", "inspector", "head_inspector"}


def test_an_overdue_unsettled_case_is_told_to_dispatchers_further_up(house):
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na, about="那个领导", place=house.workshop).case
    with timezone.frozen(day(2)):
        scan()
    assert "overdue" in inbox_of(house.head_dispatcher)
    assert (inbox_of(house.supervisor), inbox_of(house.head_supervisor)) == ([], [])
    assert fresh(case).subjects_unsettled


def test_declined_and_appealed_it_is_for_the_supervisor_who_cannot_be_meant(house):
    case = about_mr_zhao(house)
    decline = {"actor": house.head_dispatcher, "case_id": case.pk, "reason": "not_ours", "text": "不归我们管。"}
    triage.decline_case(**decline)
    assert not sees(house.supervisor, case)
    perform("appeal", actor=house.li_na, case_id=case.pk, text="请再看。")
    assert sees(house.supervisor, case)
    assert not sees(house.dispatcher, case)
    triage.settle_subjects(actor=house.supervisor, case_id=case.pk, nobody=True)


def test_the_requester_sees_their_own_case_even_if_they_may_be_meant(house):
    case = submit(house.dispatcher, about="赵师傅", place=house.workshop).case
    assert sees(house.dispatcher, case)


# Cases that are merged


def merged_pair(house):
    follower, primary = bring_to(house, CaseState.MERGED), None
    primary = fresh(follower).primary
    return follower, primary


@pytest.mark.parametrize("name_in", ["follower", "primary"])
def test_who_is_named_in_one_of_two_merged_cases_loses_both(house, name_in):
    follower, primary = merged_pair(house)
    chosen = follower if name_in == "follower" else primary
    assert sees(house.supervisor, follower)
    triage.name_people(actor=house.dispatcher, case_id=chosen.pk, people=[house.supervisor])
    assert (sees(house.supervisor, follower), sees(house.supervisor, primary)) == (False, False)
    assert (trail(follower)[-1], trail(primary)[-1]) == ("name_people", "name_people")
    assert set(inbox_of(house.supervisor)) == set()


def test_naming_the_requester_of_the_other_case_leaves_it_theirs(house):
    follower, primary = merged_pair(house)
    requester = Person.objects.get(pk=primary.requester_id)
    triage.name_people(actor=house.dispatcher, case_id=follower.pk, people=[requester])
    assert (sees(requester, primary), sees(requester, follower)) == (True, requester.pk == follower.requester_id)


def test_an_unsettled_case_is_not_merged(house):
    head = house.head_dispatcher
    case, other = about_mr_zhao(house), submit(house.wang_fang, place=house.workshop).case
    for one, two in ((case, other), (other, case)):
        with pytest.raises(ValidationFailed, match="First confirm"):
            triage.merge_case(actor=head, case_id=one.pk, primary_id=two.pk)


def test_what_is_named_after_the_reply_is_out_of_sight_in_all(house):
    case = submit(house.li_na).case
    replied(house, case)
    triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.handler])
    assert not sees(house.handler, case)


def test_the_board_shows_nothing_unsettled(house):
    case = about_mr_zhao(house)
    assert not Case.objects.filter(pk=case.pk, publication_consent_at__isnull=False).exists()
    assert policies.is_named(house.dispatcher, fresh(case))


def test_an_anonymous_case_is_settled_as_any_other(house):
    case = about_mr_zhao(house, identity=Identity.CONFIDENTIAL)
    unknown = submit(None, about="赵师傅", place=house.workshop).case
    for each in (case, unknown):
        assert not sees(house.dispatcher, each)
        triage.settle_subjects(actor=house.head_dispatcher, case_id=each.pk, people=[house.dispatcher])
        accept = {"kind": "help", "category": category()}
        triage.accept_case(actor=house.head_dispatcher, case_id=each.pk, **accept)
        triage.dispatch_case(actor=house.head_dispatcher, case_id=each.pk, lead_unit=house.logistics)
        assert not sees(house.dispatcher, each)


def test_named_in_full_it_is_settled_and_goes_its_way(house):
    case = submit(house.li_na, about="孙强师傅", place=house.workshop).case
    assert not fresh(case).subjects_unsettled
    accepted(house, case)
    with pytest.raises(ValidationFailed):
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert in_progress
