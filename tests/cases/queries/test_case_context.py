"""What a case's page offers to whom, and how its deadlines are explained."""

from datetime import UTC, datetime

import pytest

from lianxin.cases.enums import CaseKind
from lianxin.cases.queries import case_page, deadlines, get_case_for, merge_candidates
from lianxin.cases.services import requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from tests.factories.cases import accepted, category, dispatched, in_progress, rated, submit


@pytest.fixture
def page_of(db):
    return lambda viewer, case: case_page(viewer=viewer, case=get_case_for(viewer, case.pk))


def test_there_is_one_next_thing_for_whoever_it_is(house, page_of):
    case = submit(house.li_na).case
    turns = []

    def note(*names):
        turns.append([page_of(getattr(house, name), case).next_action for name in names])

    note("dispatcher", "supervisor")
    accepted(house, case)
    note("dispatcher", "supervisor")
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics, co_units=[house.workshop])
    note("dispatcher", "handler", "co_handler")
    perform("sign", actor=house.handler, case_id=case.pk)
    note("handler", "unit_leader")
    perform("contact", actor=house.handler, case_id=case.pk, text="下午到")
    perform("co_part", actor=house.co_handler, case_id=case.pk, text="已断水")
    perform("request_extension", actor=house.handler, case_id=case.pk, days=2, text="等配件")
    note("handler", "co_handler", "unit_leader")
    assert turns == [
        ["accept", ""],
        ["dispatch", ""],
        ["", "sign", "co_part"],
        ["contact", ""],
        ["reply", "", "approve_extension"],
    ]


def test_a_sealed_case_is_taken_up_not_dispatched(house, page_of):
    case = submit(house.li_na, kind=CaseKind.CONDUCT).case
    triage.accept_case(
        actor=house.inspector, case_id=case.pk, kind=CaseKind.CONDUCT, category=category("conduct"), urgency="normal"
    )
    page = page_of(house.inspector, case)
    assert page.next_action == "take_up"
    assert not {"dispatch", "transfer", "seal"} & set(page.offered)


def test_the_second_round_is_the_supervisors_to_dispatch(house, page_of):
    case = submit(house.li_na).case
    rated(house, case, "no", 1)
    assert page_of(house.supervisor, case).next_action == "dispatch"
    assert page_of(house.dispatcher, case).next_action == ""


def test_the_likeliest_case_to_join_stands_first(house, understand):
    alike = submit(house.wang_fang, "宿舍三楼一直没有热水").case
    submit(house.wang_fang, "食堂午饭太咸了")
    case = submit(house.li_na).case
    understand()
    assert merge_candidates(viewer=house.dispatcher, case=case) == [alike]


def test_a_deadline_says_how_it_came_about(house, page_of):
    with timezone.frozen(datetime(2026, 9, 28, 2, tzinfo=UTC)):
        case = submit(house.li_na).case
        in_progress(house, case)
        perform("ask", actor=house.handler, case_id=case.pk, text="哪一间？")
    with timezone.frozen(datetime(2026, 9, 29, 2, tzinfo=UTC)):
        requester.answer_question(actor=house.li_na, case_id=case.pk, text="301")
        page = page_of(house.handler, case)
        reply = next(row for row in page.deadlines if row.kind == "reply")
        said = deadlines.explain(reply, extension=page.extension, events=page.events)
    assert "9月28日 周一 10:00" in said
    assert "10月1日–10月7日" in said
    assert "1 次提问" in said


def test_a_handler_without_the_requesters_consent_to_names_sees_none(house, page_of):
    case = submit(house.li_na, identity="confidential").case
    dispatched(house, case)
    assert page_of(house.handler, case).requester is None
