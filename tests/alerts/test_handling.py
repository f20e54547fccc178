"""An alert is taken up, acted on or dismissed, once, with who, when and why; and never further than that."""

import pytest
from django.db import IntegrityError, transaction

from lianxin.alerts.models import Alert
from lianxin.alerts.queries import inbox as queries
from lianxin.alerts.services import handling
from lianxin.hotissues.models import Follow
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed, VersionConflict
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from lianxin.org.models import RoleGrant
from tests.alerts.stories import CRISIS, colleagues, looked, one_matter, raised, read
from tests.cases.stories import day
from tests.factories.org import PersonFactory
from tests.kit import assert_no_n_plus_one

MIGRATION = "lianxin.hotissues.migrations.0002_early_warning"


@pytest.fixture
def alert(house):
    one_matter([raised(person) for person in colleagues(house, 5)])
    (found,) = looked()
    return found


def test_the_dispatcher_takes_it_up_and_says_what_was_done(house, alert):
    with timezone.frozen(day(0, 11)):
        handling.acknowledge(actor=house.dispatcher, alert_id=alert.pk, expected=1)
    with timezone.frozen(day(1)):
        done = handling.act(actor=house.dispatcher, alert_id=alert.pk, text=" 已联系锅炉房 ", expected=2)
    assert (done.state, done.note, done.taken_by, done.settled_by) == (
        "acted",
        "已联系锅炉房",
        house.dispatcher,
        house.dispatcher,
    )
    assert (done.taken_at, done.settled_at) == (day(0, 11), day(1))
    events = events_of("hotissues.warning", alert.pk)
    assert [(event.action, event.actor, event.from_state, event.to_state) for event in events] == [
        ("raise", None, "new", "new"),
        ("acknowledge", house.dispatcher, "new", "taken"),
        ("act", house.dispatcher, "taken", "acted"),
    ]
    assert "锅炉房" not in str([event.data for event in events]), "what somebody wrote is not on the record"
    assert Notice.objects.get(kind="people", recipient=house.dispatcher).read_at
    assert not Notice.objects.get(kind="people", recipient=house.supervisor).read_at


def test_it_is_dismissed_with_a_reason(house, alert):
    with pytest.raises(ValidationFailed) as refused:
        handling.dismiss(actor=house.supervisor, alert_id=alert.pk, text=" ", false_alarm=True)
    assert set(refused.value.fields) == {"text"}
    done = handling.dismiss(actor=house.supervisor, alert_id=alert.pk, text="停水通知，人人转发", false_alarm=True)
    assert (done.state, done.false_alarm, done.settled_by) == ("dismissed", True, house.supervisor)


def test_two_people_at_once(house, alert):
    handling.acknowledge(actor=house.dispatcher, alert_id=alert.pk, expected=1)
    with pytest.raises(VersionConflict) as told:
        handling.act(actor=house.supervisor, alert_id=alert.pk, text="已处理", expected=1)
    assert [event.action for event in told.value.changes] == ["acknowledge"]
    handling.act(actor=house.supervisor, alert_id=alert.pk, text="已处理", expected=2)
    with pytest.raises(VersionConflict):
        handling.dismiss(actor=house.dispatcher, alert_id=alert.pk, text="误报", false_alarm=True)


def test_who_may(house, alert):
    Follow.objects.create(issue=alert.issue, person=house.co_handler)
    with pytest.raises(PermissionDenied):
        handling.acknowledge(actor=house.co_handler, alert_id=alert.pk)
    for stranger in (house.outsider, house.li_na, house.handler, house.inspector, house.system_admin):
        with pytest.raises(NotFound):
            handling.acknowledge(actor=stranger, alert_id=alert.pk)
    assert handling.acknowledge(actor=house.head_supervisor, alert_id=alert.pk).state == "taken"


def another(house):
    """Another warning about five people of the workshop."""
    one_matter([raised(PersonFactory(unit=house.workshop)) for _ in range(5)])
    (found,) = looked()
    return found


def test_what_somebody_had_in_hand_comes_back_when_they_answer_for_it_no_longer(house, alert):
    other = another(house)
    handling.acknowledge(actor=house.dispatcher, alert_id=alert.pk)
    handling.acknowledge(actor=house.supervisor, alert_id=other.pk)
    handling.release_of(house.dispatcher.pk)
    assert Alert.objects.get(pk=alert.pk).taken_by == house.dispatcher, "they answer for it as before"
    RoleGrant.objects.filter(person=house.dispatcher).update(ended_on=day(-1).date())
    handling.release_of(house.dispatcher.pk)
    alert.refresh_from_db()
    assert (alert.state, alert.taken_by, alert.escalates_at) == ("new", None, timezone.this_hour())
    assert Alert.objects.get(pk=other.pk).taken_by == house.supervisor
    assert [event.action for event in events_of("hotissues.warning", alert.pk)] == ["raise", "acknowledge", "release"]


def test_releasing_many_asks_no_more_than_releasing_one(house):
    def taken(number):
        for _ in range(number):
            handling.acknowledge(actor=house.dispatcher, alert_id=another(house).pk)

    assert_no_n_plus_one(
        few=lambda: taken(1), more=lambda: taken(3), page=lambda: handling.release_of(house.dispatcher.pk)
    )


def test_danger_is_for_whoever_has_the_case(house):
    raised(house.li_na, body=CRISIS)
    read()
    alert = Alert.objects.get()
    for stranger in (house.handler, house.unit_leader, house.inspector, house.li_na, house.outsider):
        with pytest.raises(NotFound):
            handling.acknowledge(actor=stranger, alert_id=alert.pk)
    assert handling.act(actor=house.dispatcher, alert_id=alert.pk, text="已电话联系本人").state == "acted"
    assert "电话" not in str(queries.alert_for(viewer=house.dispatcher, alert_id=alert.pk).history)


def test_the_database_lets_no_other_step_through(house, alert):
    settled = {"settled_at": day(1), "settled_by": house.dispatcher, "note": "已处理"}
    Alert.objects.update(state="acted", **settled)
    for wrong in (
        {"state": "new", "settled_at": None, "settled_by": None},
        {"state": "dismissed"},
        {"false_alarm": True},
        {"note": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Alert.objects.filter(pk=alert.pk).update(**wrong)


def test_the_database_lets_a_rule_have_one_unsettled_warning_of_a_matter(house, alert):
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(rule_id="people", issue=alert.issue, unit=alert.unit, cases=5, raised_at=timezone.now())
