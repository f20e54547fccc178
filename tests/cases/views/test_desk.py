"""The desk's pages, as the people who work there use them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.cases.enums import CaseKind, Field, Identity, Relation, Satisfaction
from lianxin.cases.events import Offer
from lianxin.cases.models import Case, CaseAccessLog
from lianxin.cases.queries.kinds import suggested_kinds
from lianxin.cases.queries.together import waiting_together
from lianxin.cases.services import deadlines, requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.cases.views.steps import ACTIONS
from lianxin.cases.workflow import CASE
from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed, VersionConflict
from lianxin.org.enums import Role
from tests.factories.cases import accepted, category, dispatched, in_progress, replied, submit
from tests.factories.org import grant
from tests.pages import post_raw, send_form, text_of


@pytest.fixture
def case(house):
    return submit(house.li_na).case


def address_of(case, action):
    return reverse("cases:act", args=[case.pk, action])


def do(browser, case, action, *, page=None, **entered):
    """Send an action's form, as it is now or as it was when the page was read."""
    address = address_of(case, action)
    return send_form(browser, page or address, entered, to=address)


def test_the_work_list_shows_what_is_due_and_never_who_asks(house, case, desk_of):
    page = desk_of(house.dispatcher).get(reverse("cases:desk"))
    assert page.context["queue"] == "to_accept"
    assert case.title in text_of(page)
    assert house.li_na.name not in text_of(page)
    assert [tab.label for tab in page.context["tabs"]] == [
        "待受理",
        "待派单",
        "已超时",
        "待诉求人回答",
        "全部在办",
        "已办结",
        "全部诉求",
    ]


def test_an_employee_without_a_desk_is_told_so(house, desk_of):
    assert desk_of(house.li_na).get(reverse("cases:desk")).status_code == 403


def test_each_role_has_its_own_lists(house, desk_of):
    first = {
        name: [tab.label for tab in desk_of(getattr(house, name)).get(reverse("cases:desk")).context["tabs"]][:3]
        for name in ("handler", "unit_leader", "supervisor", "inspector")
    }
    assert first == {
        "handler": ["待签收", "待答复", "待协办"],
        "unit_leader": ["待审批", "已超时", "督办中"],
        "supervisor": ["待审批", "待重派", "已超时"],
        "inspector": ["待受理", "待接办", "待答复"],
    }


def test_accepting_and_dispatching_go_in_one_form(house, case, desk_of, understand):
    understand()
    page = desk_of(house.dispatcher).get(reverse("cases:act", args=[case.pk, "accept"]))
    proposed = page.context["form"].fields["category"].initial
    answer = do(
        desk_of(house.dispatcher),
        case,
        "accept",
        kind="help",
        category=proposed,
        urgency="normal",
        lead_unit=house.logistics.pk,
        text="锅炉",
    )
    assert answer.status_code == 302, text_of(answer)
    case.refresh_from_db()
    assert (case.state, case.lead_unit, str(case.category.get_parent())) == (
        "dispatched",
        house.logistics,
        "宿舍与住房",
    )


def test_if_the_unit_cannot_handle_it_the_case_is_not_accepted_either(house, case, desk_of):
    answer = do(
        desk_of(house.dispatcher),
        case,
        "accept",
        kind="help",
        category=category().pk,
        urgency="normal",
        lead_unit="",
        lead_unit_q=house.company.name,
        text="请尽快",
    )
    assert answer.status_code == 422
    assert "请尽快" in text_of(answer)
    case.refresh_from_db()
    assert case.state == "submitted"


def test_two_dispatchers_at_once_the_second_learns_what_the_first_did(house, case, desk_of):
    second = desk_of(house.head_dispatcher)
    page = second.get(address_of(case, "decline"))
    accepted(house, case)
    answer = do(second, case, "decline", page=page, reason="unclear", text="看不明白您的意思")
    assert answer.status_code == 409
    assert house.dispatcher.name in text_of(answer)
    assert "看不明白您的意思" in text_of(answer)


def test_a_colleagues_note_in_between_loses_nothing(house, case, desk_of):
    in_progress(house, case)
    handler = desk_of(house.handler)
    grant(house.co_handler, Role.HANDLER, house.logistics)
    colleague = desk_of(house.co_handler)
    page = colleague.get(address_of(case, "contact"))
    perform("note", actor=house.handler, case_id=case.pk, text="打过电话")
    answer = do(colleague, case, "contact", page=page, text="明天到现场")
    assert answer.status_code == 409
    assert do(colleague, case, "contact", page=answer, text="明天到现场").status_code == 302
    assert handler.get(reverse("cases:case", args=[case.pk])).status_code == 200


def test_the_same_form_sent_twice_is_done_once(house, case, desk_of):
    in_progress(house, case)
    handler = desk_of(house.handler)
    page = handler.get(address_of(case, "reply"))
    for _ in range(2):
        answer = do(handler, case, "reply", page=page, text="修好了")
        assert answer.status_code == 302
    assert case.messages.filter(kind="reply").count() == 1


def test_a_handler_signs_writes_asks_for_time_and_the_leader_grants_it(house, case, desk_of):
    dispatched(house, case)
    handler = desk_of(house.handler)
    assert do(handler, case, "sign").status_code == 302
    assert do(handler, case, "contact", text="下午到现场").status_code == 302
    days = handler.get(reverse("cases:act", args=[case.pk, "request_extension"])).context["form"].fields["days"].choices
    assert len(days) == 10
    assert do(handler, case, "request_extension", days=3, text="等配件").status_code == 302
    leader = desk_of(house.unit_leader)
    assert leader.get(reverse("cases:desk")).context["queue"] == "to_decide"
    page = leader.get(reverse("cases:case", args=[case.pk]))
    assert page.context["main"]["name"] == "approve_extension"
    assert house.li_na.name not in text_of(page)
    due = Case.objects.get(pk=case.pk).due_at
    assert do(leader, case, "approve_extension").status_code == 302
    assert Case.objects.get(pk=case.pk).due_at > due
    reason = case.messages.get(text="等配件")
    assert (reason.author, reason.role) == (house.handler, Relation.HANDLER)


@pytest.mark.parametrize(
    ("resolved", "satisfaction", "read"), [("no", 1, True), ("partly", 2, True), ("yes", 5, False)]
)
def test_why_it_is_not_solved_is_read_by_whoever_dispatches_it_again(
    house, case, desk_of, resolved, satisfaction, read
):
    replied(house, case)
    words = "还是没有热水"
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved=resolved, satisfaction=satisfaction, comment=words)
    page = text_of(desk_of(house.supervisor).get(reverse("cases:case", args=[case.pk])))
    assert (words in page) == read
    assert str(Satisfaction(satisfaction).label) not in page


def test_merging_shows_no_other_requester_and_can_be_undone(house, case, desk_of, understand):
    other = submit(house.wang_fang, "宿舍三楼一直没有热水").case
    understand()
    dispatcher = desk_of(house.dispatcher)
    page = dispatcher.get(reverse("cases:act", args=[other.pk, "merge"]))
    assert case.number in text_of(page)
    assert house.li_na.name not in text_of(page)
    assert do(dispatcher, other, "merge", number=case.number.lower()).status_code == 302
    assert Case.objects.get(pk=other.pk).state == "merged"
    assert f"/case/{other.pk}/do/unmerge/" in text_of(dispatcher.get(reverse("cases:case", args=[other.pk])))
    assert do(dispatcher, other, "unmerge").status_code == 302
    assert Case.objects.get(pk=other.pk).state == "submitted"


def test_a_reply_says_beforehand_how_many_will_read_it(house, case, desk_of):
    in_progress(house, case)
    other = submit(house.wang_fang).case
    triage.merge_case(actor=house.dispatcher, case_id=other.pk, primary_id=case.pk)
    assert "将有 2 位诉求人" in text_of(desk_of(house.handler).get(reverse("cases:act", args=[case.pk, "reply"])))


def test_a_confidential_name_takes_a_typed_reason(house, desk_of):
    case = submit(house.li_na, identity=Identity.CONFIDENTIAL).case
    dispatcher = desk_of(house.dispatcher)
    assert house.li_na.name not in text_of(dispatcher.get(reverse("cases:case", args=[case.pk])))
    assert do(dispatcher, case, "unseal", reason="").status_code == 422
    assert do(dispatcher, case, "unseal", reason="需要到房间检修").status_code == 302
    assert house.li_na.name in text_of(dispatcher.get(reverse("cases:case", args=[case.pk])))


def test_whoever_hands_a_case_to_inspection_lands_on_the_list(house, case, desk_of):
    dispatcher = desk_of(house.dispatcher)
    answer = do(dispatcher, case, "seal", text="涉及收受好处")
    assert answer.url == reverse("cases:desk")
    assert dispatcher.get(reverse("cases:case", args=[case.pk])).status_code == 404
    page = desk_of(house.inspector).get(reverse("cases:case", args=[case.pk]))
    assert page.status_code == 200
    assert case.title not in text_of(page).split("</title>")[0]


def test_looking_is_noted_once_a_day_and_never_for_the_requester(house, case, desk_of):
    for person in (house.dispatcher, house.dispatcher, house.li_na):
        desk_of(person).get(reverse("cases:case", args=[case.pk]))
    assert list(CaseAccessLog.objects.values_list("person", "role")) == [(house.dispatcher.pk, "dispatcher")]


def ticked(*cases):
    """The values of the boxes of cases, as they are now."""
    return [f"{case.pk}.{Case.objects.get(pk=case.pk).version}" for case in cases]


def ids_of(cases):
    return {case.pk for case in cases}


def states(*cases):
    return [Case.objects.get(pk=case.pk).state for case in cases]


def toast_of(page):
    """What the notice on a page says."""
    return text_of(page).partition('class="toast-line')[2].partition("</div>")[0]


def dispatch_two(house, browser, cases, **entered):
    """Tick cases in the list, and say to which unit."""
    waiting = browser.get(reverse("cases:desk"), {"queue": "to_dispatch"})
    asked = send_form(browser, waiting, {"selected": ticked(*cases)}, press="dispatch")
    assert asked.status_code == 200, text_of(asked)
    return send_form(browser, asked, {"lead_unit_q": house.logistics.name}, follow=True)


def test_several_cases_go_to_one_unit(house, desk_of):
    cases = [submit(house.li_na).case for _ in range(3)]
    for each in cases[:2]:
        accepted(house, each)
    done = dispatch_two(house, desk_of(house.dispatcher), cases[:2])
    assert "已派单 2 件。" in toast_of(done)
    assert states(*cases) == ["dispatched", "dispatched", "submitted"]


def test_what_changed_since_the_list_was_shown_is_not_dispatched_with_the_others(house, desk_of):
    cases = [submit(house.li_na).case for _ in range(3)]
    for each in cases:
        accepted(house, each)
    dispatcher = desk_of(house.dispatcher)
    waiting = dispatcher.get(reverse("cases:desk"), {"queue": "to_dispatch"})
    boxes = ticked(*cases)
    perform("add", actor=house.li_na, case_id=cases[0].pk, text="其实是锅炉房的事")
    triage.name_people(actor=house.head_dispatcher, case_id=cases[1].pk, people=[house.dispatcher])
    asked = send_form(dispatcher, waiting, {"selected": boxes}, press="dispatch")
    done = send_form(dispatcher, asked, {"lead_unit_q": house.logistics.name}, follow=True)
    assert states(*cases) == ["accepted", "accepted", "dispatched"]
    said = toast_of(done)
    assert f"已派单 1 件。 {cases[0].number}: 刚才有人处理过。" in said
    assert "1 件您已无法查看。" in said
    assert cases[1].number not in said


def test_several_are_signed_for_as_they_were_seen(house, desk_of):
    cases = [dispatched(house, submit(house.li_na).case) for _ in range(2)]
    handler = desk_of(house.handler)
    page = handler.get(reverse("cases:desk"), {"queue": "to_sign"})
    boxes = ticked(*cases)
    perform("add", actor=house.li_na, case_id=cases[0].pk, text="又漏水了")
    done = send_form(handler, page, {"selected": boxes}, press="sign", follow=True)
    assert states(*cases) == ["dispatched", "in_progress"]
    assert cases[0].number in toast_of(done)
    assert "撤销" not in toast_of(done)


def test_what_was_dispatched_together_is_taken_back_together(house, desk_of):
    cases = [submit(house.li_na).case for _ in range(3)]
    for each in cases:
        accepted(house, each)
    dispatcher = desk_of(house.dispatcher)
    done = dispatch_two(house, dispatcher, cases)
    perform("sign", actor=house.handler, case_id=cases[2].pk)
    undone = send_form(dispatcher, done, to="/desk/recall/", follow=True)
    assert undone.redirect_chain[-1][0] == f"{reverse('cases:desk')}?queue=to_dispatch"
    assert states(*cases) == ["accepted", "accepted", "in_progress"]
    said = toast_of(undone)
    assert said.count("已收回 2 件，待派单。") == 1
    assert cases[2].number in said


def test_nobody_takes_back_what_is_not_theirs(house, desk_of):
    case = dispatched(house, submit(house.li_na).case)
    address = f"{reverse('cases:recall_selected')}?selected={case.pk}.{case.version}"
    for who, said in (("outsider", "1 件您已无法查看。"), ("handler", case.number)):
        answer = post_raw(desk_of(getattr(house, who)), address, follow=True)
        assert said in toast_of(answer)
    for wrong in ("?selected=x", "?selected=1.2", ""):
        assert post_raw(desk_of(house.dispatcher), reverse("cases:recall_selected") + wrong).status_code == 302
    assert states(case) == ["dispatched"]


@pytest.mark.parametrize("kind", [CaseKind.HELP, CaseKind.CONDUCT])
def test_whoever_a_case_is_about_finds_it_nowhere(house, desk_of, kind):
    for role in (Role.DISPATCHER, Role.HANDLER, Role.SUPERVISOR, Role.INSPECTOR):
        grant(house.wang_fang, role, house.root)
    case = submit(house.li_na, "王芳克扣加班费，大家都知道。", kind=kind, about="王芳").case
    named = desk_of(house.wang_fang)
    for queue in ("to_accept", "overdue", "open", "ended"):
        page = named.get(reverse("cases:desk"), {"queue": queue, "text": "克扣"})
        assert case.number not in text_of(page)
        assert not any(tab.count for tab in page.context["tabs"])
    places = ["case", "case_live"]
    assert {named.get(reverse(f"cases:{place}", args=[case.pk])).status_code for place in places} == {404}
    for action in ("accept", "note", "merge", "seal", "reply", "unseal", "take_up"):
        assert named.get(reverse("cases:act", args=[case.pk, action])).status_code == 404
        assert post_raw(named, address_of(case, action), {"text": "删掉"}).status_code == 404
    other = submit(house.li_na).case
    answer = do(named, other, "merge", number=case.number)
    assert answer.status_code == 422
    assert not CaseAccessLog.objects.filter(case=case).exists()


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "audit_admin", "outsider", "wang_fang"])
def test_strangers_and_administrators_see_nothing(house, case, desk_of, who):
    browser = desk_of(getattr(house, who))
    assert browser.get(reverse("cases:case", args=[case.pk])).status_code == 404
    assert browser.get(reverse("cases:act", args=[case.pk, "accept"])).status_code == 404


def test_what_is_not_ones_own_step_is_refused_in_words(house, case, desk_of):
    dispatched(house, case)
    assert desk_of(house.dispatcher).get(reverse("cases:act", args=[case.pk, "sign"])).status_code == 403


def test_a_handler_found_to_be_concerned_loses_the_case(house, case, desk_of):
    in_progress(house, case)
    assert do(desk_of(house.dispatcher), case, "name_people", person_q=house.handler.employee_no).status_code == 302
    assert desk_of(house.handler).get(reverse("cases:case", args=[case.pk])).status_code == 404


def test_every_step_of_the_table_that_staff_take_has_its_page():
    nobody_else = {Relation.REQUESTER, Relation.CLOCK}
    on_the_board = {"publish", "take_down"}
    assert set(ACTIONS) == set(CASE.buttons)
    assert set(ACTIONS) == {step.action for step in CASE.transitions if set(step.allowed) - nobody_else} - on_the_board


def test_an_inspector_reads_that_the_requester_was_asked_to_withdraw_and_nobody_else_does(house, case, desk_of):
    dispatched(house, case)
    requester.withdraw_case(actor=house.li_na, case_id=case.pk, asked=True)
    told = {
        who: "被人要求撤回" in text_of(desk_of(getattr(house, who)).get(reverse("cases:case", args=[case.pk])))
        for who in ("inspector", "dispatcher", "handler", "supervisor")
    }
    assert told == {"inspector": True, "dispatcher": False, "handler": False, "supervisor": False}


def test_a_unit_that_still_owes_its_part_is_ticked_when_the_case_goes_elsewhere(house, case, desk_of):
    in_progress(house, case, co_units=[house.workshop])
    page = desk_of(house.dispatcher).get(reverse("cases:act", args=[case.pk, "transfer"]))
    assert page.context["form"]["co_units"].initial == [house.workshop.pk]


def test_after_a_step_the_next_case_of_the_list_is_offered(house, desk_of):
    cases = [submit(house.li_na, f"{n} 号楼没有热水").case for n in range(3)]
    dispatcher, query = desk_of(house.dispatcher), "?queue=to_accept&sort=submitted"
    page = dispatcher.get(address_of(cases[1], "decline") + query)
    answer = send_form(dispatcher, page, {"reason": "unclear", "text": "请写明楼号"})
    page = dispatcher.get(answer.url)
    following = page.context["beside"]["following"]
    assert (page.context["beside"]["is_done"], following["case"].pk) == (True, cases[2].pk)
    assert f"/case/{cases[2].pk}/{query}".replace("&", "&amp;") in text_of(page)
    assert 'aria-current="true"' in text_of(dispatcher.get(following["url"]))


def test_an_appeal_shows_what_was_declined_by_whom_why_and_what_the_requester_says(house, case, desk_of):
    triage.decline_case(actor=house.dispatcher, case_id=case.pk, reason="unclear", text="请写明楼号")
    perform("appeal", actor=house.li_na, case_id=case.pk, text="三楼就是三号楼三楼")
    page = desk_of(house.supervisor).get(reverse("cases:case", args=[case.pk]))
    assert (page.context["main"]["name"], page.context["beside_main"]["name"]) == ("accept", "decline")
    shown = text_of(page)
    panel = shown[shown.index('id="appeal-title"') :][:2000]
    assert all(words in panel for words in ("赵敏", "请写明楼号", "三楼就是三号楼三楼"))
    listed = text_of(desk_of(house.supervisor).get(reverse("cases:desk"), {"queue": "to_decide"}))
    assert "申诉待裁定" in shown
    assert "申诉待裁定" in listed.partition("<tbody")[2]
    assert "已提交" not in listed.partition("<tbody")[2]
    perform("ask", actor=house.supervisor, case_id=case.pk, text="哪一栋楼？")
    assert "申诉待裁定" not in text_of(desk_of(house.supervisor).get(reverse("cases:case", args=[case.pk])))
    actions = shown[shown.index('<div class="actions no-print') : shown.index('class="case-work"')]
    assert "维持不予受理" in actions
    assert "btn-primary" not in actions
    assert "裁定申诉" in shown


def test_the_trail_is_in_the_order_of_time(house, case, desk_of):
    in_progress(house, case)
    start = timezone.now()
    for minutes, text in ((1, "先打电话"), (2, "再去现场")):
        with timezone.frozen(start + timedelta(minutes=minutes)):
            perform("note", actor=house.handler, case_id=case.pk, text=text)
    with timezone.frozen(start + timedelta(days=30)):
        deadlines.scan()
    turns = desk_of(house.handler).get(reverse("cases:case", args=[case.pk])).context["turns"]
    times = [(turn.get("message") or turn["event"]).at for turn in turns]
    assert times == sorted(times)


def test_a_reopened_case_waits_to_be_dispatched_again_and_says_so(house, case, desk_of):
    replied(house, case)
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    with timezone.frozen(timezone.now() + timedelta(days=5)):
        page = text_of(desk_of(house.supervisor).get(reverse("cases:desk"), {"queue": "to_redispatch"}))
    row = page[page.index("<tbody") :]
    assert "待重新派单" in row
    assert "重新派单" in row
    assert '<span class="deadline-label">受理' not in row


def test_accepting_and_dispatching_in_one_go_says_both_and_can_be_undone(house, case, desk_of):
    dispatcher = desk_of(house.dispatcher)
    answer = do(
        dispatcher,
        case,
        "accept",
        category=category().pk,
        lead_unit_q=house.logistics.name,
        co_unit_q=house.workshop.name,
    )
    page = dispatcher.get(answer.url)
    assert "已受理并派单" in text_of(page)
    undone = send_form(dispatcher, page, {}, to=address_of(case, "recall"))
    case.refresh_from_db()
    assert (case.state, case.lead_unit, case.supporting_units.count()) == ("accepted", None, 0)
    assert "已收回，待派单" in text_of(dispatcher.get(undone.url))
    assert desk_of(house.handler).get(reverse("cases:case", args=[case.pk])).status_code == 404


def test_what_somebody_has_signed_for_cannot_be_taken_back(house, case, desk_of):
    in_progress(house, case)
    with pytest.raises(VersionConflict):
        perform("recall", actor=house.dispatcher, case_id=case.pk)
    assert "recall" not in [each["name"] for each in _others(desk_of(house.dispatcher), case)]


def _others(browser, case):
    return browser.get(reverse("cases:case", args=[case.pk])).context["others"]


@pytest.mark.parametrize(
    ("body", "kind", "suggested"),
    [
        ("建议给公寓一楼加一个带烘干的洗衣房", "unsorted", "建议"),
        ("食堂打饭的态度很差，我要投诉。", "unsorted", "投诉"),
        ("请问探亲假怎么申请？", "unsorted", "咨询"),
        ("宿舍三楼没有热水", "unsorted", "求助"),
        ("今天天气不错", "unsorted", None),
        ("东墙马上要塌了，下面有人在干活", "hazard", None),
    ],
)
def test_a_kind_stays_open_until_somebody_says_it_and_is_suggested_as_such(house, desk_of, body, kind, suggested):
    case = submit(house.li_na, body, kind="").case
    assert case.kind == kind
    dispatcher = desk_of(house.dispatcher)
    page = dispatcher.get(reverse("cases:case", args=[case.pk]))
    found = page.context["suggested_kind"]
    assert (str(found.kind.label) if found else None) == suggested
    if kind == "hazard":
        return
    assert "尚未分类" in text_of(page)
    form = dispatcher.get(address_of(case, "accept")).context["form"]
    assert form["kind"].initial == (found.kind if found else "unsorted")
    if not found:
        assert do(dispatcher, case, "accept", kind="", category=category().pk).status_code == 422
        with pytest.raises(ValidationFailed):
            triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="unsorted", category=category())


def test_without_a_telling_word_the_usual_kind_of_the_suggested_category_is_suggested(house):
    for n in range(5):
        case = submit(house.wang_fang, f"第 {n} 件").case
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind=CaseKind.COMPLAINT, category=category())
    case = submit(house.li_na, "今天天气不错", kind="").case
    offered = {case.pk: {Field.CATEGORY: [Offer(str(category().pk), "")]}}
    found = suggested_kinds([case], offered)[case.pk]
    assert (found.kind, found.reason) == (CaseKind.COMPLAINT, "系统建议：建议分类里的诉求大多是这个类型。")
    assert suggested_kinds([case], {case.pk: {}}) == {}


def test_cases_with_the_same_suggestion_are_accepted_and_dispatched_together(house, desk_of, understand):
    for n in range(4):  # from these it learns where such cases go
        dispatched(house, submit(house.li_na, f"宿舍{n}楼的热水器坏了，没有热水").case)
    cases = [submit(house.wang_fang, f"宿舍{n}楼的热水器坏了，没有热水", kind="").case for n in range(5, 8)]
    odd = submit(house.li_na, "今天天气不错", kind="").case
    understand()
    dispatcher = desk_of(house.dispatcher)
    waiting = dispatcher.get(reverse("cases:desk"), {"queue": "to_accept"})
    page = send_form(dispatcher, waiting, {"selected": ticked(*cases, odd)}, press="accept", follow=True)
    (group,) = page.context["groups"]
    assert (group.lead_unit, len(group.cases)) == (house.logistics, 3)
    assert [row["case"].pk for row in page.context["rest"]] == [odd.pk]
    assert set(page.context["waiting"]) == {case.pk for case in (*cases, odd)}
    assert CaseAccessLog.objects.filter(person=house.dispatcher).count() == 3
    done = send_form(dispatcher, page, {"selected": ticked(*cases[:2])}, follow=True)
    assert "已受理并派单 2 件。" in toast_of(done)
    assert states(*cases, odd) == ["dispatched", "dispatched", "submitted", "submitted"]
    assert [ids_of(group.cases) for group in done.context["groups"]] == [{cases[2].pk}], "what was unticked still waits"
    assert [row["case"].pk for row in done.context["rest"]] == [odd.pk]
    nothing = send_form(dispatcher, done, {"selected": []}, follow=True)
    assert "请先勾选诉求" in toast_of(nothing)
    assert [row["case"].pk for row in nothing.context["rest"]] == [odd.pk]
    undone = send_form(dispatcher, done, to="/desk/recall/", follow=True)
    assert states(*cases, odd) == ["accepted", "accepted", "submitted", "submitted"]
    assert [row["case"].pk for row in undone.context["rest"]] == [odd.pk]


def test_of_cases_that_are_not_ones_own_any_more_the_number_is_said(house, desk_of):
    case = submit(house.li_na).case
    address = f"{reverse('cases:accept_selected')}?waiting={case.pk}&waiting={uuid4()}"
    assert "1 件" in toast_of(desk_of(house.dispatcher).get(address))


def test_after_one_group_the_others_that_were_ticked_come_next(house, desk_of, understand):
    for n in range(4):
        dispatched(house, submit(house.li_na, f"宿舍{n}楼的热水器坏了，没有热水").case)
        case = submit(house.li_na, f"车间{n}号门的路灯不亮，晚上看不见路").case
        accepted(house, case)
        triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.workshop)
    baths = [submit(house.wang_fang, f"宿舍{n}楼的热水器坏了，没有热水", kind="").case for n in range(5, 8)]
    lamps = [submit(house.wang_fang, f"车间{n}号门的路灯不亮，晚上看不见路", kind="help").case for n in range(5, 7)]
    gone = submit(house.wang_fang, "食堂的饭凉了", kind="").case
    understand()
    dispatcher = desk_of(house.dispatcher)
    waiting = dispatcher.get(reverse("cases:desk"), {"queue": "to_accept", "sort": "submitted"})
    accepted(house, gone)
    boxes = [f"{each.pk}.1" for each in (*baths, *lamps, gone)]
    page = send_form(dispatcher, waiting, {"selected": boxes}, press="accept", follow=True)
    assert f"{gone.number}: 已受理" in toast_of(page)
    first, second = page.context["groups"]
    assert (ids_of(first.cases), ids_of(second.cases)) == (ids_of(baths), ids_of(lamps))
    page = send_form(dispatcher, page, {"selected": ticked(*baths)}, follow=True)
    assert "已受理并派单 3 件。" in toast_of(page)
    (group,) = page.context["groups"]
    assert ids_of(group.cases) == ids_of(lamps)
    perform("add", actor=house.wang_fang, case_id=lamps[0].pk, text="配电箱也坏了")
    page = send_form(dispatcher, page, {"selected": [f"{each.pk}.1" for each in lamps]}, follow=True)
    assert f"已受理并派单 1 件。 {lamps[0].number}: 刚才有人处理过。" in toast_of(page)
    assert [ids_of(group.cases) for group in page.context["groups"]] == [{lamps[0].pk}], "to be read anew"
    page = send_form(dispatcher, page, {"selected": ticked(lamps[0])}, follow=True)
    assert page.redirect_chain[-1][0] == f"{reverse('cases:desk')}?queue=to_accept&sort=submitted"
    assert states(*baths, *lamps) == ["dispatched"] * 5


def test_putting_cases_together_costs_the_same_for_three_or_for_fourteen(house, desk_of):
    def queries_for(count):
        ids = [submit(house.li_na, f"宿舍{n}楼没有热水").case.pk for n in range(count)]
        with CaptureQueriesContext(connection) as counted:
            groups, rest, others = waiting_together(viewer=house.dispatcher, case_ids=ids)
        assert (len(groups), len(rest), others) == (0, count, [])
        return len(counted)

    queries_for(1)  # reads once what the viewer is
    assert queries_for(3) == queries_for(14)
