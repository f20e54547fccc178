"""A handler leaves, or loses the role, in the middle: what was in their hands is somebody's again, in every state."""

from datetime import timedelta

import pytest

from lianxin.cases.enums import OPEN_STATES, CaseKind, CaseState, DeadlineKind
from lianxin.cases.models import Case, Extension
from lianxin.cases.queries import desk_cases, work_queues
from lianxin.cases.queries.sentences import event_sentence
from lianxin.cases.services import requester, returning, triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.ledger.queries import events_of
from lianxin.notifications.queries import inbox_page
from lianxin.org.enums import Role
from lianxin.org.models import Person
from lianxin.org.services.people import record_departure
from lianxin.org.services.roles import end_role
from tests.cases.stories import fresh
from tests.factories.accounts import account_of
from tests.factories.cases import accepted, category, dispatched, in_progress, rated, replied, submit
from tests.factories.org import PersonFactory, grant


@pytest.fixture
def house(house):
    house.colleague = PersonFactory(name="何平", unit=house.logistics)
    return house


def with_colleague(house):
    grant(house.colleague, Role.HANDLER, house.logistics)


def waiting(house, case):
    in_progress(house, case)
    return perform("ask", actor=house.handler, case_id=case.pk, text="哪一层？")


def named(house, case):
    return dispatched(house, case, handler=house.handler)


def reopened(house, case):
    return rated(house, case, "no", 1)


def declined(house, case):
    return triage.decline_case(actor=house.dispatcher, case_id=case.pk, reason="unclear", text="请写清楚")


def merged(house, case):
    in_progress(house, case)
    other = in_progress(house, submit(house.wang_fang).case)
    return triage.merge_case(actor=house.dispatcher, case_id=case.pk, primary_id=other.pk)


def withdrawn(house, case):
    in_progress(house, case)
    return requester.withdraw_case(actor=house.li_na, case_id=case.pk)


STORIES = {
    CaseState.SUBMITTED: lambda _house, case: case,
    CaseState.ACCEPTED: accepted,
    CaseState.DECLINED: declined,
    CaseState.DISPATCHED: named,
    CaseState.IN_PROGRESS: in_progress,
    CaseState.WAITING: waiting,
    CaseState.REPLIED: replied,
    CaseState.REOPENED: reopened,
    CaseState.CLOSED: rated,
    CaseState.MERGED: merged,
    CaseState.WITHDRAWN: withdrawn,
}


def leave(house):
    record_departure(actor=house.system_admin, person_id=house.handler.pk)


def lose_role(house):
    end_role(actor=house.security_admin, grant_id=house.handler.role_grants.get().pk)


def run_out(house):
    """The role ends by itself: nobody does anything, the hourly look finds it."""
    house.handler.role_grants.update(ended_on=timezone.today() - timedelta(days=1))
    returning.return_cases()


def test_there_is_a_story_for_every_state():
    assert set(STORIES) == set(CaseState)


@pytest.mark.parametrize("remains", [True, False], ids=["a colleague remains", "nobody remains"])
@pytest.mark.parametrize("how", [leave, lose_role, run_out])
@pytest.mark.parametrize("state", CaseState)
def test_in_every_state_nothing_stays_with_who_cannot_handle_it(house, state, how, remains):
    case = STORIES[state](house, submit(house.li_na).case)
    assert fresh(case).state == state
    if remains:
        with_colleague(house)
    how(house)
    in_hand = Case.objects.filter(state__in=returning.IN_HAND, handler=house.handler)
    assert not in_hand.exists()
    case = fresh(case)
    if state not in returning.IN_HAND:
        assert case.state == state
        return
    # It stands in a list of somebody who can act on it, and they are told.
    colleague, dispatcher = (Person.objects.get(pk=each.pk) for each in (house.colleague, house.dispatcher))
    if state == CaseState.WAITING:
        requester.answer_question(actor=house.li_na, case_id=case.pk, text="三层")
        case = fresh(case)
    who, queue = (colleague, "to_sign") if remains else (dispatcher, "to_dispatch")
    chosen = work_queues.CaseFilter(queue=queue)
    assert [each.pk for each in desk_cases(viewer=who, chosen=chosen)].count(case.pk) == 1
    told = [line.sentence for line in inbox_page(viewer=who, number=1)[1] if line.title == case.title]
    assert any("eturned to the unit: its handler left or lost the role" in sentence for sentence in told), told
    assert any("eturned to the unit" in line.sentence for line in inbox_page(viewer=dispatcher, number=1)[1])
    assert returning.return_cases() == 0
    assert case.state in OPEN_STATES


def test_the_unit_has_to_sign_again_and_the_reply_stays_due(house):
    case = in_progress(house, submit(house.li_na).case)
    with_colleague(house)
    perform("request_extension", actor=house.handler, case_id=case.pk, days=3, text="等配件")
    due = {row.kind: row.due_at for row in case.deadlines.filter(completed_at=None)}
    leave(house)
    running = {row.kind: row.due_at for row in case.deadlines.filter(completed_at=None, cancelled_at=None)}
    assert {kind: running[kind] for kind in due} == due
    assert DeadlineKind.SIGN in running
    assert not Extension.objects.exists()
    colleague = Person.objects.get(pk=house.colleague.pk)
    assert perform("sign", actor=colleague, case_id=case.pk).handler == colleague


def test_a_sealed_case_goes_back_to_the_inspectors(house):
    case = submit(house.li_na, "班长收了红包。", kind=CaseKind.CONDUCT).case
    triage.accept_case(actor=house.inspector, case_id=case.pk, kind=CaseKind.CONDUCT, category=category("conduct"))
    perform("take_up", actor=house.inspector, case_id=case.pk)
    record_departure(actor=house.system_admin, person_id=house.inspector.pk)
    case = fresh(case)
    assert (case.state, case.handler, case.lead_unit) == (CaseState.ACCEPTED, None, None)
    assert [
        each.pk for each in desk_cases(viewer=house.head_inspector, chosen=work_queues.CaseFilter(queue="to_take_up"))
    ]


def test_the_name_of_who_left_says_so(house, client, settings):
    settings.DEMO = True
    case = in_progress(house, submit(house.li_na).case)
    leave(house)
    sign = events_of("case", case.pk).get(action="sign")
    assert event_sentence(sign) == "孙强 (left) signed for the case"
    client.force_login(account_of(house.dispatcher))
    page = client.get(f"/case/{case.pk}/").content.decode()
    assert "承办人离职或不再担任" in page
    assert "孙强（已离职）" in page


def test_whoever_keeps_another_role_there_keeps_the_case(house):
    case = in_progress(house, submit(house.li_na).case)
    above = grant(house.handler, Role.HANDLER, house.company)
    end_role(actor=house.security_admin, grant_id=house.handler.role_grants.exclude(pk=above.pk).get().pk)
    assert fresh(case).handler == house.handler


def test_who_took_over_in_the_same_moment_keeps_the_case(house, monkeypatch):
    case, other = (in_progress(house, submit(house.li_na).case) for _n in range(2))
    with_colleague(house)
    real = returning.perform

    def overtaken(action, *, case_id, **told):
        if case_id == case.pk:
            perform("take_over", actor=house.colleague, case_id=case_id)
        return real(action, case_id=case_id, **told)

    monkeypatch.setattr(returning, "perform", overtaken)
    lose_role(house)
    assert (fresh(case).handler, fresh(case).state) == (house.colleague, CaseState.IN_PROGRESS)
    assert fresh(other).handler is None
