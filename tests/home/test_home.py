"""Each role lands on its own first page, with the next thing on top and counts that open."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.cases.services import triage
from lianxin.hotissues.models import Issue, Membership
from lianxin.kernel import timezone
from tests.factories.accounts import account_of
from tests.factories.cases import category, dispatched, found_enterprise, in_progress, replied, submit
from tests.factories.org import UnitFactory
from tests.pledges.conftest import act, found_branch


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture
def home(client, settings):
    settings.DEMO = True  # no second step in these tests

    def get(person):
        client.force_login(account_of(person))
        return client.get("/")

    return get


def test_signed_out_people_are_offered_three_ways_in(client, house):
    page = client.get("/").content.decode()
    assert [text in page for text in ("登录", "不登录，匿名说", "我有回执")] == [True, True, True]
    assert page.count("有地方说，有人听") == 1


def test_an_empty_system_leads_to_its_set_up(client, db):
    assert client.get("/").url == "/setup/"


def test_an_employee_finds_what_waits_for_them_on_top(home, house):
    replied(house, submit(house.li_na, title="宿舍热水").case)
    page = home(house.li_na)
    assert page.templates[0].name == "home/employee.html"
    assert [case.title for case, _word in page.context["page"].awaiting] == ["宿舍热水"]
    text = page.content.decode()
    assert text.index("等您处理") < text.index("半分钟就够")


@pytest.mark.parametrize(
    ("who", "queue", "prepare"),
    [
        ("dispatcher", "待受理", lambda _house, case: case),
        ("handler", "待签收", dispatched),
        ("handler", "待答复", in_progress),
    ],
)
def test_a_desk_shows_the_next_case_first(home, house, who, queue, prepare):
    case = submit(house.li_na, title="宿舍热水").case
    prepare(house, case)
    page = home(getattr(house, who))
    assert page.templates[0].name == "home/desk.html"
    assert (page.context["page"].first.pk, page.context["page"].first_label, page.context["page"].waiting) == (
        case.pk,
        queue,
        1,
    )
    assert "有 1 件等您办理" in page.content.decode()


@pytest.mark.parametrize("who", ["unit_leader", "supervisor", "inspector", "head_dispatcher"])
def test_every_role_with_a_desk_has_a_first_page_when_nothing_waits(home, house, who):
    page = home(getattr(house, who))
    assert (page.status_code, "没有等您处理的" in page.content.decode()) == (200, True)


def test_administrators_see_what_is_to_be_set_up_and_not_a_word_of_a_case(home, house):
    submit(house.li_na, body="金丝雀文字")
    UnitFactory(parent=house.company)
    for admin in (house.system_admin, house.security_admin, house.audit_admin):
        page = home(admin)
        assert page.templates[0].name == "home/administration.html"
        assert "金丝雀" not in page.content.decode()


def test_the_first_page_of_a_desk_costs_the_same_however_much_waits(home, house):
    def queries():
        with CaptureQueriesContext(connection) as counted:
            home(house.dispatcher)
        return len(counted)

    submit(house.li_na)
    home(house.dispatcher)
    few = queries()
    for number in range(8):
        submit(house.li_na, body=f"第 {number} 件事")
    assert queries() == few


def test_what_people_talk_about_comes_after_the_work_of_whoever_watches_over_a_unit(home, house):
    cases = [submit(house.li_na).case for _n in range(3)]
    issue = Issue.objects.create(name="三楼热水", sure=True, found_at=timezone.now())
    Membership.objects.bulk_create([Membership(case=case, issue=issue) for case in cases])
    page = home(house.supervisor)
    assert [(hot.issue, hot.counted.cases) for hot, *_more in page.context["page"].lately.rows] == [(issue, 3)]
    text = page.content.decode()
    assert text.index("没有等您处理的") < text.index("待办列表") < text.index("最近大家都在说") < text.index("三楼热水")
    assert home(house.dispatcher).context["page"].lately is None


def test_nothing_waits_never_stands_beside_something_overdue(home, house):
    case = submit(house.li_na, title="宿舍热水").case
    in_progress(house, case)
    leader = home(house.unit_leader)
    assert ("没有等您处理的" in leader.content.decode(), leader.context["page"].first) == (True, None)
    with timezone.frozen(timezone.now() + timedelta(days=12)):
        late = home(house.unit_leader)
    text = late.content.decode()
    assert ("没有等您处理的" in text, "1 件已超时，请跟进" in text) == (False, True)
    assert (late.context["page"].first.pk, late.context["page"].first_label) == (case.pk, "已超时")


def test_a_pledge_to_review_stands_on_the_first_page_until_it_is_reviewed(home, house):
    branch = found_branch(house)
    pledge = branch.proposed()
    page = home(branch.secretary).content.decode()
    assert page.index("请审核") < page.index("<h1")
    act(branch.secretary, pledge, "publish")
    assert "请审核" not in home(branch.secretary).content.decode()


def test_danger_stands_first_whatever_else_waits_and_has_a_number_of_its_own(home, house):
    for n in range(8):
        submit(house.wang_fang, title=f"第 {n} 件")
    case = submit(house.li_na, "东墙马上要塌了，下面有人在干活", title="东墙").case
    triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="hazard", category=category("safety-1"))
    page = home(house.dispatcher)
    shown = page.context["page"]
    assert shown.first.title == "东墙"
    assert [tile.number for tile in shown.tiles if tile.tone == "danger" and "queue=danger" in tile.url] == [1]
    main = page.content.decode().split("<main")[1]
    assert "安全风险" in main[: main.index("东墙")]


def test_without_danger_there_is_no_number_of_it(home, house):
    submit(house.li_na)
    assert "queue=danger" not in home(house.dispatcher).content.decode()
