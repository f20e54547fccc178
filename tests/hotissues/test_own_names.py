"""What the enterprise calls its own tells matters apart, and brings together what is spelt differently."""

import pytest

from lianxin.classification.services import embeddings as case_embeddings
from lianxin.hotissues.models import Grouping, Issue, Membership
from lianxin.hotissues.services import moderation
from lianxin.hotissues.services.reclustering import regroup
from lianxin.org.services import add_names, remove_name
from tests.factories.cases import submit
from tests.hotissues.stories import ALONE, cases_in, ids, issue_of, say_all

DORMITORIES = [
    f"{house}没有热水，{house}热水停了三天，下班洗不了澡。"
    for house in ("一号宿舍楼", "1#宿舍楼", "1栋", "三号宿舍楼", "3号宿舍楼", "三号宿舍楼")
]


@pytest.fixture
def said(house):
    cases = say_all(house, DORMITORIES)
    say_all(house, ALONE)
    case_embeddings.understand()
    return cases[:3], cases[3:]


@pytest.fixture
def listed(house):
    return add_names(actor=house.system_admin, kind="place", names=[["一号宿舍楼", "1栋"], ["三号宿舍楼"]])


def test_two_dormitories_without_hot_water_are_two_issues(said, listed):
    one, three = said
    regroup()
    assert cases_in(issue_of(one[0])) == ids(one)
    assert cases_in(issue_of(three[0])) == ids(three)
    issue = issue_of(one[0])
    assert "一号宿舍楼" in issue.name
    assert issue.keywords[0] == "一号宿舍楼"


def test_before_they_were_on_the_list_they_were_one_and_it_keeps_its_number(house, said):
    one, three = said
    regroup()
    issue = Issue.objects.get()
    assert cases_in(issue) == ids([*one, *three])
    add_names(actor=house.system_admin, kind="place", names=[["一号宿舍楼", "1栋"], ["三号宿舍楼"]])
    regroup()
    assert Issue.objects.count() == 2
    assert issue in (issue_of(one[0]), issue_of(three[0]))


def test_a_new_case_goes_to_the_issue_of_its_place(house, said, listed):
    one, three = said
    regroup()
    here = submit(house.wang_fang, "1栋还是没有热水，热水停了好几天，洗不了澡。").case
    there = submit(house.li_na, "3#宿舍楼没有热水，热水又停了三天，下班洗不了澡。").case
    case_embeddings.understand()
    assert issue_of(here) == issue_of(one[0])
    assert issue_of(there) == issue_of(three[0])


def test_the_list_counts_from_the_next_case_on(house, said, listed):
    regroup()
    add_names(actor=house.system_admin, kind="place", names=[["五号宿舍楼"]])
    there = submit(house.li_na, "五号宿舍楼没有热水，热水停了三天，下班洗不了澡。").case
    case_embeddings.understand()
    assert not Membership.objects.filter(case=there).exists()


def test_whoever_keeps_an_index_is_told_that_the_list_changed(house, said, listed):
    regroup()
    before = Grouping.objects.get().version
    remove_name(actor=house.system_admin, name_id=listed[0].pk)
    assert Grouping.objects.get().version != before


def test_what_a_person_put_together_stays_together(house, said, listed):
    one, three = said
    regroup()
    issue, other = issue_of(one[0]), issue_of(three[0])
    moderation.merge(
        actor=house.dispatcher, issue_id=issue.pk, other_id=other.pk, expected=issue.version, reason="同一台锅炉"
    )
    regroup()
    assert cases_in(issue) == ids([*one, *three])


def test_one_canteen_of_which_several_units_complain_is_one_issue(house):
    """Who names a unit often says who speaks."""
    canteen = say_all(
        house, [f"{unit}夜班在龙泉食堂吃不上热饭，只有冷饭。" for unit in ("检修车间", "后勤服务中心", "东城供电公司")]
    )
    say_all(house, ALONE)
    case_embeddings.understand()
    regroup()
    assert cases_in(issue_of(canteen[0])) == ids(canteen)
