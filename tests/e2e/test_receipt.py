"""An anonymous case in a real browser: the receipt that can be shown again, and what is left in the browser."""

from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Error

from lianxin.cases.models import Case
from lianxin.cases.views.employee import ANONYMOUS
from lianxin.kernel.crowds import forget_everybody
from tests.e2e.conftest import DESK, PHONE


@pytest.fixture(autouse=True)
def _no_crowd():
    forget_everybody()
    yield
    forget_everybody()


WORDS = "宿舍三楼没有热水，已经三天了。"
SHOWN = "**/say/receipt/"


def submit(page):
    page.fill("textarea", WORDS)
    page.click("main button:has-text('提交')")
    page.wait_for_url(SHOWN)
    return page.inner_text(".copy-text")


def submit_named(page):
    page.goto("/say/")
    page.fill("textarea", WORDS)
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/case/**")


def with_worker(page):
    """The service worker watches over the page from now on."""
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def drafts(page):
    return page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")


@pytest.mark.parametrize("script", [True, False])
def test_back_forward_and_reload_show_the_receipt_again_until_the_cookie_is_gone(house, open_as, script):
    page = open_as(None, "/say/", script=script)
    if script:
        with_worker(page)
    code = submit(page)
    assert code not in page.url
    page.go_back()
    assert page.url.endswith("/say/")
    assert "现在没有网络" not in page.inner_text("body")
    page.go_forward()
    assert page.inner_text(".copy-text") == code
    page.reload()
    assert page.inner_text(".copy-text") == code
    page.goto("/receipt/")
    page.go_back()
    assert page.inner_text(".copy-text") == code
    assert Case.objects.count() == 1
    page.context.clear_cookies(name="lianxin_shown_receipt")
    page.reload()
    assert code not in page.content()
    assert "提交后十分钟内" in page.inner_text("main")


@pytest.mark.parametrize("signed_in", [False, True])
def test_going_back_after_sending_shows_nothing_of_what_was_sent(house, open_as, signed_in):
    page = open_as(house.li_na if signed_in else None, "/say/")
    if signed_in:
        page.click("label:has-text('匿名')")
    page.click("summary")
    page.fill("input[name=title]", "三楼没有热水")
    submit(page)
    page.go_back()
    page.wait_for_selector("textarea")
    assert page.input_value("textarea") == ""
    assert page.input_value("input[name=title]") == ""
    assert WORDS not in page.content()


def test_without_script_going_back_shows_nothing_of_what_was_sent_either(house, open_as):
    page = open_as(None, "/say/", script=False)
    submit(page)
    page.go_back()
    assert page.input_value("textarea") == ""


def test_whoever_is_held_up_by_a_crowd_need_not_wait_in_a_browser_with_script(house, open_as):
    page = open_as(None, "/say/")
    for number in range(ANONYMOUS.per_source):  # after the form was made, which thus carries no ticket
        ANONYMOUS.admit("127.0.0.1", bound_to=str(number), words="")
    page.fill("textarea", WORDS)
    page.click("main button:has-text('提交')")
    page.wait_for_selector("[data-proof-done]:not(:empty)")
    assert "不用再等" in page.inner_text("[data-proof-done]")
    page.click("main button:has-text('提交')")
    page.wait_for_url(SHOWN)
    assert Case.objects.count() == 1


def test_after_signing_out_back_shows_no_page_of_before(house, open_as):
    page = open_as(house.li_na, "/mine/")
    submit_named(page)
    page.goto("/mine/")
    assert "热水" in page.inner_text("main")
    page.goto("/sign-out/")
    page.click("main form button")
    page.wait_for_url("**/")
    for _step in range(4):
        page.go_back()
        assert "热水" not in page.inner_text("body")


def test_going_back_to_a_form_with_mistakes_never_says_that_there_is_no_network(house, open_as):
    page = open_as(None, "/say/")
    with_worker(page)
    page.click("main button:has-text('提交')")
    page.wait_for_selector("[data-error-summary]")
    submit(page)
    with suppress(Error):  # of an anonymous form nothing is kept: the browser says so itself
        page.go_back()
    assert "现在没有网络" not in page.inner_text("body")
    assert WORDS not in page.content()


def test_the_offline_page_comes_only_when_offline_and_never_for_what_is_posted(house, open_as):
    page = open_as(None, "/say/")
    with_worker(page)
    page.context.set_offline(True)
    page.goto("/receipt/")
    assert page.inner_text("h1") == "现在没有网络"
    assert "不受影响" in page.inner_text("main")
    page.context.set_offline(False)
    page.goto("/receipt/")
    assert page.inner_text("h1") == "凭回执查看"


def test_the_receipt_is_saved_as_a_picture_without_a_network(house, open_as, no_barriers):
    page = open_as(None, "/say/")
    with_worker(page)
    code = submit(page)
    page.context.set_offline(True)
    with page.expect_download() as download:
        page.click("text=保存为图片")
    number = Case.objects.get().number
    assert download.value.suggested_filename == f"回执-{number}.png"
    shown = page.evaluate("document.querySelector('[data-receipt-saved] img').naturalWidth")
    picture = Image.open(BytesIO(download.value.path().read_bytes())).convert("L")
    assert (picture.width, shown) == (720, 720)
    black = picture.point(lambda level: 255 * (level < 100)).getbbox()
    assert black[1] < 200
    assert black[3] > 600
    qr = picture.crop((150, 180, 570, 640)).histogram()
    assert sum(qr[:50]) > 20_000, "the code's dark squares"
    assert code in page.inner_text(".copy-text")
    no_barriers(page)


def test_switching_to_anonymous_clears_the_place_and_says_why(house, open_as, no_barriers):
    page = open_as(house.li_na, "/say/")
    place = page.locator("select[name=place]")
    place.select_option(label="检修车间")
    page.click("label:has-text('匿名')")
    assert place.input_value() == ""
    assert place.locator("option:checked").inner_text() == "说不准，或涉及整个企业"
    assert "人少的地方" in page.inner_text("[data-anonymous-place]")
    no_barriers(page)
    page.click("label:has-text('实名')")
    assert place.input_value() == str(house.workshop.pk)
    assert not page.is_visible("[data-anonymous-place]")
    page.click("label:has-text('匿名')")
    submit(page)
    assert Case.objects.get().place_unit == house.root


def test_a_place_chosen_anew_is_kept(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.click("label:has-text('匿名')")
    page.select_option("select[name=place]", label="检修车间")
    submit(page)
    assert Case.objects.get().place_unit == house.workshop


def test_anonymous_drafts_carry_nobodys_id_and_go_on_submitting(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.fill("textarea", WORDS)
    assert drafts(page) == [f"lianxin-draft:case-new.{house.li_na.pk}.body"]
    page.click("label:has-text('匿名')")
    assert drafts(page) == ["lianxin-draft:case-anonymous.body"]
    page.reload()
    assert page.input_value("textarea") == WORDS
    assert page.is_checked("input[name=identity][value=anonymous]"), "never into a form that sends a name"
    assert page.input_value("select[name=place]") == ""
    submit(page)
    assert drafts(page) == []


def test_anonymous_drafts_go_after_a_day_and_on_signing_out(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.click("label:has-text('匿名')")
    page.fill("textarea", WORDS)
    page.evaluate(
        """() => { const key = 'lianxin-draft:case-anonymous.body', kept = JSON.parse(localStorage[key])
        localStorage[key] = JSON.stringify({ ...kept, at: kept.at - 25 * 3600 * 1000 }) }"""
    )
    page.reload()
    assert page.input_value("textarea") == ""
    assert drafts(page) == []
    page.click("label:has-text('匿名')")
    page.fill("textarea", WORDS)
    page.goto("/sign-out/")
    page.click("main form button")
    page.wait_for_url("**/")
    assert drafts(page) == []


def test_whoever_signs_in_next_finds_no_anonymous_draft(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.click("label:has-text('匿名')")
    page.fill("textarea", WORDS)
    page.context.clear_cookies(name="lianxin_session")
    page.goto("/sign-in/")
    assert drafts(page) == []


@pytest.mark.parametrize("size", [PHONE, DESK, {"width": 320, "height": 640}])
def test_its_pages_are_accessible_and_fit(house, open_as, no_barriers, size):
    page = open_as(None, "/say/how-anonymous/", size=size)
    no_barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.goto("/say/")
    submit(page)
    page.click("text=保存为图片")
    page.wait_for_selector("[data-receipt-saved] img")
    no_barriers(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.click("text=从这台设备上清除")
    page.wait_for_url("**/receipt/")
