"""Figures in a real browser: drawn, readable without the picture, without barriers."""

from datetime import timedelta
from io import BytesIO

import pikepdf

from lianxin.kernel import timezone
from tests.e2e.conftest import DESK
from tests.factories.cases import rated, submit
from tests.factories.org import UnitFactory


def weeks():
    """Two months until today: there is a trend on whatever day this runs."""
    today = timezone.today()
    return f"?since={today - timedelta(days=60)}&until={today}"


def test_figures_are_drawn_and_have_no_barriers(open_as, no_barriers, house):
    for _n in range(3):
        rated(house, submit(house.li_na).case)
    errors = []
    for size in ({"width": 390, "height": 844}, DESK):
        page = open_as(house.dispatcher, f"/figures/{weeks()}", size=size)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.wait_for_selector("[data-chart] canvas")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("#definitions > summary")
        no_barriers(page)
    page.click(".tiles a:has-text('3 / 3') >> nth=0")
    no_barriers(page)
    assert errors == []
    still = open_as(house.dispatcher, f"/figures/{weeks()}", script=False)
    assert still.locator("table.units-table").is_visible()


def sheets(page):
    return len(pikepdf.open(BytesIO(page.pdf(format="A4"))).pages)


def test_the_figures_fill_three_sheets_at_most_and_posters_one_each(open_as, house):
    for _n in range(3):
        rated(house, submit(house.li_na).case)
    for n in range(20):
        submit(house.wang_fang if n % 2 else house.li_na, place=UnitFactory(parent=house.company, name=f"运行{n}班"))
    page = open_as(house.head_dispatcher, "/figures/?unit=EAST", size=DESK)
    assert sheets(page) <= 3
    page.goto("/posters/print/?unit=EAST&below=1")
    posters = page.locator(".poster").count()
    assert posters > 20
    assert sheets(page) == posters
