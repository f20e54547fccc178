"""Hot issues in a real browser: readable, decidable without script, without barriers."""

import pytest

from lianxin.hotissues.models import Issue
from lianxin.nlp import embeddings
from lianxin.org.enums import Role
from tests.alerts.stories import colleagues, looked, one_matter, raised
from tests.e2e.conftest import DESK, PHONE
from tests.factories.org import PersonFactory
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


def test_a_leader_takes_a_warning_up_on_a_phone_and_settles_it_at_a_desk(open_as, no_barriers, house):
    leader = PersonFactory(name="周主任", unit=house.workshop, roles={Role.UNIT_LEADER: house.workshop})
    one_matter([raised(person) for person in colleagues(house, 5)])
    (warning,) = looked()
    page = open_as(leader, "/", size=PHONE)
    page.get_by_role("link", name="1 条预警").click()
    page.wait_for_url("**/warnings/**")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    no_barriers(page)
    page.click("a.row-link")
    page.wait_for_url(f"**/warnings/{warning.pk}/")
    no_barriers(page)
    page.click("button:has-text('我来跟进')")
    assert page.get_by_text("周主任 自 ").is_visible()
    page = open_as(leader, f"/warnings/{warning.pk}/", size=DESK)
    page.click("a:has-text('记录处理情况')")
    page.fill("#action textarea", "今晚恢复热水。")
    no_barriers(page)
    page.click("#action button[type=submit]")
    page.wait_for_selector("text=已处理")
    warning.refresh_from_db()
    assert (warning.state, warning.note) == ("acted", "今晚恢复热水。")
