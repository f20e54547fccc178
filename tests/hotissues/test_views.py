"""The hot list and the page of an issue, for those who answer for the units where its cases lie."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lianxin.cases.enums import CaseKind, Identity
from lianxin.cases.models import CaseSubject
from lianxin.cases.services import triage
from lianxin.classification.services import embeddings as case_embeddings
from lianxin.hotissues.models import Issue
from lianxin.hotissues.services import moderation
from lianxin.hotissues.services.reclustering import regroup
from lianxin.kernel import timezone
from tests.factories.cases import accepted, rated, submit
from tests.factories.org import PersonFactory, UnitFactory
from tests.hotissues.stories import ALONE, CANTEEN, HOT_WATER, cases_in, grouped, issue_of, say_all
from tests.pages import post_raw, send_form


@pytest.fixture
def get(browser_of):
    return lambda person, address="/hot/", **words: browser_of(person).get(address, words)


def listed(answer):
    return [each.issue.pk for each, *_more in answer.context["rows"]]


def test_the_hottest_stands_first_with_the_parts_of_its_heat(get, house):
    issue, water, canteen = grouped(house)
    rated(house, water[0], "no", 1)
    answer = get(house.supervisor)
    assert listed(answer) == [issue.pk, issue_of(canteen[0]).pk]
    (hot, *_more), *_rest = answer.context["rows"]
    parts = {str(part.label): part.points for part in hot.counted.parts}
    assert parts == {"反映的人": 3, "公开墙上的附议": 0, "增长": 4, "重办": 2, "不满意": 2, "危及人身": 0}
    assert hot.counted.heat == 11
    page = answer.content.decode()
    assert issue.name in page
    assert "不足 5 人" in page
    assert "这些数字怎么算" in page


def test_what_is_closed_stands_below_what_is_open(get, house):
    water, canteen = say_all(house, HOT_WATER), say_all(house, CANTEEN)
    say_all(house, ALONE)
    case_embeddings.understand()
    regroup()
    closed, still_open = issue_of(water[0]), issue_of(canteen[0])
    assert listed(get(house.supervisor)) == [closed.pk, still_open.pk]
    for case in water:
        rated(house, case)
    answer = get(house.supervisor)
    assert listed(answer) == [still_open.pk, closed.pk]
    assert "均已办结" in answer.content.decode()
    assert "目前没有未办结的热点" not in answer.content.decode()
    for case in canteen:
        rated(house, case)
    assert "目前没有未办结的热点" in get(house.supervisor).content.decode()


def test_two_waves_of_one_trouble_are_two_episodes_of_one_matter(get, house):
    with timezone.frozen(timezone.now() - timedelta(days=80)):
        first = say_all(house, HOT_WATER)
        for case in first:
            rated(house, case)
    again = say_all(house, ["青禾宿舍三号楼又没有热水了，热水停了一天。", "青禾宿舍三号楼热水又停了，洗不了澡。"])
    say_all(house, ALONE)
    case_embeddings.understand()
    regroup()
    issue = issue_of(again[0])
    assert cases_in(issue) == {case.pk for case in (*first, *again)}
    waves = get(house.supervisor, f"/hot/{issue.pk}/").context["page"].episodes
    assert [(wave.cases, wave.open_cases) for wave in waves] == [(4, 0), (2, 2)]
    assert "这是第 2 次" in get(house.supervisor, days=365).content.decode()


def test_a_guess_is_confirmed_on_a_page_of_its_own(browser_of, house):
    issue, *_rest = grouped(house)
    Issue.objects.filter(pk=issue.pk).update(sure=False)
    browser = browser_of(house.dispatcher)
    page = browser.get(f"/hot/{issue.pk}/").content.decode()
    assert f'action="/hot/{issue.pk}/confirm/"' not in page
    send_form(browser, f"/hot/{issue.pk}/confirm/", {})
    assert Issue.objects.get(pk=issue.pk).confirmed


def test_lenses_and_periods_narrow(get, house):
    issue, *_rest = grouped(house)
    say_all(house, [f"二号变电站爬梯{text}" for text in ("锈穿了，踩上去晃。",) * 3], kind=CaseKind.HAZARD)
    case_embeddings.understand()
    regroup()
    assert listed(get(house.supervisor, lens="safety")) == [Issue.objects.latest("pk").pk]
    assert issue.pk in listed(get(house.supervisor, lens="life"))
    assert listed(get(house.supervisor, lens="stability")) == []
    assert listed(get(house.supervisor, since="2020-01-01", until="2020-12-31")) == []


def test_an_issue_exists_only_where_three_of_its_cases_lie(get, house):
    issue, *_rest = grouped(house)
    assert get(house.supervisor, f"/hot/{issue.pk}/").status_code == 200
    assert get(house.co_handler, f"/hot/{issue.pk}/").status_code == 200
    assert get(house.outsider, f"/hot/{issue.pk}/").status_code == 404
    assert get(house.outsider, unit="EAST").status_code == 404
    assert get(house.li_na).status_code == 403
    assert get(house.system_admin, f"/hot/{issue.pk}/").status_code == 403
    elsewhere = UnitFactory(parent=house.company, name="调度班")
    leader = PersonFactory(roles={"unit_leader": elsewhere})
    submit(house.li_na, HOT_WATER[0], place=elsewhere)
    case_embeddings.understand()
    assert listed(get(leader)) == []
    assert get(leader, f"/hot/{issue.pk}/").status_code == 404


def test_whoever_is_named_or_not_an_inspector_learns_nothing(get, house):
    issue, water, _canteen = grouped(house)
    for case in water[:2]:
        CaseSubject.objects.create(case=case, person=house.supervisor)
    assert get(house.supervisor, f"/hot/{issue.pk}/").status_code == 404
    triage.seal_case(actor=house.dispatcher, case_id=water[2].pk, text="关于作风")
    triage.seal_case(actor=house.dispatcher, case_id=water[3].pk, text="关于作风")
    assert get(house.inspector, f"/hot/{issue.pk}/").status_code == 404
    assert get(house.dispatcher, f"/hot/{issue.pk}/").status_code == 404


def test_an_appraiser_sees_numbers_and_no_case(get, house):
    issue, water, _canteen = grouped(house)
    appraiser = PersonFactory(roles={"appraiser": house.company})
    page = get(appraiser, f"/hot/{issue.pk}/").content.decode()
    assert "检修车间 4" in page
    assert water[0].number not in page
    assert "改名" not in page


def test_five_people_are_counted_and_nobody_is_told(get, house):
    people = [PersonFactory(unit=house.workshop) for _n in range(4)]
    for n, text in enumerate(HOT_WATER):
        submit(people[n], text, identity=Identity.CONFIDENTIAL)
    submit(people[0], HOT_WATER[0], identity=Identity.CONFIDENTIAL)
    submit(None, HOT_WATER[1], place=house.workshop)
    say_all(house, CANTEEN)
    case_embeddings.understand()
    regroup()
    (hot, *_more), *_rest = get(house.supervisor).context["rows"]
    assert (hot.counted.cases, hot.counted.people) == (6, 5)
    assert hot.counted.parts[0].points == 5


def test_what_is_decided_on_the_pages(browser_of, house):
    issue, water, canteen = grouped(house)
    browser = browser_of(house.dispatcher)
    other = issue_of(canteen[0])
    told = send_form(browser, f"/hot/{issue.pk}/rename/", {"name": "三号楼热水"}, follow=True)
    assert "三号楼热水" in told.content.decode()
    refused = send_form(browser, f"/hot/{issue.pk}/merge/", {"other": other.pk})
    assert refused.status_code == 422
    said = {"reason": "是另一栋楼", "selected": [water[0].pk]}
    told = send_form(browser, f"/hot/{issue.pk}/", said, to="/cases/", press="out", follow=True).content.decode()
    assert "是另一栋楼" in told
    assert water[0].pk not in cases_in(issue)
    unsure = send_form(browser, f"/hot/{issue.pk}/merge/", {"other": other.pk, "reason": "同一件事"})
    assert (unsure.status_code, Issue.objects.get(pk=other.pk).merged_into) == (422, None)
    send_form(browser, f"/hot/{issue.pk}/merge/", {"other": other.pk, "reason": "同一件事", "sure": True})
    assert browser.get(f"/hot/{other.pk}/").url == f"/hot/{issue.pk}/"
    send_form(browser, f"/hot/{issue.pk}/", to="/follow/")
    assert listed(browser.get("/hot/", {"show": "followed"})) == [issue.pk]


def test_who_was_overtaken_keeps_what_they_typed_and_may_go_on(browser_of, house):
    issue, *_rest = grouped(house)
    browser, address = browser_of(house.dispatcher), f"/hot/{issue.pk}/rename/"
    moderation.rename(actor=house.supervisor, issue_id=issue.pk, name="热水", expected=issue.version)
    overtaken = post_raw(browser, address, {"name": "三号楼热水", "expected": issue.version})
    assert (overtaken.status_code, 'value="三号楼热水"' in overtaken.content.decode()) == (409, True)
    now = overtaken.context["form"]["expected"].value()
    assert post_raw(browser, address, {"name": "三号楼热水", "expected": now}).status_code == 302
    assert Issue.objects.get(pk=issue.pk).name == "三号楼热水"


def test_the_picture_opens_to_the_list(get, house):
    issue, water, _canteen = grouped(house)
    for case in water[:3]:
        accepted(house, case)
    answer = get(house.supervisor, "/hot/picture/")
    (unit, _url, ((field, address),)) = answer.context["rows"][0]
    assert (unit, field.number, field.shade) == (house.workshop, 3, 1)
    assert listed(get(house.supervisor, address)) == [issue.pk]


@pytest.mark.parametrize("address", ["/hot/", "/hot/picture/", "/hot/{}/"])
def test_pages_ask_the_database_as_often_however_much_there_is(get, house, address):
    issue, water, _canteen = grouped(house)
    accepted(house, water[0])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert get(house.supervisor, address.format(issue.pk)).status_code == 200
        return len(queries)

    asked()
    few = asked()
    for n in range(3):
        say_all(
            house,
            [f"{n}号配电室{n}号窗{text}" for text in ("漏雨，柜子生锈了。", "下雨就漏，地上积水。", "漏雨没人修。")],
        )
    say_all(house, HOT_WATER)
    case_embeddings.understand()
    regroup()
    assert asked() <= few
