"""Matters are found, keep their numbers, and nothing that a person decided is undone by night."""

import numpy as np
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lianxin.cases.services import triage
from lianxin.classification.services import embeddings as case_embeddings
from lianxin.hotissues.models import Decision, Follow, Issue, Membership
from lianxin.hotissues.services import moderation, reclustering
from lianxin.hotissues.services.reclustering import regroup
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.ledger.queries import events_of
from lianxin.nlp import embeddings
from tests.factories.cases import accepted, submit
from tests.hotissues.stories import CANTEEN, HOT_WATER, cases_in, grouped, ids, issue_of, say_all

WHY = "在现场看过"


def test_the_same_matter_is_one_issue_with_a_readable_name(house):
    issue, water, canteen = grouped(house)
    assert cases_in(issue) == ids(water)
    assert cases_in(issue_of(canteen[0])) == ids(canteen)
    assert Issue.objects.count() == 2
    assert "三号楼" in issue.name
    assert "热水" in issue.name + "".join(issue.keywords)
    assert issue.sure


def test_nobodys_name_names_an_issue(house):
    water = say_all(house, [f"王芳说{text}王芳" for text in HOT_WATER])
    say_all(house, CANTEEN)
    case_embeddings.understand()
    regroup()
    issue = issue_of(water[0])
    assert "王芳" not in issue.name + "".join(issue.keywords)


def test_a_new_case_is_placed_when_it_is_read(house):
    issue, *_rest = grouped(house)
    again = submit(house.wang_fang, "青禾宿舍三号楼还是没有热水，热水停了好几天。").case
    perhaps = submit(house.wang_fang, "食堂早餐只有冷饭，希望早餐有热饭。").case
    other = submit(house.li_na, "停车场车位不够，请增加。").case
    case_embeddings.understand()
    assert issue_of(again) == issue
    assert Membership.objects.get(case=perhaps).standing == "suggested"
    assert not Membership.objects.filter(case=other).exists()


def test_a_regrouping_keeps_number_name_and_followers(house):
    issue, water, _canteen = grouped(house)
    moderation.rename(actor=house.dispatcher, issue_id=issue.pk, name="三号楼热水", expected=1)
    moderation.follow(actor=house.supervisor, issue_id=issue.pk, wanted=True)
    more = say_all(house, HOT_WATER[:3])
    case_embeddings.understand()
    for _night in range(2):
        regroup()
    issue.refresh_from_db()
    assert (issue.name, cases_in(issue)) == ("三号楼热水", ids(water) | ids(more))
    assert Follow.objects.filter(issue=issue, person=house.supervisor).exists()
    assert Issue.objects.count() == 2


def test_issues_found_by_words_alone_are_found_anew_once_meaning_counts(house, monkeypatch):
    grouped(house)
    monkeypatch.setattr(embeddings, "available", lambda: True)
    monkeypatch.setattr(embeddings, "model_version", lambda: "m1")
    monkeypatch.setattr(embeddings, "embed", lambda texts: np.eye(len(texts), 384, dtype=np.float32))
    case_embeddings.read_anew()
    for text in ("停车场车位不够，请增加。", "电梯又坏了。"):
        case_embeddings.understand()
        submit(house.li_na, text)
    case_embeddings.understand()
    assert not ProcrastinateJob.objects.exists()  # a job would keep the moment at which a case was read
    assert [reclustering.regroup_if_meant(), reclustering.regroup_if_meant()] == [True, False]


def test_a_merge_holds_and_the_old_number_leads_on(house):
    issue, water, canteen = grouped(house)
    other = issue_of(canteen[0])
    moderation.follow(actor=house.supervisor, issue_id=other.pk, wanted=True)
    moderation.merge(actor=house.dispatcher, issue_id=issue.pk, other_id=other.pk, expected=1, reason=WHY)
    regroup()
    assert cases_in(issue) == ids(water) | ids(canteen)
    assert Issue.objects.get(pk=other.pk).merged_into == issue
    assert Follow.objects.get().issue == issue
    row = Decision.objects.get()
    assert (row.kind, row.actor, row.reason) == ("merge", house.dispatcher, WHY)
    (event,) = events_of("hotissues.issue", issue.pk)
    assert (event.action, event.actor, event.data) == ("merge", house.dispatcher, {"other": other.pk, "cases": 3})


def test_a_split_holds(house):
    issue, water, _canteen = grouped(house)
    new = moderation.split(
        actor=house.dispatcher, issue_id=issue.pk, cases=[water[0].pk], name="热水炉", expected=1, reason=WHY
    )
    regroup()
    assert cases_in(new) == {water[0].pk}
    assert cases_in(issue) == ids(water[1:])
    assert Issue.objects.get(pk=new.pk).name == "热水炉"


def test_what_is_not_the_same_stays_out_until_somebody_takes_it_in(house):
    issue, water, _canteen = grouped(house)
    moderation.take_out(actor=house.supervisor, issue_id=issue.pk, cases=[water[3].pk], expected=1, reason=WHY)
    regroup()
    assert issue_of(water[3]) is None
    assert cases_in(issue) == ids(water[:3])


def test_a_suggested_case_is_taken_in_for_good(house):
    *_rest, canteen = grouped(house)
    issue = issue_of(canteen[0])
    perhaps = submit(house.wang_fang, "食堂早餐只有冷饭，希望早餐有热饭。").case
    case_embeddings.understand()
    moderation.take_in(actor=house.dispatcher, issue_id=issue.pk, cases=[perhaps.pk], expected=1)
    regroup()
    assert cases_in(issue) == ids(canteen) | {perhaps.pk}


def test_who_may_decide(house):
    issue, water, _canteen = grouped(house)
    with pytest.raises(NotFound):
        moderation.rename(actor=house.outsider, issue_id=issue.pk, name="x", expected=1)
    with pytest.raises(PermissionDenied):
        moderation.rename(actor=house.co_handler, issue_id=issue.pk, name="x", expected=1)
    with pytest.raises(ValidationFailed):
        moderation.take_out(actor=house.supervisor, issue_id=issue.pk, cases=[water[0].pk], expected=1, reason=" ")
    moderation.confirm(actor=house.dispatcher, issue_id=issue.pk, expected=1)
    with pytest.raises(VersionConflict):
        moderation.rename(actor=house.supervisor, issue_id=issue.pk, name="x", expected=1)


def test_cases_merged_at_the_desk_are_one_matter(house):
    _issue, water, canteen = grouped(house)
    for case in (water[0], canteen[0]):
        accepted(house, case)
    triage.merge_case(actor=house.dispatcher, case_id=canteen[0].pk, primary_id=water[0].pk)
    regroup()
    assert issue_of(canteen[0]) == issue_of(water[0])


def test_a_sealed_case_is_forgotten_at_once(house):
    issue, water, _canteen = grouped(house)
    triage.seal_case(actor=house.dispatcher, case_id=water[0].pk, text="关于作风")
    assert cases_in(issue) == ids(water[1:])
    regroup()
    assert cases_in(issue) == ids(water[1:])
