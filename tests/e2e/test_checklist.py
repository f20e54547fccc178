"""The set-up checklist on a phone and at a desk, in both languages."""

import pytest

from tests.e2e.conftest import DESK, PHONE

NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_checklist_reads_well_on_every_screen(house, open_as, no_barriers, settings, language):
    settings.DEMO = True  # no second step in these tests
    for size, address in ((NARROW, "/checklist/"), (PHONE, "/"), (DESK, "/checklist/")):
        page = open_as(house.system_admin, address, size=size, language=language)
        no_barriers(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_an_administrator_starts_a_test_case_and_lands_on_it(house, open_as, no_barriers, settings):
    settings.DEMO = True
    page = open_as(house.security_admin, "/checklist/", size=DESK)
    page.locator(".checklist-item", has_text="测试件").get_by_role("link").click()
    page.wait_for_url("**/test-case/")
    no_barriers(page)
    page.get_by_role("button", name="发起测试件").click()
    page.wait_for_url("**/case/*/")
    assert page.get_by_text("这是您发起的测试件").is_visible()
