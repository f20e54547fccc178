"""Figures in a real browser: drawn, readable without the picture, without barriers."""

from tests.e2e.conftest import DESK
from tests.factories.cases import rated, submit


def test_figures_are_drawn_and_have_no_barriers(open_as, no_barriers, house):
    for _n in range(3):
        rated(house, submit(house.li_na).case)
    errors = []
    for size in ({"width": 390, "height": 844}, DESK):
        page = open_as(house.dispatcher, "/figures/", size=size)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.wait_for_selector("[data-chart] canvas")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("#definitions > summary")
        no_barriers(page)
    page.click("a:has-text('3 / 3') >> nth=-1")
    no_barriers(page)
    assert errors == []
    still = open_as(house.dispatcher, "/figures/", script=False)
    assert still.locator("table.figures-table >> nth=1").is_visible()
