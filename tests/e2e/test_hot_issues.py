"""Hot issues in a real browser: readable, decidable without script, without barriers."""

import pytest

from lianxin.hotissues.models import Issue
from lianxin.text import embeddings
from tests.e2e.conftest import DESK, PHONE
from tests.hotissues.stories import grouped


@pytest.fixture(autouse=True)
def _words_only(monkeypatch):
    monkeypatch.setattr(embeddings, "available", lambda: False)
    monkeypatch.setattr(embeddings, "model_version", lambda: "")


def test_the_hot_list_and_an_issue_have_no_barriers(open_as, no_barriers, house):
    issue, *_rest = grouped(house)
    errors = []
    for size in (PHONE, DESK):
        page = open_as(house.supervisor, "/", size=size)
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.get_by_role("link", name=issue.name).click()
        page.wait_for_selector("[data-chart] canvas")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        no_barriers(page)
        page.goto("/hot/")
        page.click("#definitions > summary")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        no_barriers(page)
    page.goto("/hot/picture/")
    no_barriers(page)
    assert errors == []


def test_a_case_is_taken_out_without_script(open_as, house):
    issue, water, _canteen = grouped(house)
    page = open_as(house.dispatcher, f"/hot/{issue.pk}/", size=DESK, script=False)
    page.check(f"input[value='{water[0].pk}']")
    page.click("summary:has-text('另一件事')")
    page.fill("#divide-reason", "是另一栋楼")
    page.click("button[value=out]")
    assert page.get_by_text("是另一栋楼").is_visible()
    assert Issue.objects.get(pk=issue.pk).memberships.count() == 3
