"""Each rule finds what it says, at its bounds, and once."""

import pytest

from lianxin.alerts.models import Alert, AlertRule
from lianxin.cases.services import requester, triage
from lianxin.hotissues.services.reclustering import regroup
from lianxin.kernel import timezone
from lianxin.org.models import Person
from tests.alerts.stories import (
    CRISIS,
    belong,
    colleagues,
    kinds,
    looked,
    one_matter,
    raised,
    read,
    rows_of,
)
from tests.cases.stories import day
from tests.factories.cases import category, rated, submit
from tests.hotissues.stories import HOT_WATER, grouped


def only(kind):
    """No other rule disturbs the story."""
    AlertRule.objects.exclude(kind=kind).update(enabled=False)


# Many people


def test_five_people_within_seven_days(house):
    only("people")
    *four, fifth = colleagues(house, 5)
    cases = [raised(person, n) for n, person in enumerate(four)]
    issue = one_matter(cases)
    assert looked(4) == []
    cases.append(raised(fifth, 4))
    belong(issue, cases[-1:])
    (alert,) = looked(4)
    assert (alert.rule_id, alert.issue, alert.unit) == ("people", issue, house.workshop)
    assert (alert.cases, alert.fewest, alert.days) == (5, 5, 7)
    assert rows_of(alert) == {case.pk for case in cases}
    assert alert.raised_at == day(4, 10), "to the hour"


def test_the_first_of_five_is_eight_days_ago(house):
    only("people")
    people = colleagues(house, 5)
    one_matter([raised(people[0], 0), *(raised(person, 5) for person in people[1:])])
    assert looked(8) == []


def test_one_person_with_fifty_cases_is_one_person(house):
    only("people")
    cases = [raised(house.li_na, n // 10, identity=("named", "confidential")[n % 2]) for n in range(50)]
    one_matter(cases)
    assert looked(5) == []


def test_each_anonymous_case_counts_as_one(house):
    only("people")
    one_matter([raised(None) for _ in range(5)])
    assert kinds(looked()) == ["people"]


@pytest.mark.parametrize("taken_out", ["withdrawn", "sealed", "unsure"])
def test_what_does_not_count(house, taken_out):
    only("people")
    people = colleagues(house, 5)
    cases = [raised(person) for person in people]
    one_matter(cases, sure=taken_out != "unsure")
    with timezone.frozen(day(0, 10)):
        if taken_out == "withdrawn":
            requester.withdraw_case(actor=people[0], case_id=cases[0].pk)
        elif taken_out == "sealed":
            triage.seal_case(actor=house.dispatcher, case_id=cases[0].pk, text="关于作风")
    assert looked(0, 11) == []


def test_a_rule_that_is_off_finds_nothing_and_one_that_is_set_finds_by_its_numbers(house):
    only("people")
    one_matter([raised(person) for person in colleagues(house, 3)])
    AlertRule.objects.filter(kind="people").update(fewest=3, enabled=False)
    assert looked() == []
    AlertRule.objects.filter(kind="people").update(enabled=True)
    assert kinds(looked()) == ["people"]


def test_it_is_raised_once_and_again_only_by_new_cases(house):
    only("people")
    people = colleagues(house, 10)
    issue = one_matter([raised(person) for person in people[:5]])
    (first,) = looked()
    assert looked(0, 11) == []
    Alert.objects.update(state="dismissed", note="已在处理", settled_at=day(1), settled_by=house.dispatcher)
    assert looked(2) == [], "settled, and nothing new"
    belong(issue, [raised(person, 2) for person in people[5:9]])
    assert looked(2) == [], "four new ones"
    belong(issue, [raised(people[9], 2)])
    (second,) = looked(2)
    assert rows_of(first).isdisjoint(rows_of(second))
    assert second.cases == 5


def test_regrouping_between_two_looks_warns_of_nothing_twice(house):
    AlertRule.objects.filter(kind="people").update(fewest=3)
    only("people")
    issue, _water, _canteen = grouped(house)
    for text, person in zip(HOT_WATER, colleagues(house, 4), strict=True):
        submit(person, text)
    read()
    alert = Alert.objects.get()
    assert alert.issue == issue, "raised as soon as they were read"
    regroup()
    assert looked(0) == []
    with timezone.frozen(day(0, 11)):
        regroup()
    assert looked(0, 12) == []


# Growth


def steady(house, people, weeks=14, each=1):
    """A matter that somebody raises every week, up to that Tuesday."""
    return [raised(people[n % len(people)], -7 * n - 1) for n in range(weeks * each)]


def test_a_matter_grows_against_its_own_past(house):
    only("growth")
    people = colleagues(house, 8)
    issue = one_matter(steady(house, people))
    assert looked() == [], "one a week, as always"
    belong(issue, [raised(person) for person in people[:5]])
    assert looked(0, 11) == [], "seven in two weeks may be chance"
    belong(issue, [raised(people[5])])
    (alert,) = looked(0, 12)
    assert (alert.cases, alert.past, alert.days, alert.before_days) == (8, 11, 14, 78)
    assert alert.expected == pytest.approx(11.5 * 14 / 78)
    assert alert.probability < 0.01


def test_growth_takes_several_people(house):
    only("growth")
    issue = one_matter(steady(house, colleagues(house, 1)))
    belong(issue, [raised(house.li_na, -n // 5) for n in range(20)])
    assert looked() == [], "two people, twenty-two cases"


def test_without_a_past_there_is_no_growth(house):
    only("growth")
    people = colleagues(house, 8)
    one_matter([raised(person) for person in people])
    assert looked() == [], "of the system"
    raised(house.li_na, -90)
    assert looked(0, 11) == [], "of the matter"


# Hazards


def test_two_hazards_in_one_matter(house):
    only("hazard")
    issue = one_matter([raised(house.li_na, -40, kind="hazard"), raised(house.wang_fang)])
    assert looked() == []
    belong(issue, [raised(house.wang_fang, body="变压器旁边的护栏松了，有安全隐患。")])
    read()
    alert = Alert.objects.get()
    assert (alert.issue, alert.cases) == (issue, 2), "an open one however old, and one by its words"
    assert looked() == []


def test_two_hazards_at_one_place_in_one_category(house):
    only("hazard")
    here = [raised(house.li_na, kind="hazard"), raised(house.wang_fang, kind="hazard")]
    there = raised(house.handler, kind="hazard")
    with timezone.frozen(day(0)):
        for case in (*here, there):
            triage.accept_case(
                actor=house.dispatcher, case_id=case.pk, kind="hazard", category=category("safety-1"), urgency="urgent"
            )
    (alert,) = looked()
    assert (alert.issue, alert.unit, alert.category.code) == (None, house.workshop, "safety-1")
    assert rows_of(alert) == {case.pk for case in here}
    assert looked(0, 11) == []


def test_a_hazard_in_a_matter_is_not_told_again_for_its_place(house):
    only("hazard")
    cases = [raised(house.li_na, kind="hazard"), raised(house.wang_fang, kind="hazard")]
    with timezone.frozen(day(0)):
        for case in cases:
            triage.accept_case(
                actor=house.dispatcher, case_id=case.pk, kind="hazard", category=category("safety-1"), urgency="urgent"
            )
    issue = one_matter(cases)
    assert [alert.issue for alert in looked()] == [issue]


# Coming back


def ended(house, people, at=0):
    cases = []
    for person in people:
        case = raised(person, at)
        with timezone.frozen(day(at, 15)):
            rated(house, case)
        cases.append(case)
    return cases


def test_a_closed_matter_comes_back(house):
    only("returned")
    *three, fourth = colleagues(house, 4)
    issue = one_matter(ended(house, three))
    assert looked(1) == []
    again = raised(fourth, 4)
    belong(issue, [again])
    (alert,) = looked(4)
    assert (alert.cases, alert.past, alert.days) == (1, 3, 3)
    assert looked(5) == []


@pytest.mark.parametrize("why", ["too soon", "one is open", "too late", "only two"])
def test_what_was_never_over_or_long_ago_does_not_come_back(house, why):
    only("returned")
    *three, fourth = colleagues(house, 4)
    cases = ended(house, three[:2] if why == "only two" else three)
    if why == "one is open":
        cases.append(raised(house.li_na))
    issue = one_matter(cases)
    at = {"too soon": 2, "too late": 62}.get(why, 9)
    belong(issue, [raised(fourth, at)])
    assert looked(at) == []


# Danger


def test_words_of_a_crisis_warn_as_soon_as_they_are_read(house):
    case = raised(house.li_na, body=CRISIS)
    read()
    alert = Alert.objects.get()
    assert (alert.rule_id, alert.case, alert.danger, rows_of(alert)) == ("danger", case, "crisis", {case.pk})
    read()
    assert looked() == []


def test_calm_words_and_ended_cases_warn_of_nothing(house):
    raised(house.li_na)
    late = raised(house.wang_fang, body=CRISIS)
    with timezone.frozen(day(0, 10)):
        requester.withdraw_case(actor=house.wang_fang, case_id=late.pk)
        read()
    assert Alert.objects.count() == 0


def test_an_old_case_that_is_read_again_is_no_news(house):
    raised(house.li_na, -31, body=CRISIS)
    read()
    assert Alert.objects.count() == 0


def test_a_sealed_case_is_never_looked_at(house):
    raised(house.li_na, body=CRISIS, kind="conduct")
    read()
    assert looked() == []


# Dissatisfaction


def ratings(house, people, satisfaction, at):
    for person in people:
        case = raised(person, at)
        with timezone.frozen(day(at, 15)):
            rated(house, case, "yes" if satisfaction > 2 else "no", satisfaction)


def test_a_unit_departs_from_its_own_normal(house):
    only("dissatisfied")
    people = colleagues(house, 8)
    for month in range(5):
        ratings(house, people[:4], 5, -60 - 20 * month)
    ratings(house, people[:3], 5, -1)
    ratings(house, people[3:5], 1, -1)
    assert looked() == [], "two dissatisfied are too few to tell"
    ratings(house, people[5:6], 2, -1)
    (alert,) = looked(0, 11)
    assert (alert.unit, alert.issue) == (house.logistics, None), "the lowest unit, not the company above it"
    assert (alert.cases, alert.of, alert.past, alert.past_of) == (3, 6, 0, 20)
    assert alert.probability < 0.01
    assert len(rows_of(alert)) == 3
    assert looked(0, 12) == []


def test_without_a_past_nothing_departs(house):
    only("dissatisfied")
    ratings(house, colleagues(house, 5), 1, -1)
    assert looked() == []


def test_one_person_alone_does_not_make_a_unit_depart(house):
    only("dissatisfied")
    people = colleagues(house, 4)
    for month in range(5):
        ratings(house, people, 5, -60 - 20 * month)
    ratings(house, people[:2], 5, -1)
    ratings(house, [house.li_na] * 4, 1, -1)
    assert looked() == []


def test_no_table_of_alerts_knows_a_requester(house):
    """Whoever stands in these tables acts: answers for a rule, was told, took up, settled."""
    from django.apps import apps  # noqa: PLC0415

    names = ("alertrule", "alert", "alertcase", "alertrecipient", "peril")
    found = {
        (name, field.name)
        for name in names
        for field in apps.get_model("alerts", name)._meta.get_fields()
        if field.concrete and field.related_model is Person
    }
    assert found == {
        ("alertrule", "owner"),
        ("alert", "taken_by"),
        ("alert", "settled_by"),
        ("alertrecipient", "person"),
    }
    one_matter([raised(person) for person in colleagues(house, 5)])
    looked()
    assert {row.person for row in Alert.objects.get().recipients.all()} == {house.dispatcher, house.supervisor}
