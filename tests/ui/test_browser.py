"""In a real browser: accessible, never wider than the screen, and the small services of the scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from lianxin.ui.navigation import Entry, register
from tests.ui import urls

pytestmark = pytest.mark.browser

PAGES = ["", "employee/", "conversation/", "desk/", "panes/", "slips/", "plain/"]
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
DESK_AT_200_PERCENT = {"width": 640, "height": 400}


@pytest.fixture
def visit(address, chromium):
    for area in ("employee", "desk", "top"):
        register(Entry(area=area, label="首页", url_name="page", icon="home"))
        register(Entry(area=area, label="说一说", url_name="ui:components", icon="message-plus", also=("ui:layout",)))
    contexts = []

    def visit(path, viewport=PHONE, language="zh-CN", **options):
        context = chromium.new_context(viewport=viewport, locale=language, base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("viewport", "scheme", "language"), [(PHONE, "light", "zh-CN"), (DESK, "dark", "en")])
def test_every_page_is_accessible(visit, name, viewport, scheme, language):
    page = visit(f"/-/components/{name}", viewport, language, color_scheme=scheme)
    found = Axe().run(page)
    assert [(each["id"], each["nodes"][0]["target"]) for each in found.response["violations"]] == []
    assert len(found.response["passes"]) > 10
    assert page.complaints == []


def test_no_page_is_wider_than_the_screen(visit):
    for name in PAGES:
        page = visit(f"/-/components/{name}", SMALLEST)
        for viewport in (SMALLEST, PHONE, DESK_AT_200_PERCENT):
            page.set_viewport_size(viewport)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (name, viewport)


def test_targets_are_large_enough_for_a_thumb(visit):
    page = visit("/-/components/")
    small = page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
            .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < 44)
            .map(each => each.outerHTML.slice(0, 120))""",
        ".btn, .choice, .form-control, .form-select, nav a, .file-drop, summary, .row-check",
    )
    assert small == []


def test_what_was_typed_comes_back_until_the_server_has_it(visit):
    page = visit("/-/components/employee/")
    page.fill("textarea", "三号楼热水没了")
    page.reload()
    assert page.input_value("textarea") == "三号楼热水没了"
    assert "已恢复未提交的内容" in page.inner_text("main")
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/page/?accepted")
    page.goto("/-/components/employee/")
    assert page.input_value("textarea") == ""


def test_what_came_back_can_be_cleared(visit):
    page = visit("/-/components/employee/")
    page.fill("textarea", "三号楼热水没了")
    page.reload()
    page.click("text=清除")
    assert page.input_value("textarea") == ""
    page.reload()
    assert page.input_value("textarea") == ""


def test_two_taps_send_a_form_once(visit):
    page = visit("/-/components/employee/")
    page.fill("textarea", "只发一次")
    urls.received.clear()
    page.evaluate("const b = document.querySelector('main form button:not([type=button])'); b.click(); b.click()")
    page.wait_for_url("**/page/?accepted")
    assert urls.received == ["只发一次"]


def test_a_form_can_be_sent_without_script(visit):
    page = visit("/-/components/employee/", java_script_enabled=False)
    urls.received.clear()
    page.fill("textarea", "没有脚本")
    page.click("main button:has-text('提交')")
    assert urls.received == ["没有脚本"]
    assert "已派单" in page.inner_text("main")


def test_the_table_is_worked_by_keyboard(visit):
    page = visit("/-/components/desk/", DESK)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-select]:checked").get_attribute("value") == "LX-2611-N8WEJ"
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversation/")


def test_sorting_stands_in_the_address(visit):
    page = visit("/-/components/desk/?unit=3", DESK)
    page.click("th a:has-text('时限')")
    page.wait_for_url(re.compile(r"\?unit=3&sort=due$"))
    assert page.get_attribute("th:has-text('时限')", "aria-sort") == "ascending"


def test_a_link_opens_its_dialog_and_escape_closes_it(visit):
    page = visit("/-/components/", DESK)
    page.click("[data-dialog='send-back']")
    assert page.evaluate("document.activeElement.id") == "reason"
    page.keyboard.press("Escape")
    assert not page.is_visible("#send-back")


def test_files_are_shown_and_those_too_large_refused_at_once(visit):
    page = visit("/-/components/employee/")
    page.set_input_files(
        "input[type=file]",
        [
            {"name": "水表.png", "mimeType": "image/png", "buffer": b"\x89PNG"},
            {"name": "录像.mp4", "mimeType": "video/mp4", "buffer": b"0" * (10 * 1024 * 1024 + 1)},
        ],
    )
    assert page.locator(".file-list li").count() == 1
    assert "“录像.mp4”超过 10 MB。" in page.inner_text(".file-refused")
    page.click("[aria-label='移除水表.png']")
    assert page.evaluate("document.querySelector('input[type=file]').files.length") == 0


def test_the_focus_goes_to_the_mistakes(visit):
    page = visit("/-/components/")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")


def test_characters_are_counted_while_typing(visit):
    page = visit("/-/components/employee/")
    page.fill("textarea", "热" * 2003)
    assert "超出 3 个字" in page.inner_text("#id_text_counter")


def test_something_new_is_said_quietly_and_only_then(visit):
    urls.current[0] = "1"
    page = visit("/page/")
    asked = "document.dispatchEvent(new Event('visibilitychange'))"
    with page.expect_response("**/version/"):
        page.evaluate(asked)
    assert not page.is_visible("text=有更新，点此查看")
    urls.current[0] = "2"
    page.evaluate(asked)
    page.wait_for_selector("text=有更新，点此查看")


def test_a_hidden_column_stays_hidden_on_the_next_visit(visit):
    page = visit("/-/components/desk/", DESK)
    page.click("text=显示哪些列")
    page.click(".table-columns label:has-text('附议')")
    page.reload()
    assert not page.is_visible("th:has-text('附议')")
    assert page.is_visible("th:has-text('时限')")


def test_a_receipt_is_copied_with_one_tap(visit):
    page = visit("/-/components/", permissions=["clipboard-read", "clipboard-write"])
    page.click("[data-copy]")
    page.wait_for_selector("text=已复制")
    assert page.evaluate("navigator.clipboard.readText()") == "7KQ2-M9XD-4TRP-8WHC"


def test_a_menu_stays_on_the_screen(visit):
    page = visit("/-/components/")
    page.click("summary:has-text('更多操作')")
    box = page.locator(".menu[open] .menu-items").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
