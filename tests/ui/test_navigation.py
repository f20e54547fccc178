import re
from types import SimpleNamespace

import pytest
from django.urls import resolve

from lianxin.ui import navigation
from lianxin.ui.navigation import SETTINGS, Entry, Place, beside, extend, places, register


def ask(rf, path="/page/", **attributes):
    request = rf.get(path)
    request.resolver_match = resolve(path)
    for name, value in attributes.items():
        setattr(request, name, value)
    return request


LI_NA = SimpleNamespace(person="Li Na")


def test_places_stand_in_order_and_only_where_they_may_be_seen(site, rf):
    asked = []
    twelve = lambda viewer: asked.append(viewer) or 12  # noqa: E731
    register(Entry(area="desk", label="督办", url_name="act", icon="flag", order=20, visible=lambda r: r.is_supervisor))
    register(Entry(area="desk", label="待受理", url_name="page", icon="inbox", order=10, count=twelve))
    register(Entry(area="employee", label="首页", url_name="page", icon="home"))
    request = ask(rf, is_supervisor=True, user=LI_NA)
    supervisor = places(request, "desk")
    assert places(request, "desk") == supervisor
    assert asked == ["Li Na"]  # counted once a request
    assert [(p.label, p.badge, p.current) for p in supervisor] == [("待受理", 12, True), ("督办", 0, False)]
    assert [p.label for p in places(ask(rf, is_supervisor=False), "desk")] == ["待受理"]


def test_an_entry_is_current_on_the_pages_below_it(site, rf):
    register(Entry(area="desk", label="待受理", url_name="page", icon="inbox", also=("act",)))
    assert [p.current for p in places(ask(rf, "/act/"), "desk")] == [True]


def test_a_context_above_adds_pages_and_what_waits_to_an_entry(site, rf):
    register(Entry(area="desk", label="热点", url_name="page", icon="flame"))
    extend("desk", "page", count=lambda _viewer: 2, also=("act",))
    extend("desk", "page", count=lambda _viewer: 3)
    assert [(p.badge, p.current) for p in places(ask(rf, "/act/", user=LI_NA), "desk")] == [(5, True)]


def test_an_employees_page_shows_only_registered_places(client):
    register(Entry(area="employee", label="首页", url_name="page", icon="home"))
    html = client.get("/page/").content.decode()
    assert "首页" in html
    assert "公开墙" not in html


def test_a_group_is_one_place_and_its_pages_are_tabs(site, rf):
    register(Entry(area="desk", label="日历", url_name="page", icon="calendar", order=1, group=SETTINGS))
    register(Entry(area="desk", label="时限", url_name="act", icon="clock", order=2, group=SETTINGS))
    request = ask(rf, "/act/")
    assert [(p.label, p.url, p.current) for p in places(request, "desk")] == [("设置", "/page/", True)]
    assert [(p.label, p.current) for p in beside(request, "desk")] == [("日历", False), ("时限", True)]


def test_a_group_of_one_is_just_that_page(site, rf):
    register(Entry(area="desk", label="日历", url_name="page", icon="calendar", group=SETTINGS))
    request = ask(rf)
    assert ([p.label for p in places(request, "desk")], beside(request, "desk")) == (["日历"], [])


def test_whether_a_place_may_be_seen_is_asked_once_a_request(site, rf):
    asked = []
    one = lambda _viewer: 1  # noqa: E731
    seen = lambda request: asked.append(request) or True  # noqa: E731
    register(Entry(area="desk", label="待受理", url_name="page", icon="inbox", count=one, visible=seen, group=SETTINGS))
    register(Entry(area="top", label="消息", url_name="act", icon="bell"))
    request = ask(rf)
    places(request, "desk"), places(request, "top"), beside(request, "desk")
    assert asked == [request]


@pytest.mark.parametrize(("waiting", "shown"), [(0, None), (1, "1"), (99, "99"), (100, "99+")])
def test_a_bar_tells_how_much_waits(client, monkeypatch, waiting, shown):
    place = Place(label="待<办>", url="/page/", icon="inbox", badge=waiting, main=True, current=True)
    monkeypatch.setattr(navigation, "places", lambda _request, area: [place] if area == "employee" else [])
    html = client.get("/page/").content.decode()
    assert 'aria-current="page"' in html
    assert 'class="nav-main"' in html
    assert '<span class="nav-label">待&lt;办&gt;</span>' in html
    assert re.findall(r'class="count">\s*([^<\s]+)\s*<', html) == ([shown] if shown else [])


def test_a_bar_without_a_place_is_not_shown(client):
    assert "<nav" not in client.get("/page/").content.decode()


def test_an_employees_bar_keeps_four_places_and_counts_what_stands_on_one_of_them(site, rf):
    register(Entry(area="employee", label="我的", url_name="page", icon="user", holds="me"))
    pledges = Entry(area="desk", label="承诺", url_name="act", icon="target", count=lambda _viewer: 2)
    register(pledges, also_for_employees=True)
    request = ask(rf, "/act/", user=LI_NA)
    assert [(p.label, p.badge, p.current) for p in places(request, "employee")] == [("我的", 2, True)]
    assert [(p.label, p.badge) for p in places(request, "me")] == [("承诺", 2)]
