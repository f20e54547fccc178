"""An alert goes to the people who can act, once, and to nobody whom it must not reach."""

import threading

import pytest
from django.db import connection, transaction

from lianxin.alerts.models import Alert, AlertCase
from lianxin.alerts.queries import inbox as queries
from lianxin.alerts.services import handling
from lianxin.alerts.services.creation import escalate, notify_newcomers
from lianxin.alerts.services.scanning import scan
from lianxin.cases.models import CaseSubject
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services import triage
from lianxin.hotissues.models import Follow, Issue, Membership
from lianxin.hotissues.services import moderation
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from lianxin.org.enums import Role
from lianxin.org.models import Person
from tests.alerts.stories import CRISIS, colleagues, looked, one_matter, raised, read, rows_of, warned
from tests.cases.stories import day
from tests.factories.cases import dispatched, found_enterprise
from tests.factories.org import PersonFactory


def anew(person):
    """The person as they are now, with their roles read anew."""
    return Person.objects.get(pk=person.pk)


def sees(person, alert):
    return queries.standing_of_alerts(anew(person), [str(alert.pk)]) != {}


def matter_of_five(house, *more):
    people = [*more, *colleagues(house, 5 - len(more))]
    return one_matter([raised(person) for person in people])


def test_it_goes_to_the_nearest_who_can_act_and_to_followers(house):
    issue = matter_of_five(house)
    branch_secretary = PersonFactory(unit=house.company, roles={Role.BRANCH_SECRETARY: house.company})
    Follow.objects.create(issue=issue, person=branch_secretary)
    Follow.objects.create(issue=issue, person=house.co_handler)
    (alert,) = looked()
    told = {row.person for row in alert.recipients.all()}
    assert told == {house.dispatcher, house.supervisor, branch_secretary, house.co_handler}
    assert all(warned(person) == ["people"] for person in told)
    notice = Notice.objects.get(kind="people", recipient=house.dispatcher)
    assert (notice.label, notice.at) == ("", day(0, 10)), "no name of a matter leaves the house"
    assert warned(house.head_dispatcher) == []
    assert sees(house.head_dispatcher, alert), "whoever stands above finds it"
    for stranger in (house.outsider, house.li_na, house.handler, house.inspector, house.system_admin):
        assert not sees(stranger, alert)


def test_a_follower_whose_units_hold_only_a_part_is_not_told(house):
    others = colleagues(house, 3, unit=house.logistics)
    issue = one_matter([raised(person) for person in (house.li_na, house.wang_fang, *others)])
    Follow.objects.create(issue=issue, person=house.co_handler)
    (alert,) = looked()
    assert alert.unit == house.company
    assert warned(house.co_handler) == []
    assert not sees(house.co_handler, alert)


def test_a_requester_by_name_who_is_the_dispatcher_is_passed_over(house):
    people = colleagues(house, 4)
    cases = [raised(person) for person in people]
    cases.append(raised(house.dispatcher, place=house.workshop))
    one_matter(cases)
    (alert,) = looked()
    assert warned(house.dispatcher) == []
    assert warned(house.head_dispatcher) == ["people"], "it goes one level up"
    assert not sees(house.dispatcher, alert)
    with pytest.raises(NotFound):
        queries.alert_for(viewer=anew(house.dispatcher), alert_id=alert.pk)


def test_whom_a_warning_reaches_does_not_tell_who_raised_a_case_confidentially(house):
    told = set()
    for requester in (house.li_na, house.dispatcher, house.supervisor, house.unit_leader):
        with transaction.atomic():
            cases = [raised(person) for person in colleagues(house, 4)]
            cases.append(raised(requester, place=house.workshop, identity="confidential"))
            one_matter(cases)
            (alert,) = looked()
            told.add(frozenset(alert.recipients.values_list("person", flat=True)))
            if requester == house.dispatcher:
                assert sees(house.dispatcher, alert)
                with pytest.raises(PermissionDenied, match=r"You submitted this case|是您提交的"):
                    handling.acknowledge(actor=anew(house.dispatcher), alert_id=alert.pk)
            transaction.set_rollback(True)
    assert len(told) == 1


@pytest.mark.parametrize("about", ["person", "unit"])
def test_whoever_a_case_is_about_is_passed_over(house, about):
    issue = matter_of_five(house)
    case = Membership.objects.filter(issue=issue).first().case
    given = {"person": house.supervisor} if about == "person" else {"unit": house.company}
    CaseSubject.objects.create(case=case, **given)
    (alert,) = looked()
    assert warned(house.supervisor) == []
    assert warned(house.head_supervisor) == ["people"]
    assert not sees(house.supervisor, alert)
    assert (warned(house.dispatcher) == []) is (about == "unit")


def test_whoever_turns_out_to_be_named_loses_the_notice(house):
    issue = matter_of_five(house)
    (alert,) = looked()
    case = Membership.objects.filter(issue=issue).first().case
    with timezone.frozen(day(0, 11)):
        triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.supervisor], units=[])
    assert warned(house.supervisor) == []
    assert warned(house.dispatcher) == ["people"]
    assert not sees(house.supervisor, alert)


def test_danger_goes_to_the_desk_and_to_the_handler_once_it_is_dispatched(house):
    case = raised(house.li_na, body=CRISIS)
    read()
    alert = Alert.objects.get()
    assert (warned(house.dispatcher), warned(house.handler), warned(house.supervisor)) == (["danger"], [], [])
    assert Notice.objects.get(kind="danger").label == case.number
    with timezone.frozen(day(0, 10)):
        dispatched(house, case)
        notify_newcomers()
        notify_newcomers()
    assert (warned(house.handler), warned(house.dispatcher)) == (["danger"], ["danger"])
    assert sees(house.handler, alert)
    assert not sees(house.li_na, alert)


def test_danger_that_nobody_takes_up_is_left_to_its_case_which_goes_up_itself(house):
    raised(house.li_na, body=CRISIS)
    with timezone.frozen(day(0, 9, 50)):
        read()
    for hour in (11, 12, 15):
        with timezone.frozen(day(0, hour)):
            escalate()
        assert warned(house.supervisor) == []  # the case itself escalates
    assert warned(house.dispatcher) == ["danger"]


def test_what_is_taken_up_goes_no_further(house):
    matter_of_five(house)
    (alert,) = looked()
    with timezone.frozen(day(1)):
        handling.acknowledge(actor=house.dispatcher, alert_id=alert.pk)
    with timezone.frozen(day(9)):
        assert escalate() == 0
    assert warned(house.head_supervisor) == []


def test_other_warnings_wait_three_working_days(house):
    matter_of_five(house)
    looked()
    for n, risen in ((2, 0), (3, 1), (4, 0)):
        with timezone.frozen(day(n, 18)):
            assert escalate() == risen
    assert warned(house.head_dispatcher) == warned(house.head_supervisor) == ["waits"]


def test_a_sealed_case_takes_its_warnings_along(house):
    case = raised(house.li_na, body=CRISIS)
    issue = one_matter([case, *(raised(person) for person in colleagues(house, 5))])
    read()
    looked()
    assert Alert.objects.count() == 2
    with timezone.frozen(day(0, 11)):
        triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="关于作风")
    (alert,) = Alert.objects.all()
    assert (alert.issue, alert.cases) == (issue, 5)
    assert case.pk not in rows_of(alert)
    assert not Notice.objects.filter(kind="danger").exists()
    read()
    assert looked(0, 12) == []


def test_a_withdrawn_case_leaves_the_rows(house):
    people = colleagues(house, 6)
    cases = [raised(person) for person in people]
    one_matter(cases)
    (alert,) = looked()
    with timezone.frozen(day(0, 11)):
        requester_services.withdraw_case(actor=people[0], case_id=cases[0].pk)
    page = queries.alert_for(viewer=house.dispatcher, alert_id=alert.pk)
    assert {case.pk for case in page.cases} == {case.pk for case in cases[1:]}


def test_warnings_follow_a_merge_to_the_survivor(house):
    first = matter_of_five(house)
    more = [PersonFactory(unit=house.workshop) for _ in range(5)]
    second = one_matter([raised(person) for person in more])
    mine, theirs = sorted(looked(), key=lambda alert: alert.issue_id)
    with timezone.frozen(day(0, 11)):
        handling.acknowledge(actor=house.supervisor, alert_id=theirs.pk)
        moderation.merge(actor=house.dispatcher, issue_id=first.pk, other_id=second.pk, expected=1, reason="同一件事")
    (kept,) = Alert.objects.all()
    assert (kept.pk, kept.issue, kept.state) == (theirs.pk, first, "taken"), "the one that somebody took up"
    assert AlertCase.objects.count() == 10
    assert Notice.objects.filter(subject_id=str(mine.pk)).count() == 0
    assert looked(0, 12) == []


def test_a_confidential_name_is_nowhere(house):
    people = colleagues(house, 5)
    one_matter([raised(person, identity="confidential") for person in people])
    (alert,) = looked()
    page = queries.alert_for(viewer=house.dispatcher, alert_id=alert.pk)
    text = f"{page.line} {page.parts} {page.history}"
    assert not any(person.name in text for person in people)


@pytest.mark.django_db(transaction=True)
def test_two_who_look_at_once_raise_one_warning():
    with timezone.frozen(day(0)):
        house = found_enterprise()
    one_matter([raised(person) for person in colleagues(house, 5)])
    Issue.objects.update(confirmed=True)
    errors = []

    def look():
        try:
            with timezone.frozen(day(0, 10)):
                scan()
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Alert.objects.filter(rule="people").count() == 1
    assert warned(house.dispatcher) == ["people"]


def test_of_an_anonymous_case_only_the_hour_is_kept(house):
    with timezone.frozen(day(0, 9, 43)):
        raised(None, day(0, 9, 42), body=CRISIS, place=house.workshop)
        read()
    alert = Alert.objects.get()
    (event,) = events_of("hotissues.warning", alert.pk)
    notice = Notice.objects.get(kind="danger", recipient=house.dispatcher)
    assert alert.raised_at == event.at == notice.at == day(0, 9)
    assert event.data == {"rule": "danger"}
