"""The pages of every role on a phone: none is wider than it, and what stands alone is as tall as a thumb."""

import pytest

from tests.e2e.conftest import DESK
from tests.factories.cases import in_progress, rated, submit

WIDE = "document.documentElement.scrollWidth - innerWidth"
SMALL = """() => [...document.querySelectorAll('main a[href], main button, main summary, main select, nav a')]
    .filter((each) => each.checkVisibility() && !each.closest('.visually-hidden'))
    .filter((each) => [...each.parentElement.childNodes].every(
        (node) => node === each || node.nodeType !== Node.TEXT_NODE || !node.textContent.trim()))
    .filter((each) => each.getBoundingClientRect().height < 44)
    .map((each) => each.outerHTML.slice(0, 120))"""
"""What is tapped and is no link within a sentence (WCAG 2.5.8)."""
PAGES = {
    None: ("/", "/sign-in/", "/say/", "/receipt/", "/help/", "/record/"),
    "li_na": ("/", "/say/", "/mine/", "/me/", "/me/devices/", "/me/notifications/", "/board/", "/inbox/", "/pledges/"),
    "dispatcher": ("/", "/desk/", "/figures/", "/hot/", "/hot/picture/", "/warnings/", "/posters/", "/board/prepare/"),
    "handler": ("/", "/desk/", "/hot/"),
    "supervisor": ("/", "/desk/", "/desk/find/", "/figures/", "/warnings/"),
    "unit_leader": ("/", "/desk/", "/figures/", "/warnings/rules/"),
    "system_admin": (
        *("/", "/units/", "/people/", "/people/add/", "/party/", "/names/", "/roster/", "/roles/", "/calendar/"),
        *("/accounts/", "/mail/", "/settings/categories/", "/settings/clocks/", "/checklist/"),
    ),
    "security_admin": ("/", "/roles/", "/roles/grant/", "/roles/grant-many/", "/roles/workbook/"),
    "audit_admin": ("/", "/trail/"),
}


@pytest.fixture(autouse=True)
def _without_second_factor(settings):
    settings.DEMO = True


IN_EVERY_RUN = ("li_na", "dispatcher")
"""The other roles' pages are gone through by `make stress`."""


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role in IN_EVERY_RUN else pytest.mark.stress) for role in PAGES]
)
def test_no_page_is_wider_than_a_phone_and_nothing_too_small_for_a_thumb(house, open_as, role):
    for n in range(6):
        rated(house, submit(house.li_na if n % 2 else house.wang_fang).case)
    case = in_progress(house, submit(house.li_na).case)
    page = open_as(getattr(house, role) if role else None)
    paths = [*PAGES[role], *([f"/case/{case.pk}/"] if role in {"li_na", "dispatcher", "handler"} else [])]
    for path in paths:
        for width in (320, 360, 390):
            page.set_viewport_size({"width": width, "height": 844})
            answer = page.goto(path)
            assert (path, answer.status, width, page.evaluate(WIDE)) == (path, 200, width, 0)
        assert (path, page.evaluate(SMALL)) == (path, [])


def test_every_list_of_a_supervisor_is_in_sight_on_a_small_screen(house, open_as):
    page = open_as(house.supervisor, "/desk/", size={**DESK, "width": 1366})
    tabs = page.locator(".tabs a")
    assert tabs.last.inner_text().strip() == "全部诉求"
    boxes = [tabs.nth(n).bounding_box() for n in range(tabs.count())]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 1366 for box in boxes)


def test_the_strip_of_pages_shows_where_one_is(house, open_as):
    page = open_as(house.dispatcher, "/posters/")
    box = page.locator(".nav-desk [aria-current]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]
