"""A warning is taken up, acted on or dismissed, once, with who, when and why; and never further than that."""

import pytest
from django.db import IntegrityError, transaction

from lianxin.hotissues.models import EarlyWarning, Follow
from lianxin.hotissues.queries.early_warning import inbox as queries
from lianxin.hotissues.services.early_warning import acting
from lianxin.kernel import timezone
from lianxin.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from tests.cases.stories import day
from tests.hotissues.early_warning.stories import CRISIS, colleagues, looked, one_matter, raised, read

MIGRATION = "lianxin.hotissues.migrations.0002_early_warning"


@pytest.fixture
def warning(house):
    one_matter([raised(person) for person in colleagues(house, 5)])
    (found,) = looked()
    return found


def test_the_dispatcher_takes_it_up_and_says_what_was_done(house, warning):
    with timezone.frozen(day(0, 11)):
        acting.acknowledge(actor=house.dispatcher, warning_id=warning.pk, expected=1)
    with timezone.frozen(day(1)):
        done = acting.act(actor=house.dispatcher, warning_id=warning.pk, text=" 已联系锅炉房 ", expected=2)
    assert (done.state, done.note, done.taken_by, done.settled_by) == (
        "acted",
        "已联系锅炉房",
        house.dispatcher,
        house.dispatcher,
    )
    assert (done.taken_at, done.settled_at) == (day(0, 11), day(1))
    events = events_of("hotissues.warning", warning.pk)
    assert [(event.action, event.actor, event.from_state, event.to_state) for event in events] == [
        ("raise", None, "new", "new"),
        ("acknowledge", house.dispatcher, "new", "taken"),
        ("act", house.dispatcher, "taken", "acted"),
    ]
    assert "锅炉房" not in str([event.data for event in events]), "what somebody wrote is not on the record"
    assert Notice.objects.get(kind="people", recipient=house.dispatcher).read_at
    assert not Notice.objects.get(kind="people", recipient=house.supervisor).read_at


def test_it_is_dismissed_with_a_reason(house, warning):
    with pytest.raises(Invalid) as refused:
        acting.dismiss(actor=house.supervisor, warning_id=warning.pk, text=" ", false_alarm=True)
    assert set(refused.value.fields) == {"text"}
    done = acting.dismiss(actor=house.supervisor, warning_id=warning.pk, text="停水通知，人人转发", false_alarm=True)
    assert (done.state, done.false_alarm, done.settled_by) == ("dismissed", True, house.supervisor)


def test_two_people_at_once(house, warning):
    acting.acknowledge(actor=house.dispatcher, warning_id=warning.pk, expected=1)
    with pytest.raises(Stale) as told:
        acting.act(actor=house.supervisor, warning_id=warning.pk, text="已处理", expected=1)
    assert [event.action for event in told.value.changes] == ["acknowledge"]
    acting.act(actor=house.supervisor, warning_id=warning.pk, text="已处理", expected=2)
    with pytest.raises(Stale):
        acting.dismiss(actor=house.dispatcher, warning_id=warning.pk, text="误报", false_alarm=True)


def test_who_may(house, warning):
    Follow.objects.create(issue=warning.issue, person=house.co_handler)
    with pytest.raises(NotAllowed):
        acting.acknowledge(actor=house.co_handler, warning_id=warning.pk)
    for stranger in (house.outsider, house.li_na, house.handler, house.inspector, house.system_admin):
        with pytest.raises(NotFound):
            acting.acknowledge(actor=stranger, warning_id=warning.pk)
    assert acting.acknowledge(actor=house.head_supervisor, warning_id=warning.pk).state == "taken"


def test_danger_is_for_whoever_has_the_case(house):
    raised(house.li_na, body=CRISIS)
    read()
    warning = EarlyWarning.objects.get()
    for stranger in (house.handler, house.unit_leader, house.inspector, house.li_na, house.outsider):
        with pytest.raises(NotFound):
            acting.acknowledge(actor=stranger, warning_id=warning.pk)
    assert acting.act(actor=house.dispatcher, warning_id=warning.pk, text="已电话联系本人").state == "acted"
    assert "电话" not in str(queries.warning_for(viewer=house.dispatcher, warning_id=warning.pk).history)


def test_the_database_lets_no_other_step_through(house, warning):
    settled = {"settled_at": day(1), "settled_by": house.dispatcher, "note": "已处理"}
    EarlyWarning.objects.update(state="acted", **settled)
    for wrong in (
        {"state": "new", "settled_at": None, "settled_by": None},
        {"state": "dismissed"},
        {"false_alarm": True},
        {"note": ""},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            EarlyWarning.objects.filter(pk=warning.pk).update(**wrong)


def test_the_database_lets_a_rule_have_one_unsettled_warning_of_a_matter(house, warning):
    with pytest.raises(IntegrityError), transaction.atomic():
        EarlyWarning.objects.create(
            rule_id="people", issue=warning.issue, unit=warning.unit, cases=5, raised_at=timezone.now()
        )
