"""What is suggested when a case is accepted, which cases look alike, and what people make of both."""

import pytest

from lianxin.cases.enums import CaseKind, Field, Identity, Urgency, Verdict
from lianxin.cases.models import SimilarCase
from lianxin.cases.queries import get_case_for, merge_candidates, raised_already, related_cases
from lianxin.cases.services import triage
from lianxin.cases.services.alike import judge_alike
from lianxin.cases.services.transitions import perform
from lianxin.classification.models import CaseMeaning, Suggestion
from lianxin.classification.queries.suggestions import hit_rates, offered_for, offers_of
from lianxin.classification.queries.training_data import forget_training_set, training_set
from lianxin.classification.services import embeddings as case_embeddings
from lianxin.classification.services import suggestions
from lianxin.kernel.errors import NotFound, PermissionDenied
from lianxin.ledger.models import Event
from lianxin.nlp import embeddings
from tests.factories.cases import category, dispatched, in_progress, submit

HOT_WATER = "宿舍三楼没有热水，已经三天了，晚班回来洗不了澡。"
NO_WATER = "宿舍三楼一直没有热水，晚班回来没法洗澡，请修一修。"
CANTEEN = "食堂的饭菜总是凉的，上夜班的人吃不到热饭。"


def values(case, field):
    return [offer.value for offer in offers_of(offered_for(case), field)]


def similar_to(case, viewer):
    return related_cases(viewer=viewer, case=get_case_for(viewer, case.pk))[1]


def taken():
    return {row.field: (row.taken, row.rank) for row in Suggestion.objects.all()}


# Category, urgency, unit


def test_the_nearest_categories_are_suggested_by_their_names(house, understand):
    case = submit(house.li_na, CANTEEN).case
    understand()
    assert values(case, Field.CATEGORY)[0] == str(category("canteen-1").pk)
    assert len(values(case, Field.CATEGORY)) == 3


def test_what_dispatchers_decided_before_corrects_the_names(house, understand):
    water = category("workplace-4")
    for _time in range(4):
        case = submit(house.wang_fang, HOT_WATER).case
        triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="help", category=water, urgency="normal")
    understand()
    forget_training_set()
    case = submit(house.li_na, NO_WATER).case
    understand()
    first = offers_of(offered_for(case), Field.CATEGORY)[0]
    assert (first.value, "4" in first.reason) == (str(water.pk), True)


def test_people_in_danger_come_first(house, understand):
    said = {
        "我真的不想活了。": Urgency.EMERGENCY,
        "配电箱漏电，手一碰就麻。": Urgency.EMERGENCY,
        "消防通道被货堵着。": Urgency.URGENT,
        "想问一下年假怎么算。": Urgency.NORMAL,
    }
    cases = {submit(house.li_na, text).case: urgency for text, urgency in said.items()}
    understand()
    assert {case: values(case, Field.URGENCY) for case in cases} == {case: [urgency] for case, urgency in cases.items()}
    reason = offers_of(offered_for(next(iter(cases))), Field.URGENCY)[0].reason
    assert "不想活" in reason


def test_the_unit_that_led_such_cases_is_suggested(house, understand):
    for _time in range(3):
        dispatched(house, submit(house.wang_fang, HOT_WATER).case)
    understand()
    forget_training_set()
    case = submit(house.li_na, NO_WATER).case
    understand()
    (offer,) = offers_of(offered_for(case), Field.LEAD_UNIT)
    assert (offer.value, "3" in offer.reason) == (str(house.logistics.pk), True)


def test_cases_about_somebody_teach_nothing(house, understand):
    case = submit(house.wang_fang, HOT_WATER, about="吴刚").case
    triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind="complaint", category=category(), urgency="normal")
    understand()
    forget_training_set()
    assert training_set().past == []


def test_what_waits_is_suggested_anew_with_what_was_decided_since(house, understand):
    waiting = submit(house.li_na, NO_WATER).case
    understand()
    assert values(waiting, Field.LEAD_UNIT) == []
    dispatched(house, submit(house.wang_fang, HOT_WATER).case)
    understand()
    assert suggestions.suggest_anew() == 1
    assert values(waiting, Field.LEAD_UNIT) == [str(house.logistics.pk)]


def test_with_the_model_meaning_counts(house):
    if not embeddings.available():
        pytest.skip("the extra `semantic` is not installed")
    case = submit(house.li_na, "灶上端来的都是冷菜冷饭，咽不下去。").case
    case_embeddings.understand()
    names = {str(category(code).pk) for code in ("canteen-1", "canteen-2", "canteen-3")}
    assert names.intersection(values(case, Field.CATEGORY)[:2])


# What was taken


def test_what_was_suggested_and_taken_is_kept_with_the_acceptance(house, understand):
    case = submit(house.li_na, CANTEEN).case
    understand()
    offered = values(case, Field.CATEGORY)
    dispatched_to = house.logistics
    triage.accept_case(
        actor=house.dispatcher,
        case_id=case.pk,
        kind="help",
        category=type(category()).objects.get(pk=offered[1]),
        urgency=Urgency.URGENT,
    )
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=dispatched_to)
    assert taken() == {Field.CATEGORY: (offered[1], 2), Field.URGENCY: ("urgent", None)}
    rates = {rate.field: (rate.suggested, rate.first, rate.top) for rate in hit_rates()}
    assert rates == {Field.CATEGORY: (1, 0, 1), Field.URGENCY: (1, 0, 0)}


def test_accepting_needs_no_suggestion(house):
    case = submit(house.li_na).case
    in_progress(house, case)
    assert taken() == {}


def test_a_case_accepted_again_counts_once(house, understand):
    first, second = submit(house.wang_fang, CANTEEN).case, submit(house.li_na, CANTEEN).case
    understand()
    for _time in range(2):
        triage.accept_case(
            actor=house.dispatcher, case_id=second.pk, kind="help", category=category(), urgency="normal"
        )
        triage.merge_case(actor=house.dispatcher, case_id=second.pk, primary_id=first.pk)
        perform("unmerge", actor=house.dispatcher, case_id=second.pk)
    assert Suggestion.objects.filter(field=Field.CATEGORY).count() == 1


# Similar cases


def test_two_cases_alike_are_shown_beside_each_other(house, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.wang_fang, NO_WATER).case
    submit(house.wang_fang, CANTEEN)
    understand()
    assert [row.case for row in similar_to(one, house.dispatcher)] == [other]
    assert [row.case for row in similar_to(other, house.dispatcher)] == [one]
    assert not similar_to(one, house.dispatcher)[0].same_person


def test_nobody_is_shown_a_case_they_may_not_see(house, understand):
    one = submit(house.li_na, HOT_WATER).case
    named = submit(house.wang_fang, NO_WATER, about="赵敏").case
    elsewhere = submit(house.wang_fang, HOT_WATER, place=house.outsider.unit).case
    sealed = submit(house.wang_fang, HOT_WATER, kind=CaseKind.CONDUCT).case
    understand()
    assert similar_to(one, house.dispatcher) == []
    assert {row.case for row in similar_to(one, house.head_dispatcher)} == {named, elsewhere}
    assert not SimilarCase.objects.filter(other=sealed).exists()
    triage.seal_case(actor=house.head_dispatcher, case_id=named.pk, text="涉及作风问题")
    assert [row.case for row in similar_to(one, house.head_dispatcher)] == [elsewhere]
    assert merge_candidates(viewer=house.head_dispatcher, case=one) == [elsewhere]


def test_not_the_same_is_remembered(house, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.wang_fang, NO_WATER).case
    understand()
    judge_alike(actor=house.dispatcher, case_id=one.pk, other_id=other.pk, verdict=Verdict.APART)
    suggestions.keep_pairs({suggestions._pair(one.pk, other.pk): (0.9, False)}, frozenset([one.pk, other.pk]))
    assert similar_to(one, house.dispatcher) == similar_to(other, house.dispatcher) == []
    event = Event.objects.get(action="apart")
    assert (event.subject_id, event.internal, event.actor) == (str(one.pk), True, house.dispatcher)


def test_linked_cases_stand_first(house, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.wang_fang, NO_WATER).case
    submit(house.co_handler, HOT_WATER)
    understand()
    judge_alike(actor=house.dispatcher, case_id=one.pk, other_id=other.pk, verdict=Verdict.LINKED)
    assert [(row.case == other, row.linked) for row in similar_to(one, house.dispatcher)] == [
        (True, True),
        (False, False),
    ]


def test_only_the_dispatcher_decides_of_two_cases(house, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.wang_fang, NO_WATER).case
    understand()
    with pytest.raises(PermissionDenied):
        judge_alike(actor=house.supervisor, case_id=one.pk, other_id=other.pk, verdict=Verdict.APART)
    with pytest.raises(NotFound):
        judge_alike(actor=house.outsider, case_id=one.pk, other_id=other.pk, verdict=Verdict.APART)
    with pytest.raises(NotFound):
        judge_alike(
            actor=house.dispatcher,
            case_id=one.pk,
            other_id=submit(house.wang_fang, CANTEEN).case.pk,
            verdict=Verdict.APART,
        )


# The same person's same text


@pytest.mark.parametrize("identity", [Identity.NAMED, Identity.CONFIDENTIAL])
def test_the_same_persons_same_text_is_offered_for_merging(house, understand, identity):
    one = submit(house.li_na, HOT_WATER, identity=identity).case
    other = submit(house.li_na, f"{HOT_WATER}谢谢！", identity=identity).case
    understand()
    (row,) = similar_to(other, house.dispatcher)
    assert (row.case, row.same_person) == (one, True)
    assert raised_already(viewer=house.li_na, case=other) == one


def test_of_different_people_and_ways_of_raising_nobody_learns_who_is_who(house, understand):
    submit(house.li_na, HOT_WATER)
    submit(house.li_na, HOT_WATER, identity=Identity.CONFIDENTIAL)
    submit(house.wang_fang, HOT_WATER)
    submit(None, HOT_WATER)
    submit(None, HOT_WATER)
    understand()
    assert SimilarCase.objects.exists()
    assert not SimilarCase.objects.filter(same_person=True).exists()


def test_nothing_is_merged_by_itself(house, understand):
    one, other = submit(house.li_na, HOT_WATER).case, submit(house.li_na, HOT_WATER).case
    understand()
    for case in (one, other):
        case.refresh_from_db()
    assert (one.state, other.state) == ("submitted", "submitted")
    assert CaseMeaning.objects.count() == 2


def test_a_requester_is_told_of_their_own_cases_only(house):
    one = submit(house.li_na, HOT_WATER).case
    theirs = submit(house.wang_fang, HOT_WATER).case
    assert raised_already(viewer=house.wang_fang, case=theirs) is None
    assert raised_already(viewer=house.wang_fang, case=one) is None
    assert raised_already(viewer=house.dispatcher, case=one) is None
