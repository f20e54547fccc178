"""Whoever reads large, by keyboard, by ear or with an input method gets the same."""

import pytest

from tests.e2e.conftest import DESK
from tests.factories.cases import in_progress, submit

NARROW = {"width": 320, "height": 640}
LONG = "https://oa.example.cn/wf/view?id=" + "8f3a" * 16
WIDTH = "document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.stress)])
def test_nothing_is_wider_than_320_pixels_with_letters_of_double_size(house, open_as, language):
    case = in_progress(house, submit(house.li_na, f"请看 {LONG}", title=LONG).case)
    for person, paths in (
        (None, ("/", "/sign-in/", "/say/", "/receipt/", "/help/")),
        (house.li_na, ("/", "/say/", "/mine/", f"/case/{case.pk}/", "/me/", "/board/", "/board/numbers/", "/inbox/")),
        (house.dispatcher, ("/", "/desk/", f"/case/{case.pk}/", "/posters/", "/board/prepare/")),
        (house.handler, ("/desk/", f"/case/{case.pk}/do/reply/")),
        (house.system_admin, ("/", "/units/", "/settings/categories/")),
    ):
        page = open_as(person, size=NARROW, language=language)
        for path in paths:
            page.goto(path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert (path, page.evaluate(WIDTH)) == (path, 0)


def test_a_mistake_is_said_in_the_title_and_has_the_focus(house, open_as):
    for script in (True, False):
        page = open_as(house.li_na, "/say/", script=script)
        page.fill("textarea", "\u200b ")
        page.click("main button:has-text('提交')")
        page.wait_for_selector("[data-error-summary]")
        assert page.title().startswith("有误：")
        described = page.get_attribute("textarea", "aria-describedby").split()
        assert {"id_body_error", "id_body_counter"} <= set(described)
    page = open_as(house.li_na, "/say/")
    page.click("main button:has-text('提交')")
    page.wait_for_selector("[data-error-summary]:focus")


def test_while_an_input_method_composes_nothing_is_counted_or_searched(house, open_as):
    page = open_as(house.li_na, "/say/")
    count = "document.getElementById('id_body_counter').textContent"
    before = page.evaluate(count)
    compose = """(text) => {
        const field = document.querySelector('textarea')
        field.value = text
        field.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true }))
    }"""
    page.evaluate(compose, "shui")
    assert page.evaluate(count) == before
    page.evaluate("""() => {
        const field = document.querySelector('textarea')
        field.value = '水'
        field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '水' }))
    }""")
    assert page.evaluate(count) == before.replace("8000", "7999")


def test_what_is_left_is_read_out_when_little_is(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.fill("textarea", "水" * 7990)
    page.wait_for_selector("#announcer:has-text('10')", state="attached")


def test_a_form_that_comes_beside_the_case_has_the_focus(house, open_as):
    case = submit(house.li_na).case
    page = open_as(house.dispatcher, f"/case/{case.pk}/", size=DESK)
    page.click("a[hx-get*='/do/accept/']")
    page.wait_for_selector("#action form")
    page.wait_for_selector("#action :focus", state="attached")


def test_a_browser_without_cookies_is_told_before_anything_is_written(open_as, house):
    page = open_as(None, "/")
    page.add_init_script("Object.defineProperty(navigator, 'cookieEnabled', { get: () => false })")
    page.goto("/say/")
    assert "没有接受 Cookie" in page.inner_text("form [role=alert]")
