"""A test case goes the whole way with the real people, and stands in nothing that is counted or shown to others."""

import pytest
from django.db import IntegrityError, connection, transaction

from lianxin.cases.enums import CaseKind, CaseState, Outcome, Urgency
from lianxin.cases.models import Case, SearchRow
from lianxin.cases.queries.readiness import test_case_status as status
from lianxin.cases.queries.work_queues import CaseFilter, desk_cases
from lianxin.cases.services import handling, requester, triage
from lianxin.cases.services.search import find_missing, rebuild_search
from lianxin.cases.services.test_case import start_test_case
from lianxin.cases.services.transitions import perform
from lianxin.classification.models import CaseMeaning
from lianxin.hotissues.services.population import grouped_cases
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from lianxin.statistics.access import open_matters
from lianxin.statistics.facts import compare_facts
from lianxin.statistics.models import CaseFact
from tests.factories.accounts import account_of
from tests.factories.cases import category, in_progress, replied, submit
from tests.pages import post_raw

pytestmark = pytest.mark.django_db


def rate(house, case, resolved="yes", satisfaction=5, by=None):
    return requester.rate_case(
        actor=by or house.system_admin, case_id=case.pk, resolved=resolved, satisfaction=satisfaction
    )


def seen_by(person):
    return list(Case.objects.visible_to(person))


def test_the_real_dispatcher_and_handler_finish_it_and_its_requester_rates_it(house):
    case = start_test_case(actor=house.system_admin, place=house.workshop)
    assert (case.is_test, case.requester, case.kind, case.title) == (
        True,
        house.system_admin,
        CaseKind.QUESTION,
        "System test",
    )
    assert (status().passed, status().number, status().is_open) == (False, case.number, True)
    assert list(Notice.objects.values_list("kind", "recipient")) == [("to_accept", house.dispatcher.pk)]
    replied(house, case)
    rate(house, case)
    case.refresh_from_db()
    assert (case.state, case.outcome, status().passed) == (CaseState.CLOSED, Outcome.RATED, True)
    trail = [event.action for event in events_of("case", case.pk)]
    assert trail == ["submit", "accept", "dispatch", "sign", "reply", "rate"]
    assert events_of("case", case.pk).first().data["test"] is True


def test_a_bad_rating_ends_it_and_does_not_tick_the_list(house):
    case = start_test_case(actor=house.security_admin)
    accept = {"kind": CaseKind.HELP, "category": category(), "urgency": Urgency.NORMAL}
    triage.accept_case(actor=house.head_dispatcher, case_id=case.pk, **accept)
    triage.dispatch_case(actor=house.head_dispatcher, case_id=case.pk, lead_unit=house.logistics)
    perform("sign", actor=house.handler, case_id=case.pk)
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="收到。")
    rate(house, case, resolved="no", satisfaction=1, by=house.security_admin)
    case.refresh_from_db()
    assert (case.state, case.round) == (CaseState.CLOSED, 1)
    assert (status().passed, status().is_open) == (False, False)


def test_only_those_who_act_see_it(house):
    case = start_test_case(actor=house.system_admin, place=house.workshop)
    in_progress(house, case)
    seeing = {name for name, person in house.people().items() if case in seen_by(person)}
    assert seeing == {"system_admin", "dispatcher", "head_dispatcher", "handler"}
    assert [case in desk_cases(viewer=who) for who in (house.dispatcher, house.handler)] == [True, True]
    for who in (house.supervisor, house.unit_leader, house.inspector):
        assert case not in desk_cases(viewer=who, chosen=CaseFilter(queue="all"))


def test_the_administrators_still_see_no_other_case(house):
    real = submit(house.li_na).case
    start_test_case(actor=house.system_admin, place=house.workshop)
    for admin in (house.system_admin, house.security_admin, house.audit_admin):
        assert real not in seen_by(admin)
    assert seen_by(house.security_admin) == []


def test_it_is_in_no_figure_search_training_or_hot_issue(house, understand):
    case = start_test_case(actor=house.system_admin, place=house.workshop)
    replied(house, case)
    rate(house, case)
    other = start_test_case(actor=house.system_admin, place=house.workshop)
    assert (CaseFact.objects.count(), compare_facts()) == (0, [])
    assert open_matters(viewer=house.unit_leader)["open"] == open_matters(viewer=house.dispatcher)["open"] == 0
    assert (rebuild_search(), find_missing(), SearchRow.objects.count()) == (0, 0, 0)
    understand()
    assert CaseMeaning.objects.count() == 0
    assert not Case.objects.filter(grouped_cases()).exists()
    assert {case.is_test, other.is_test} == {True}


def test_steps_beyond_dispatcher_and_handler_are_refused(house):
    case = start_test_case(actor=house.system_admin, place=house.workshop)
    real = submit(house.li_na).case
    with pytest.raises(ValidationFailed, match="test case"):
        triage.merge_case(actor=house.dispatcher, case_id=real.pk, primary_id=case.pk)
    with pytest.raises(ValidationFailed, match="test case"):
        triage.merge_case(actor=house.dispatcher, case_id=case.pk, primary_id=real.pk)
    with pytest.raises(ValidationFailed, match="test case"):
        triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="涉及作风")
    in_progress(house, case)
    with pytest.raises(ValidationFailed, match="test case"):
        perform("request_extension", actor=house.handler, case_id=case.pk, days=3, text="再等等")
    with pytest.raises(NotFound):
        perform("supervise", actor=house.supervisor, case_id=case.pk)


def test_who_may_start_one_and_where(house):
    for somebody in (house.audit_admin, house.dispatcher, house.li_na):
        with pytest.raises(PermissionDenied):
            start_test_case(actor=somebody)
    start_test_case(actor=house.system_admin)
    with pytest.raises(ValidationFailed, match="still open"):
        start_test_case(actor=house.security_admin)


def test_without_a_dispatcher_nobody_would_receive_it(house):
    house.head_dispatcher.role_grants.all().delete()
    with pytest.raises(ValidationFailed, match="No dispatcher"):
        start_test_case(actor=house.system_admin)


def test_the_database_keeps_it_apart(house):
    case = start_test_case(actor=house.system_admin)
    for change in ("identity = 'anonymous', requester_id = NULL", "sealed = true, kind = 'conduct'", "round = 2"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE cases_case SET {change} WHERE id = %s", [case.pk])  # noqa: S608


def test_those_who_act_see_that_it_is_a_test(house, client, settings):
    settings.DEMO = True
    case = start_test_case(actor=house.system_admin, place=house.workshop)
    client.force_login(account_of(house.dispatcher))
    assert "<strong>测试</strong>" in client.get("/desk/").content.decode()
    assert "这是测试件" in client.get(f"/case/{case.pk}/").content.decode()
    client.force_login(account_of(house.system_admin))
    assert "这是您发起的测试件" in client.get(f"/case/{case.pk}/").content.decode()


def test_an_administrator_starts_it_on_the_page(house, client, settings):
    settings.DEMO = True
    client.force_login(account_of(house.security_admin))
    assert client.get("/checklist/test-case/").status_code == 200
    answer = post_raw(client, "/checklist/test-case/", {"place": house.workshop.pk})
    case = Case.objects.get(is_test=True)
    assert (answer.status_code, answer.url, case.place_unit) == (302, f"/case/{case.pk}/", house.workshop)
    page = client.get("/checklist/test-case/").content.decode()
    assert f"{case.number} 正在办理" in page
    assert post_raw(client, "/checklist/test-case/", {"place": house.workshop.pk}).status_code == 422
