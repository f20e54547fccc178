"""What the inbox says of cases: one line each, by its title, with what happened; what is done leaves it."""

from datetime import timedelta

import pytest

from lianxin.cases.enums import CaseKind, Identity
from lianxin.cases.services import deadlines, handling, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow.notifications import CaseNotice
from lianxin.kernel import timezone
from lianxin.notifications.queries import inbox_page
from tests.factories.cases import accepted, dispatched, found_enterprise, in_progress, submit


@pytest.fixture
def house(db):
    return found_enterprise()


def lines(person):
    return [(line.title, line.sentence) for line in inbox_page(viewer=person, number=1)[1]]


def test_a_case_is_one_line_with_its_title_and_repeats_are_counted(house):
    start = timezone.now()
    case = submit(house.li_na, "宿舍三楼没有热水。").case
    in_progress(house, case)
    for days in range(12, 24):
        with timezone.frozen(start + timedelta(days=days)):
            deadlines.scan()
    for person in (house.handler, house.unit_leader, house.supervisor):
        ((title, sentence),) = lines(person)
        assert title == "宿舍三楼没有热水"
        assert " 次）" in sentence
    perform("contact", actor=house.handler, case_id=case.pk, text="明天到现场")
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了")
    assert [lines(person) for person in (house.handler, house.unit_leader, house.supervisor)] == [[], [], []]


def test_of_a_sealed_case_the_inbox_says_no_more_than_its_number(house):
    case = submit(house.li_na, "班长收了红包。", kind=CaseKind.CONDUCT).case
    ((title, sentence),) = lines(house.inspector)
    assert (title, sentence) == (case.number, "待受理")


def test_each_duty_leaves_with_the_step_that_does_it(house):
    case = submit(house.li_na).case
    assert lines(house.dispatcher) == [(case.title, "待受理")]
    accepted(house, case)
    assert lines(house.dispatcher) == []
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics, co_units=[house.workshop])
    assert (lines(house.handler), lines(house.co_handler)) == (
        [(case.title, "已派给您，请签收")],
        [(case.title, "请您单位协办")],
    )
    perform("sign", actor=house.handler, case_id=case.pk)
    perform("co_part", actor=house.co_handler, case_id=case.pk, text="管道是好的")
    assert (lines(house.handler), lines(house.co_handler)) == ([], [])
    perform("request_extension", actor=house.handler, case_id=case.pk, days=2, text="等配件")
    assert lines(house.unit_leader) == lines(house.supervisor) == [(case.title, "申请延期，请审批")]
    perform("approve_extension", actor=house.unit_leader, case_id=case.pk)
    assert (lines(house.unit_leader), lines(house.supervisor)) == ([], [])
    perform("ask", actor=house.handler, case_id=case.pk, text="哪一层？")
    assert "有问题请您回答" in lines(house.li_na)[0][1]
    requester.answer_question(actor=house.li_na, case_id=case.pk, text="三层")
    assert "有问题请您回答" not in lines(house.li_na)[0][1]
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了")
    assert "解决了吗" in lines(house.li_na)[0][1]
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    assert "解决了吗" not in lines(house.li_na)[0][1]
    assert lines(house.supervisor) == [(case.title, "评为未解决，请重新派单")]
    triage.dispatch_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.logistics)
    assert lines(house.supervisor) == []


def test_what_a_confidential_requester_has_answered_leaves_their_inbox_and_no_moment_stands_on_it(house):
    case = submit(house.li_na, identity=Identity.CONFIDENTIAL).case
    perform("ask", actor=house.dispatcher, case_id=case.pk, text="哪一层？")
    assert [words for _title, words in lines(house.li_na)] == ["有问题请您回答"]
    requester.answer_question(actor=house.li_na, case_id=case.pk, text="三层")
    assert lines(house.li_na) == []


def test_every_sentence_about_a_case_begins_with_its_number():
    assert [kind for kind in CaseNotice if not str(kind.label).startswith("%(label)s")] == []


def test_somebody_who_no_longer_sees_a_case_reads_nothing_of_it(house):
    case = submit(house.li_na, "宿舍三楼没有热水。").case
    dispatched(house, case)
    perform("recall", actor=house.dispatcher, case_id=case.pk)
    assert lines(house.handler) == []
