"""What the page tells its requester in every state: the word, the line of progress, what comes next and by when."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils.translation import override

from lianxin.cases.enums import Satisfaction
from lianxin.cases.models import Case
from lianxin.cases.queries import (
    case_page,
    event_sentence,
    get_attachment_for,
    get_case_for,
    location_choices,
    place_choices,
    requester_page,
    told_to_requester,
)
from lianxin.cases.services import deadlines, handling, triage
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import CASE
from lianxin.kernel import files, timezone
from lianxin.kernel.errors import NotFound
from lianxin.ledger.queries import Event
from tests.factories.accounts import sign_in
from tests.factories.cases import accepted, dispatched, in_progress, replied, submit
from tests.factories.org import UnitFactory

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=timezone.zone())


@pytest.fixture(autouse=True)
def _on_a_monday_morning():
    with timezone.frozen(MONDAY):
        yield


def read(person, case):
    return requester_page(case_page(viewer=person, case=get_case_for(person, case.pk)))


def line(page):
    marks = {"done": "✓", "current": "●", "todo": "○"}
    return " ".join(f"{marks[step.state]}{step.label}" for step in page.standing.steps)


def test_from_submitted_to_rated(house):
    case = submit(house.li_na).case
    page = read(house.li_na, case)
    assert line(page) == "●已提交 ○已受理 ○办理中 ○已答复 ○已评价"
    assert page.standing.coming == "最晚 11月24日 周二 17:30 前受理；不受理的，也会告诉您理由。"
    assert page.standing.actions == ("add", "withdraw")
    accepted(house, case)
    assert read(house.li_na, case).standing.coming == "受理员正在确定由哪个单位办理。"
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    page = read(house.li_na, case)
    assert line(page) == "✓已提交 ●已受理 ○办理中 ○已答复 ○已评价"
    assert page.standing.coming.splitlines() == [
        "后勤服务中心最晚 11月25日 周三 17:30 前和您联系。",
        "最晚 12月2日 周三 17:30 前给您答复。",
    ]
    perform("sign", actor=house.handler, case_id=case.pk)
    assert line(read(house.li_na, case)) == "✓已提交 ✓已受理 ●办理中 ○已答复 ○已评价"
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。")
    page = read(house.li_na, case)
    assert line(page) == "✓已提交 ✓已受理 ✓办理中 ●已答复 ○已评价"
    assert (page.standing.main, page.prompt.text) == ("rate", "修好了。")
    assert page.standing.coming == "请在 11月30日 周一 09:00 前告诉我们是否解决了，只有您说了算。"
    requester_services.rate_case(
        actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=Satisfaction.SATISFIED, comment="谢谢"
    )
    page = read(house.li_na, case)
    assert line(page) == "✓已提交 ✓已受理 ✓办理中 ✓已答复 ✓已评价"
    assert page.standing.actions == ("share",)
    assert [turn.text for turn in page.turns if turn.event] == [
        "赵敏已受理",
        "赵敏派给后勤服务中心办理",
        "孙强已签收，开始办理",
        "您的评价：已解决，满意",
    ]
    assert page.turns[-1].note == "谢谢"


def test_overdue_is_said_as_it_is(house):
    case = submit(house.li_na).case
    with timezone.frozen(MONDAY + timedelta(days=2)):
        deadlines.scan()
        page = read(house.li_na, case)
        assert page.standing.coming == "本应在 11月24日 周二 17:30 前受理，已提醒上一级。"
        assert next(turn.text for turn in page.turns if turn.event) == "“受理”已超时，时限是 11月24日 周二 17:30"


def test_a_question_stops_the_clock(house):
    case = in_progress(house, submit(house.li_na).case)
    perform("ask", actor=house.handler, case_id=case.pk, text="几号楼？")
    page = read(house.li_na, case)
    assert line(page) == "✓已提交 ✓已受理 ●办理中 ○已答复 ○已评价"
    assert (page.standing.word.word, page.standing.main, page.prompt.text) == ("等您回答", "answer", "几号楼？")
    with timezone.frozen(MONDAY + timedelta(days=20)):
        deadlines.scan()
        page = read(house.li_na, case)
        assert line(page) == "✓已提交 ●未回答，已办结"
        assert page.standing.actions == ()


def test_unrated_may_be_rated_for_thirty_days(house):
    case = replied(house, submit(house.li_na).case)
    with timezone.frozen(MONDAY + timedelta(days=8)):
        deadlines.scan()
        page = read(house.li_na, case)
        assert (page.standing.word.word, page.standing.main) == ("未评价", "rate")
    with timezone.frozen(MONDAY + timedelta(days=39)):
        page = read(house.li_na, case)
        assert (page.standing.main, page.standing.coming) == ("", "这件诉求已办结。")


def test_after_the_second_round_there_is_no_third(house):
    case = replied(house, submit(house.li_na).case)
    requester_services.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    page = read(house.li_na, case)
    assert page.standing.coming == "督办人最晚 11月24日 周二 17:30 前安排重新办理。"
    assert page.standing.steps[2].note == "第二轮"
    triage.dispatch_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.logistics)
    perform("sign", actor=house.handler, case_id=case.pk)
    handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="换了锅炉。")
    client = sign_in(Client(), house.li_na)
    assert "这是第二轮" in client.get(f"/case/{case.pk}/").content.decode()
    requester_services.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    assert read(house.li_na, case).standing.actions == ("share",)


def test_a_joined_case_reads_the_reply_and_is_rated_by_its_own_requester(house):
    first, second = submit(house.wang_fang).case, submit(house.li_na).case
    in_progress(house, first)
    accepted(house, second)
    triage.merge_case(actor=house.dispatcher, case_id=second.pk, primary_id=first.pk)
    page = read(house.li_na, second)
    assert (page.standing.word.word, page.standing.actions) == ("已并案", ())
    perform("contact", actor=house.handler, case_id=first.pk, text="王芳您好。")
    proof = files.accept("维修记录".encode(), "维修.txt")
    handling.reply_to_requester(actor=house.handler, case_id=first.pk, text="修好了。", files=[proof])
    page = read(house.li_na, second)
    assert (page.standing.word.word, page.standing.main, page.prompt.text) == ("待您评价", "rate", "修好了。")
    assert "王芳您好。" not in [turn.text for turn in page.turns]
    file = page.prompt.files[0]
    assert get_attachment_for(house.li_na, file.pk) == file
    with pytest.raises(NotFound):
        get_attachment_for(house.outsider, file.pk)
    requester_services.rate_case(actor=house.li_na, case_id=second.pk, resolved="yes", satisfaction=5)
    assert Case.objects.get(pk=first.pk).state == "replied"


def test_withdrawn_and_declined_end_the_line(house):
    case = submit(house.li_na).case
    requester_services.withdraw_case(actor=house.li_na, case_id=case.pk)
    assert line(read(house.li_na, case)) == "✓已提交 ●已撤回"
    case = submit(house.li_na, "邻居的车位。").case
    triage.decline_case(actor=house.dispatcher, case_id=case.pk, reason="not_ours", text="请找社区。")
    page = read(house.li_na, case)
    assert line(page) == "✓已提交 ●不予受理"
    assert (page.standing.main, page.prompt.text) == ("appeal", "请找社区。")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_action_of_the_table_has_a_sentence(db, language):
    with override(language):
        for action in {step.action for step in CASE.transitions} | {"submit", "overdue"}:
            for sentence in (event_sentence, told_to_requester):
                said = sentence(Event(action=action, role="clock", data={}))
                assert said != action
                assert "%(" not in said


def test_of_a_very_large_enterprise_the_own_company_and_all_companies_are_offered(house, monkeypatch):
    for _ in range(5):
        UnitFactory(parent=Case._meta.apps.get_model("org", "Unit").objects.get(code="WEST"))

    def names(viewer):
        return [
            group if isinstance(rows, int | str) else (group, len(rows)) for group, rows in place_choices(viewer=viewer)
        ]

    assert ("西城供电公司", 6) in names(house.li_na)
    monkeypatch.setattr(location_choices, "MOST_SHOWN", 4)
    assert ("西城供电公司", 1) in names(house.li_na)
    assert ("东城供电公司", 3) in names(house.li_na)
    assert ("东城供电公司", 1) in names(None)


def test_dispatched_units_are_named_to_the_requester(house):
    case = dispatched(house, submit(house.li_na).case, co_units=[house.workshop])
    assert "赵敏派给后勤服务中心办理" in [turn.text for turn in read(house.li_na, case).turns]
