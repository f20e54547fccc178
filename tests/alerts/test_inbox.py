"""The inbox of alerts: what stands where, in as many statements for many as for one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lianxin.alerts.models import Alert
from lianxin.alerts.queries import inbox as queries
from lianxin.alerts.queries.counts import waiting_count
from lianxin.alerts.queries.reasons import chance, reason
from lianxin.alerts.services import handling
from lianxin.cases.models import CaseSubject
from lianxin.org.models import Person
from tests.alerts.stories import CRISIS, colleagues, looked, one_matter, raised, read
from tests.factories.org import PersonFactory

in_english = translation.override("en")


def anew(person):
    return Person.objects.get(pk=person.pk)


def waiting_for(person):
    """What the navigation says."""
    return waiting_count(viewer=person)


def inbox(person, group="waiting"):
    viewer = anew(person)
    return queries.lines_of(viewer=viewer, alerts=queries.alerts_for(viewer=viewer, group=group))


def test_danger_stands_first_and_each_group_holds_its_own(house):
    issue = one_matter([raised(person) for person in colleagues(house, 5)])
    case = raised(house.li_na, body=CRISIS)
    read()
    looked()
    danger, people = inbox(house.dispatcher)
    assert (danger.kind, danger.case, danger.title, danger.where) == ("danger", case, case.number, "检修车间")
    assert (people.kind, people.issue, people.title, people.where) == ("people", issue, "三号楼热水", "检修车间")
    assert danger.is_pressing
    assert danger.may_act
    assert waiting_for(house.dispatcher) == 2
    handling.acknowledge(actor=house.dispatcher, alert_id=people.alert.pk)
    assert [line.kind for line in inbox(house.dispatcher)] == ["danger"]
    assert [line.kind for line in inbox(house.dispatcher, "in_hand")] == ["people"]
    assert [line.kind for line in inbox(house.dispatcher, "mine")] == ["danger", "people"]
    assert [line.kind for line in inbox(house.supervisor, "mine")] == [], "somebody else follows the other up"
    handling.act(actor=house.dispatcher, alert_id=people.alert.pk, text="已处理")
    assert [line.kind for line in inbox(house.dispatcher, "settled")] == ["people"]
    assert waiting_for(house.head_dispatcher) == 0, "it waits for whoever was told"
    assert [line.kind for line in inbox(house.head_dispatcher)] == ["danger"], "but is there to be found"


def test_the_number_in_the_navigation_is_that_of_the_list_it_leads_to(house):
    """Whatever was told to whom, taken up by whom or settled."""
    one_matter([raised(person) for person in colleagues(house, 5)])
    raised(house.li_na, body=CRISIS)
    read()
    looked()
    people = (house.dispatcher, house.head_dispatcher, house.supervisor, house.head_supervisor, house.co_handler)

    def numbers():
        return [waiting_for(anew(person)) for person in people]

    def listed():
        return [len(inbox(person, "mine")) for person in people]

    assert numbers() == listed() == [2, 0, 1, 0, 0]
    alert = Alert.objects.get(rule="people")
    handling.acknowledge(actor=house.supervisor, alert_id=alert.pk)
    assert numbers() == listed() == [1, 0, 1, 0, 0]
    handling.act(actor=house.head_supervisor, alert_id=alert.pk, text="已处理")
    assert numbers() == listed() == [1, 0, 0, 0, 0]


def test_others_have_an_empty_inbox(house):
    one_matter([raised(person) for person in colleagues(house, 5)])
    looked()
    for person in (house.li_na, house.handler, house.outsider, house.system_admin, house.audit_admin, house.inspector):
        assert not any(inbox(person, group) for group in queries.GROUPS)


def test_rows_are_those_one_may_open_and_few_hidden_ones_are_not_told(house):
    cases = [raised(person) for person in colleagues(house, 7)]
    one_matter(cases)
    (alert,) = looked()
    PersonFactory(unit=house.company)
    page = queries.alert_for(viewer=house.dispatcher, alert_id=alert.pk)
    assert (set(page.cases), page.more) == (set(cases), 0)
    leader = PersonFactory(unit=house.company, roles={"unit_leader": house.company})
    page = queries.alert_for(viewer=leader, alert_id=alert.pk)
    assert (list(page.cases), page.more) == ([], 7), "a leader opens what their units lead"
    assert page.line.may_act


def test_an_issue_that_does_not_exist_for_the_viewer_has_no_name(house):
    one_matter([raised(house.li_na, kind="hazard"), raised(house.wang_fang, kind="hazard")])
    looked()
    (line,) = inbox(house.dispatcher)
    assert line.issue is None
    assert "三号楼热水" not in line.title
    assert line.where == "检修车间"


def test_the_whole_warning_is_hidden_from_whom_one_row_names(house):
    cases = [raised(person) for person in colleagues(house, 5)]
    one_matter(cases)
    looked()
    CaseSubject.objects.create(case=cases[0], unit=house.company)
    assert inbox(house.dispatcher) == inbox(house.supervisor) == []
    assert waiting_for(anew(house.dispatcher)) == 0


@pytest.mark.parametrize("group", ["mine", "waiting"])
def test_as_many_statements_for_many_as_for_one(house, group):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            inbox(house.dispatcher, group)
        return len(captured)

    people = colleagues(house, 5)
    one_matter([raised(person) for person in people])
    raised(people[0], body=CRISIS)
    read()
    looked()
    few = statements()
    for n in range(4):
        one_matter([raised(PersonFactory(unit=house.workshop), n % 2) for _ in range(5)])
        raised(people[n], body=CRISIS)
    read()
    looked(1)
    assert Alert.objects.count() == 10
    assert statements() == few


@in_english
def test_reasons_read_as_sentences():
    def said(rule, **numbers):
        return reason(Alert(rule_id=rule, **numbers))

    assert said("danger", danger="crisis", cases=1).startswith("Someone may be thinking of self-harm")
    assert said("people", fewest=5, days=7, cases=6) == "At least 5 different people within 7 days: 6 cases."
    assert said("hazard", days=30, cases=2) == "2 hazard cases, open or submitted within 30 days."
    growth = {"cases": 8, "past": 11, "days": 14, "before_days": 84, "expected": 1.92, "probability": 0.0031}
    assert said("growth", **growth) == (
        "8 cases within 14 days; based on the previous 84 days, 1.9 were expected "
        "(probability of this many by chance: 0.31%)."
    )
    assert said("returned", cases=1, past=4, days=12) == (
        "All 4 cases had been closed, the last one 12 days before; now there is 1 new case."
    )
    ratings = {"cases": 3, "of": 6, "past": 0, "past_of": 20, "days": 30, "before_days": 365}
    assert said("dissatisfied", **ratings, expected=0.14, probability=0.00001) == (
        "3 of 6 first ratings within 30 days were dissatisfied or “not solved”; based on the previous 365 days "
        "(0 of 20), 0.1 were expected (probability by chance: below 0.01%)."
    )
    assert chance(0.0312) == "3.1%"
