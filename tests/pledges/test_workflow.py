"""The life of a pledge, as its author, the secretary and the colleagues live it."""

from datetime import timedelta

import pytest

from lianxin.cases.models import Case
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from lianxin.org.enums import Role
from lianxin.org.services import record_departure
from lianxin.pledges.enums import PledgeState
from lianxin.pledges.models import Pledge
from lianxin.pledges.policies import relations_of
from lianxin.pledges.services import open_cycle, remind_of_due
from lianxin.pledges.workflow import PLEDGE, SUBJECT
from tests.factories.cases import rated, submit
from tests.factories.org import PersonFactory
from tests.kit import assert_visibility_consistent, assert_workflow_complete
from tests.pledges.conftest import TEXT, act


def trail(pledge):
    return [event.action for event in events_of(SUBJECT, pledge.pk)]


def inbox(person):
    return list(Notice.objects.filter(recipient=person).order_by("at").values_list("kind", flat=True))


def due(pledge):
    """Bring the pledge's day about."""
    Pledge.objects.filter(pk=pledge.pk).update(due_on=timezone.today(), remind_on=timezone.today())


def test_the_table_leads_everywhere():
    assert_workflow_complete(PLEDGE, set(PledgeState), first=PledgeState.DRAFT)


def test_a_vague_pledge_is_returned_mended_published_and_kept(branch):
    author = branch.house.handler
    pledge = branch.proposed(text="努力做好服务")
    act(branch.secretary, pledge, "return", text="写明时间和数量")
    assert Pledge.objects.get(pk=pledge.pk).returned_because == "写明时间和数量"
    act(author, pledge, "edit", text=TEXT)
    act(author, pledge, "propose")
    act(branch.secretary, pledge, "publish")
    act(author, pledge, "assess", text="已讲解十二次，参加职工一百四十人次。")
    due(pledge)
    pledge = act(branch.secretary, pledge, "conclude", outcome="kept", text="台账与职工反映一致。")
    assert (pledge.state, pledge.outcome, pledge.text) == ("concluded", "kept", TEXT)
    assert trail(pledge) == ["draft", "propose", "return", "edit", "propose", "publish", "assess", "conclude"]
    assert inbox(author) == ["returned", "published", "concluded"]
    assert inbox(branch.secretary) == ["to_review", "to_review"]


def test_after_publication_both_texts_stay(branch):
    pledge = branch.published()
    later = pledge.due_on - timedelta(days=1)
    act(pledge.author, pledge, "amend", text="改为每两个月一次，全年不少于6次。", due_on=later)
    pledge.refresh_from_db()
    assert (pledge.text[:7], pledge.due_on) == ("改为每两个月一", later)
    assert [(before.text, before.due_on) for before in pledge.texts.all()] == [(TEXT, branch.cycle.ends_on)]


def test_a_solved_case_is_cited_once_and_only_ones_own(branch):
    house = branch.house
    solved, others = submit(house.li_na).case, submit(house.wang_fang).case
    rated(house, solved)
    pledge = branch.published()
    act(house.handler, pledge, "cite", case=Case.objects.get(pk=solved.pk))
    assert [each.case_id for each in Pledge.objects.get(pk=pledge.pk).evidence.all()] == [solved.pk]
    for case in (solved, others):
        with pytest.raises(ValidationFailed):
            act(house.handler, pledge, "cite", case=case)


def test_nobody_decides_about_their_own(branch):
    pledge = branch.proposed(branch.secretary)
    with pytest.raises(PermissionDenied):
        act(branch.secretary, pledge, "publish")
    assert inbox(branch.secretary) == []
    above = PersonFactory(name="集团书记", unit=branch.house.root, roles={Role.BRANCH_SECRETARY: branch.house.root})
    assert act(above, pledge, "publish").state == "published"


def test_it_is_concluded_on_its_day_and_not_before(branch):
    pledge = branch.published()
    with pytest.raises(ValidationFailed) as refusal:
        act(branch.secretary, pledge, "conclude", outcome="kept", text="做到了。")
    assert "未到期" in str(refusal.value) or "not due" in str(refusal.value)


def test_two_who_act_at_once(branch):
    pledge = branch.proposed()
    act(branch.secretary, pledge, "publish", expected=pledge.version)
    with pytest.raises(VersionConflict):
        act(branch.secretary, pledge, "return", text="再改", expected=pledge.version)


def test_whoever_leaves_is_no_longer_reminded_and_theirs_is_withdrawn(branch):
    pledge = branch.published()
    record_departure(actor=branch.house.system_admin, person_id=pledge.author_id)
    pledge.refresh_from_db()
    assert (pledge.state, pledge.remind_on, trail(pledge)[-1]) == ("withdrawn", None, "withdraw")


def test_what_is_due_is_told_once_a_week(branch):
    pledge = branch.published()
    assert remind_of_due() == 0
    due(pledge)
    assert (remind_of_due(), remind_of_due()) == (1, 0)
    assert inbox(pledge.author)[-1] == inbox(branch.secretary)[-1] == "due"


def test_a_unit_goal_is_its_leaders(branch):
    leader = branch.house.unit_leader
    with pytest.raises(ValidationFailed):
        branch.draft(kind="unit_goal")
    assert branch.draft(leader, kind="unit_goal").unit == branch.house.logistics


def test_only_a_secretary_opens_a_cycle_and_no_two_of_a_title(branch):
    words = {"branch_id": branch.organisation.pk, "title": branch.cycle.title}
    days = {"starts_on": timezone.today(), "ends_on": timezone.today() + timedelta(days=9)}
    with pytest.raises(ValidationFailed):
        open_cycle(actor=branch.secretary, **words, **days)
    with pytest.raises(PermissionDenied):
        open_cycle(actor=branch.house.handler, **words, **days)


def test_lists_and_relations_agree(branch):
    house = branch.house
    pledges = [branch.draft(), branch.proposed(house.li_na), branch.published(), branch.published(house.li_na)]
    viewers = [*house.people().values(), branch.secretary]
    assert_visibility_consistent(Pledge.objects.visible_to, relations_of, viewers, pledges)
    with pytest.raises(NotFound):
        act(house.outsider, pledges[0], "propose")
