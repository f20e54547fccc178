"""Being in touch: a number that dials, a call noted, words at hand, views kept, and looking for who is on the phone."""

from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.cases.enums import CaseKind, DeadlineKind, Identity
from lianxin.cases.models import CaseAccessLog, ReplyTemplate, SavedView
from lianxin.cases.services import desk
from lianxin.cases.services.transitions import perform
from lianxin.cases.services.triage import unseal_requester
from lianxin.kernel.errors import NotFound, PermissionDenied
from lianxin.org.enums import Role
from tests.factories.cases import dispatched, in_progress, replied, submit
from tests.factories.org import PersonFactory, grant
from tests.pages import send_form, text_of

FIND = reverse("cases:find_requester")


@pytest.fixture
def phones(house):
    house.li_na.phone = "13912345678"
    house.li_na.save()


def page_of(browser, case):
    return text_of(browser.get(reverse("cases:case", args=[case.pk])))


def test_a_phone_dials_for_whoever_may_know_the_name_and_for_nobody_else(house, phones, desk_of):
    dial = 'href="tel:13912345678"'
    case = submit(house.li_na).case
    in_progress(house, case)
    shown = {who: dial in page_of(desk_of(getattr(house, who)), case) for who in ("handler", "unit_leader")}
    assert shown == {"handler": True, "unit_leader": False}
    secret = submit(house.li_na, identity=Identity.CONFIDENTIAL).case
    dispatcher = desk_of(house.dispatcher)
    assert dial not in page_of(dispatcher, secret)
    unseal_requester(actor=house.dispatcher, case_id=secret.pk, reason="要到房间检修")
    assert dial in page_of(dispatcher, secret)
    assert dial not in page_of(desk_of(house.dispatcher), submit(None, place=house.workshop).case)


@pytest.mark.parametrize(("by", "word"), [("contact", "首次响应"), ("call", "电话"), ("visit", "走访")])
def test_a_call_or_a_visit_is_a_first_response_with_its_files_that_the_requester_reads(
    house, desk_of, by, word, settings, tmp_path
):
    case = in_progress(house, submit(house.li_na).case)
    handler = desk_of(house.handler)
    page = handler.get(reverse("cases:act", args=[case.pk, "contact"]))
    assert send_form(handler, page, {"by": by, "text": "约好明天下午到宿舍"}).status_code == 302
    assert case.deadlines.get(kind=DeadlineKind.CONTACT).completed_at is not None
    for who in (house.handler, house.li_na):
        shown = page_of(desk_of(who), case)
        assert "约好明天下午到宿舍" in shown
        assert word in shown


def test_templates_of_the_unit_and_what_it_replied_before_are_at_hand(house, desk_of):
    desk.write_template(actor=house.unit_leader, unit=house.logistics, title="已报修", text="已联系厂家，明天上门。")
    ReplyTemplate.objects.create(unit=house.workshop, title="车间的", text="车间自己的话。")
    replied(house, submit(house.wang_fang, "宿舍三楼没有热水，洗不了澡。").case)
    replied(house, submit(house.wang_fang, "公寓电梯按钮失灵。").case)
    case = in_progress(house, submit(house.li_na, "宿舍二楼没有热水，洗不了澡。").case)
    page = desk_of(house.handler).get(reverse("cases:act", args=[case.pk, "reply"]))
    assert [each.title for each in page.context["templates"]] == ["已报修"]
    assert page.context["before"][0].case.title == "宿舍三楼没有热水，洗不了澡"
    assert "锅炉已修好" in text_of(page)


def test_of_what_a_colleague_replied_nothing_is_read_that_one_has_not_opened(house, desk_of):
    other = replied(house, submit(house.wang_fang, "宿舍三楼没有热水，洗不了澡。").case)
    case = in_progress(house, submit(house.li_na, "宿舍二楼没有热水，洗不了澡。").case)
    colleague = PersonFactory(name="何平", unit=house.logistics)
    grant(colleague, Role.HANDLER, house.logistics)
    perform("take_over", actor=colleague, case_id=case.pk)
    client = desk_of(colleague)
    address = reverse("cases:act", args=[case.pk, "reply"])
    assert client.get(address).context["before"] == []
    client.get(reverse("cases:case", args=[other.pk]))  # on record from now on
    assert [each.case_id for each in client.get(address).context["before"]] == [other.pk]


def test_only_those_of_a_unit_write_its_templates(house):
    with pytest.raises(PermissionDenied):
        desk.write_template(actor=house.co_handler, unit=house.logistics, title="x", text="y")
    desk.write_template(actor=house.handler, unit=house.logistics, title="已派人", text="已派人前往。")
    template = ReplyTemplate.objects.get()
    with pytest.raises(NotFound):
        desk.remove_template(actor=house.co_handler, template_id=template.pk)
    with pytest.raises(PermissionDenied):
        desk.write_template(actor=house.co_handler, unit=house.workshop, title="x", text="y", template=template)
    desk.remove_template(actor=house.handler, template_id=template.pk)
    assert not ReplyTemplate.objects.exists()


def test_a_template_is_written_changed_and_removed_on_its_pages(house, desk_of):
    handler = desk_of(house.handler)
    page = handler.get(reverse("cases:add_reply_template"))
    assert send_form(handler, page, {"title": "已派人", "text": "已派人前往。"}).status_code == 302
    template = ReplyTemplate.objects.get()
    assert "已派人前往" in text_of(handler.get(reverse("cases:reply_templates")))
    page = handler.get(reverse("cases:change_reply_template", args=[template.pk]))
    assert send_form(handler, page, {"text": "人已在路上。"}).status_code == 302
    assert ReplyTemplate.objects.get().text == "人已在路上。"
    remove = reverse("cases:remove_reply_template", args=[template.pk])
    page = handler.get(reverse("cases:change_reply_template", args=[template.pk]))
    assert send_form(handler, page, {}, to=remove).status_code == 302
    assert not ReplyTemplate.objects.exists()


def test_a_work_list_is_kept_under_a_name_and_is_ones_own(house, desk_of):
    submit(house.li_na)
    dispatcher = desk_of(house.dispatcher)
    page = dispatcher.get(reverse("cases:desk"), {"queue": "open", "kind": "help"})
    save = f"{reverse('cases:save_view')}?queue=open&kind=help"
    assert send_form(dispatcher, page, {"name": "求助"}, to=save).status_code == 302
    view = SavedView.objects.get()
    assert (view.person, view.query) == (house.dispatcher, "queue=open&kind=help")
    page = dispatcher.get(reverse("cases:desk"))
    assert "?queue=open&amp;kind=help" in text_of(page)
    assert "求助" not in [each.name for each in desk_of(house.supervisor).get(reverse("cases:desk")).context["views"]]
    with pytest.raises(NotFound):
        desk.remove_view(actor=house.supervisor, view_id=view.pk)
    send_form(dispatcher, page, {}, to=reverse("cases:remove_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_however_long_the_words_of_a_view_are_it_is_kept(house, desk_of):
    words = {"queue": "to_accept", "text": "漏水" * 25, "unit": "检修车间的𠮷田班" * 5, "since": "2026-11-01"}
    dispatcher = desk_of(house.dispatcher)
    page = dispatcher.get(reverse("cases:desk"), words)
    saved = send_form(dispatcher, page, {"name": "漏水"}, to=reverse("cases:save_view"))
    assert saved.status_code == 302
    assert dict(parse_qsl(SavedView.objects.get().query)) == words
    page = dispatcher.get(f"{reverse('cases:desk')}?{SavedView.objects.get().query}")
    assert page.context["chosen"].text == words["text"]


def test_what_is_wrong_with_a_view_is_said_at_its_name_and_nothing_is_lost(house, desk_of):
    dispatcher = desk_of(house.dispatcher)
    list_url = f"{reverse('cases:desk')}?queue=open&kind=help"
    save = f"{reverse('cases:save_view')}?queue=open&kind=help"
    page = dispatcher.get(list_url)
    wrong = send_form(dispatcher, page, {"name": "长" * 31}, to=save)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["name"])
    assert "长" * 31 in text_of(wrong)
    for n in range(desk.MOST_VIEWS):
        desk.save_view(actor=house.dispatcher, name=f"{n}", query="queue=open")
    wrong = send_form(dispatcher, wrong, {"name": "求助"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["name"])
    assert 'value="求助"' in text_of(wrong)
    desk.remove_view(actor=house.dispatcher, view_id=SavedView.objects.first().pk)
    right = send_form(dispatcher, wrong, {})
    assert (right.status_code, right.url) == (302, list_url)
    assert SavedView.objects.get(name="求助").query == "queue=open&kind=help"


@pytest.mark.parametrize("who", ["李娜", "1001", " 李娜 "])
def test_who_calls_is_found_by_name_or_number_and_reads_who_looked_and_why(house, desk_of, who):
    case = dispatched(house, submit(house.li_na).case)
    handler = desk_of(house.handler)
    page = send_form(handler, handler.get(FIND), {"who": who, "reason": "来电询问进展"})
    assert [each.pk for each in page.context["found"]] == [case.pk]
    assert CaseAccessLog.objects.get(reason="来电询问进展").person == house.handler
    shown = page_of(desk_of(house.li_na), case)
    assert "来电询问进展" in shown
    assert "孙强" in shown


def test_who_was_found_by_name_is_not_taken_as_opened(house, desk_of):
    """Search shows a text only to whoever has opened the case."""
    submit(house.li_na, "宿舍没有热水。水管冻住了。")
    desk.find_by_requester(actor=house.dispatcher, who="李娜", reason="来电询问")
    page = text_of(desk_of(house.dispatcher).get(reverse("cases:desk"), {"queue": "open", "text": "冻住"}))
    assert "水管" not in page


def test_a_reason_has_to_be_typed(house, desk_of):
    submit(house.li_na)
    dispatcher = desk_of(house.dispatcher)
    page = send_form(dispatcher, dispatcher.get(FIND), {"who": "李娜", "reason": ""})
    assert (page.status_code, page.context["found"]) == (422, None)
    assert not CaseAccessLog.objects.exists()


def test_it_finds_nothing_that_tells_who_complains(house):
    """Not what is closed, confidential, anonymous, sealed or elsewhere, and nothing for whom the name is not."""
    submit(house.li_na, identity=Identity.CONFIDENTIAL)
    submit(None, "我是李娜，宿舍没有热水。", place=house.workshop)
    submit(house.li_na, "班长收了红包。", kind=CaseKind.CONDUCT)
    about_him = submit(house.li_na, "赵敏态度很差。", about="赵敏").case
    find = {"who": "李娜", "reason": "来电询问进展"}
    assert desk.find_by_requester(actor=house.dispatcher, **find) == []
    assert desk.find_by_requester(actor=house.outsider, **find) == []
    led = in_progress(house, submit(house.li_na).case)
    assert desk.find_by_requester(actor=house.unit_leader, **find) == []
    assert [each.pk for each in desk.find_by_requester(actor=house.handler, **find)] == [led.pk]
    assert about_him.pk not in CaseAccessLog.objects.values_list("case", flat=True)


def test_nobody_goes_through_the_roster(house, desk_of):
    dispatcher = desk_of(house.dispatcher)
    for _ in range(desk.SEARCHES_A_DAY):
        desk.find_by_requester(actor=house.dispatcher, who="王芳", reason="来电询问")
    page = send_form(dispatcher, dispatcher.get(FIND), {"who": "李娜", "reason": "来电询问进展"})
    assert (page.status_code, page.context["found"]) == (422, None)


def test_finding_costs_a_statement_for_each_note_and_no_more(house):
    def statements(count):
        for _ in range(count):
            submit(house.li_na)
        with CaptureQueriesContext(connection) as counted:
            found = desk.find_by_requester(actor=house.dispatcher, who="李娜", reason="来电询问")
        return len(counted) - len(found)

    statements(1)
    assert statements(2) == statements(6)
