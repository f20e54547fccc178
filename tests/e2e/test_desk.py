"""Staff in a real browser: a dispatcher, a handler and a leader at work, with and without script, on desk and phone."""

import pytest

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case
from lianxin.cases.services import desk, triage
from lianxin.cases.services.transitions import perform
from tests.e2e.conftest import DESK, PHONE
from tests.factories.cases import accepted, dispatched, in_progress, replied, submit


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.DEMO = True


@pytest.mark.parametrize("script", [True, False])
def test_a_dispatcher_accepts_and_dispatches_in_one_go(house, open_as, script):
    case = submit(house.li_na).case
    page = open_as(house.dispatcher, "/desk/", size=DESK, script=script)
    page.click("a.row-link")
    page.click(".actions >> text=受理")
    page.select_option("#id_category", index=1)
    if script:
        page.fill("#id_lead_unit", "后勤")
    page.click("label:has-text('后勤服务中心')")
    page.click("form:has(#id_category) button:has-text('受理')")
    page.wait_for_selector(".toast-line:has-text('已受理')")
    case.refresh_from_db()
    assert (case.state, case.lead_unit) == (CaseState.DISPATCHED, house.logistics)


@pytest.mark.parametrize("script", [True, False])
def test_a_handler_signs_and_replies_on_a_phone(house, open_as, script):
    case = submit(house.li_na).case
    dispatched(house, case)
    page = open_as(house.handler, "/desk/", script=script)
    page.click("a.row-link")
    page.click(".actions button:has-text('签收')")
    page.wait_for_selector(".toast-line:has-text('已签收')")
    page.click(".actions >> text=联系诉求人")
    page.fill("#id_text", "下午到现场")
    page.click("form:has(#id_text) button")
    page.wait_for_selector(".toast-line")
    page.click(".actions >> text=答复")
    page.fill("#id_text", "锅炉已修好，今晚恢复热水。")
    page.click("form:has(#id_text) button:has-text('答复')")
    page.wait_for_selector(".message-reply")
    assert Case.objects.get().state == CaseState.REPLIED


def test_words_at_hand_go_where_the_writing_stands(house, open_as):
    desk.write_template(actor=house.handler, unit=house.logistics, title="已报修", text="已联系厂家，\n明天上门。")
    replied(house, submit(house.wang_fang, "宿舍三楼没有热水，洗不了澡。").case)
    case = in_progress(house, submit(house.li_na, "宿舍二楼没有热水，洗不了澡。").case)
    page = open_as(house.handler, f"/case/{case.pk}/", size=DESK)
    page.click("summary:has-text('更多')")
    page.click("a.menu-item:has-text('答复')")
    page.fill("#id_text", "您好！谢谢。")
    page.evaluate("document.getElementById('id_text').setSelectionRange(3, 3)")
    page.click("summary:has-text('答复模板和以前的答复')")
    page.click(".word-at-hand:has-text('已报修') button")
    assert page.input_value("#id_text") == "您好！已联系厂家，\n明天上门。谢谢。"
    assert page.evaluate("document.activeElement.id") == "id_text"
    page.click(".word-at-hand:has-text('宿舍三楼') button")
    assert page.input_value("#id_text") == "您好！已联系厂家，\n明天上门。锅炉已修好，今晚恢复热水。谢谢。"


def test_the_second_of_two_dispatchers_learns_what_happened_and_keeps_the_words(house, open_as):
    case = submit(house.li_na).case
    first = open_as(house.dispatcher, f"/case/{case.pk}/do/accept/", size=DESK)
    second = open_as(house.head_dispatcher, f"/case/{case.pk}/do/ask/", size=DESK)
    first.select_option("#id_category", index=1)
    first.click("form:has(#id_category) button:has-text('受理')")
    first.wait_for_selector(".toast-line")
    second.fill("#id_text", "是哪一栋宿舍？")
    second.click("form:has(#id_text) button")
    second.wait_for_selector("text=已有人先处理了")
    assert "赵敏" in second.inner_text(".notice")
    assert second.input_value("#id_text") == "是哪一栋宿舍？"
    second.click("form:has(#id_text) button")
    second.wait_for_selector(".toast-line")
    assert Case.objects.get().state == CaseState.WAITING


def test_a_merge_can_be_undone_from_its_notice(house, open_as):
    first = submit(house.li_na, "宿舍三楼没有热水，已经三天了。").case
    other = submit(house.wang_fang, "宿舍三楼没有热水。").case
    page = open_as(house.dispatcher, f"/case/{other.pk}/", size=DESK)
    page.click("summary:has-text('更多')")
    page.click("a.menu-item:has-text('并案')")
    page.fill("#id_number", first.number)
    page.click("#action button:has-text('并案')")
    page.wait_for_selector(".toast-line")
    assert "李娜" not in page.inner_text("main")
    page.click(".toast-line button")
    page.wait_for_selector(".toast-line:has-text('已取消并案')")
    other.refresh_from_db()
    assert other.state == CaseState.SUBMITTED


def test_the_list_is_worked_by_keyboard(house, open_as):
    for n in range(3):
        accepted(house, submit(house.li_na, f"宿舍{n}号楼没有热水").case)
    page = open_as(house.dispatcher, "/desk/?queue=to_dispatch", size=DESK)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.click("button:has-text('把选中的诉求派给一个单位')")
    page.wait_for_selector("#id_lead_unit")
    page.wait_for_load_state()  # what is typed before the scripts are there finds its units only by the button
    page.fill("#id_lead_unit", "后勤")
    page.click("label:has-text('后勤服务中心')")
    page.click("main form button:has-text('派单')")
    page.wait_for_selector(".toast-line:has-text('已派单 2 件')")
    page.click(".toast-line button")
    page.wait_for_selector(".toast-line:has-text('已收回 2 件')")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/**")


def test_cases_are_gone_through_by_keys_which_can_be_switched_off(house, open_as):
    for n in range(12):
        submit(house.li_na, f"宿舍{n}号楼没有热水")
    page = open_as(house.dispatcher, "/desk/?queue=to_accept", size={"width": 1366, "height": 768})
    rows = page.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.getBoundingClientRect().bottom)")
    assert sum(bottom <= 768 for bottom in rows) >= 10
    page.wait_for_selector("button[data-dialog=keys]:not([hidden])")
    page.keyboard.press("ArrowDown")  # the first one, with nothing chosen before
    page.keyboard.press("Enter")
    page.wait_for_url("**/case/**")
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: "/case/" in url and url != first)
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.keyboard.press("a")
    page.wait_for_selector("#action form")
    said, form = page.locator(".case-said"), page.locator("#action form button").last
    form.scroll_into_view_if_needed()
    assert said.locator(".message-body").bounding_box()["y"] >= 0  # the text stays in sight while one classifies it
    page.goto(first)
    page.wait_for_selector("button[data-dialog=keys]:not([hidden])")
    page.keyboard.press("?")
    page.uncheck("#keys [data-single-keys]")
    page.click("#keys .dialog-head button")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    assert page.url == first


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh-hans"), pytest.param(DESK, "en", marks=pytest.mark.stress)])
def test_no_page_of_the_desk_has_barriers(house, open_as, no_barriers, size, language):
    case = submit(house.li_na).case
    in_progress(house, case, co_units=[house.workshop])
    perform("note", actor=house.handler, case_id=case.pk, text="打过电话")
    perform("request_extension", actor=house.handler, case_id=case.pk, days=3, text="等配件")
    waiting = submit(house.wang_fang).case
    follower = submit(house.wang_fang).case
    triage.merge_case(actor=house.dispatcher, case_id=follower.pk, primary_id=case.pk)
    page = open_as(house.dispatcher, "/desk/", size=size, language=language)
    actions = ("accept", "decline", "merge", "ask", "seal", "note")
    paths = ["/desk/?queue=open&text=宿舍", "/desk/?queue=ended", f"/case/{case.pk}/?queue=open"]
    paths += [f"/desk/accept/?waiting={waiting.pk}", "/desk/views/save/?queue=open&kind=help"]
    for path in [*paths, *(f"/case/{waiting.pk}/do/{action}/" for action in actions)]:
        page.goto(path)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        no_barriers(page)
    page = open_as(house.unit_leader, f"/case/{case.pk}/", size=size, language=language)
    no_barriers(page)
    page = open_as(house.system_admin, "/settings/categories/", size=size, language=language)
    no_barriers(page)
    page.goto("/settings/clocks/")
    no_barriers(page)
