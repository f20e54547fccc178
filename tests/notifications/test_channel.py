"""What the system administrator sees of mail and may do about it: numbers and reasons, nobody's name."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied, RateLimited
from lianxin.ledger.queries import events_of
from lianxin.notifications import queries, services
from lianxin.notifications.enums import DeliveryState
from lianxin.notifications.models import Contact, Delivery
from lianxin.notifications.services import delivery
from tests.factories.accounts import account_of
from tests.factories.cases import submit
from tests.notifications.conftest import TUESDAY, deliver_at, with_mail
from tests.pages import send_form
from tests.queries import count_queries


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def house(house, server):
    with_mail(house.dispatcher, "desk@example.com")
    return house


def raised(house, times=1):
    with timezone.frozen(TUESDAY):
        return [submit(house.li_na).case for _ in range(times)]


def state(house, moment=TUESDAY):
    with timezone.frozen(moment):
        return queries.channel_state(viewer=house.system_admin, channel="mail")


def snags(house, moment=TUESDAY):
    return [(snag.state.value, snag.trouble, snag.count) for snag in state(house, moment).snags]


@pytest.fixture
def page_of(house):
    def page(person, moment=TUESDAY, **posted):
        user = account_of(person)
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
        client = Client()
        client.cookies["lianxin_language"] = "en"
        client.force_login(user)
        with timezone.frozen(moment):
            if posted:
                to = reverse(f"notifications:{posted.pop('to')}")
                return send_form(client, reverse("notifications:channel"), posted, to=to, follow=True)
            return client.get(reverse("notifications:channel"))

    return page


def test_what_goes_out_is_counted(house):
    raised(house, 2)
    with timezone.frozen(TUESDAY):
        delivery.pass_on()
    before = state(house)
    assert (before.waiting, before.later, before.sent, before.oldest_at, before.snags) == (2, 0, 0, TUESDAY, [])
    assert deliver_at(TUESDAY) == 1  # both in one mail
    after = state(house)
    assert (after.waiting, after.sent, after.failed, after.unknown, after.oldest_at) == (0, 2, 0, 0, None)
    assert state(house, TUESDAY + timedelta(days=1)).sent == 0


def test_what_waits_for_somebodys_morning_is_planned_and_not_late(house):
    Contact.objects.update(wish="daily")
    raised(house)
    deliver_at(TUESDAY)
    planned = state(house)
    assert (planned.waiting, planned.later, planned.oldest_at) == (0, 1, None)


def test_a_server_that_is_away_is_said_since_when_and_forgotten_when_it_is_back(house, server):
    raised(house)
    server.stop()
    deliver_at(TUESDAY)
    deliver_at(TUESDAY + timedelta(minutes=5))
    outage = state(house, TUESDAY + timedelta(minutes=6)).outage
    assert (outage.trouble, outage.since, outage.tried_at) == (
        "unreachable", TUESDAY, TUESDAY + timedelta(minutes=5),
    )  # fmt: skip
    server.start()
    deliver_at(TUESDAY + timedelta(minutes=7))
    assert state(house, TUESDAY + timedelta(minutes=7)).outage is None


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"desk@example.com": (450, "4.2.1 busy")}, ("queued", "Temporarily rejected", 1)),
        ({"desk@example.com": (550, "5.1.1 nobody")}, ("failed", "Address does not exist", 1)),
        ({"DATA": (554, "5.7.1 spam")}, ("failed", "Permanently rejected", 1)),
        ({"DATA": "hang up after"}, ("unknown", "Delivered, but no confirmation received", 1)),
    ],
)
def test_why_something_did_not_go_out_is_said_by_its_class(house, server, answers, expected):
    raised(house)
    server.answers.update(answers)
    deliver_at(TUESDAY)
    assert snags(house) == [expected]
    server.answers.clear()
    if expected[0] == "queued":
        again = state(house).snags[0].next_at
        assert TUESDAY < again < TUESDAY + timedelta(minutes=5)
        deliver_at(again)
        assert snags(house, again) == []


def test_a_refused_password_is_said(house, server, settings):
    settings.LIANXIN_MAIL = settings.LIANXIN_MAIL._replace(user="lianxin", password="wrong")
    server.answers["AUTH"] = (535, "5.7.8 no")
    raised(house)
    deliver_at(TUESDAY)
    assert state(house).outage.trouble == "sign_in"


def test_what_failed_goes_once_more_and_what_may_have_arrived_does_not(house, server):
    with_mail(house.head_dispatcher, "head@example.com")
    cases = raised(house)
    server.answers["DATA"] = (554, "5.7.1 spam")
    deliver_at(TUESDAY)
    server.answers["DATA"] = "hang up after"
    cases += raised(house)
    deliver_at(TUESDAY + timedelta(minutes=1))
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["failed", "unknown"]
    server.answers.clear()
    server.mails.clear()
    later = TUESDAY + timedelta(hours=1)
    with timezone.frozen(later):
        assert services.try_failed_again(actor=house.system_admin) == 1
        assert services.try_failed_again(actor=house.system_admin) == 0
    assert deliver_at(later) == 1
    assert server.subjects("desk@example.com") == [cases[0].number]
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "unknown"]
    (event,) = events_of("notifications.channel", "mail")
    assert (event.action, event.actor_id, event.data) == ("again", house.system_admin.pk, {"count": 1})


def test_what_failed_over_a_week_ago_or_to_a_wrong_address_stays(house, server):
    raised(house)
    server.answers["desk@example.com"] = (550, "5.1.1 nobody")
    deliver_at(TUESDAY)
    with timezone.frozen(TUESDAY + timedelta(hours=1)):
        assert services.try_failed_again(actor=house.system_admin) == 0
    assert (state(house).failed, state(house).again) == (1, 0)
    Delivery.objects.update(trouble="refused")
    with timezone.frozen(TUESDAY + timedelta(days=8)):
        assert services.try_failed_again(actor=house.system_admin) == 0
    with timezone.frozen(TUESDAY + timedelta(days=6)):
        assert services.try_failed_again(actor=house.system_admin) == 1
    server.mails.clear()
    assert deliver_at(TUESDAY + timedelta(days=6)) == 0
    assert Contact.objects.get().refused_at  # so it is not wanted any more
    assert Delivery.objects.get().state == DeliveryState.DROPPED


def test_a_test_mail_goes_at_once_is_on_the_record_and_five_times_an_hour(house, server, page_of):
    with timezone.frozen(TUESDAY):
        for _ in range(5):
            services.try_channel(actor=house.system_admin, address="me@example.com")
        with pytest.raises(RateLimited):
            services.try_channel(actor=house.system_admin, address="me@example.com")
    assert len(server.of("me@example.com")) == 5
    events = events_of("notifications.channel", "mail")
    assert sorted((event.action, str(event.data)) for event in events) == [("taken", "{}")] * 5 + [("try", "{}")] * 5
    answer = page_of(house.system_admin, TUESDAY + timedelta(hours=2), to="try_channel", address="me@example.com")
    assert "accepted the test email" in answer.content.decode()


def test_a_test_mail_that_is_not_taken_says_why(house, server, page_of):
    server.stop()
    answer = page_of(house.system_admin, to="try_channel", address="me@example.com")
    server.start()
    assert answer.status_code == 422
    assert "The server cannot be reached" in answer.content.decode()
    assert page_of(house.system_admin, to="try_channel", address="nonsense").status_code == 422


def test_nobody_else_sees_or_does_anything(house, page_of):
    for person in (house.li_na, house.dispatcher, house.security_admin, house.audit_admin):
        with pytest.raises(PermissionDenied):
            queries.channel_state(viewer=person, channel="mail")
        with pytest.raises(PermissionDenied):
            services.try_channel(actor=person, address="me@example.com")
        with pytest.raises(PermissionDenied):
            services.try_failed_again(actor=person)
        assert page_of(person).status_code == 403


def test_the_page_names_nobody_and_no_case_and_costs_the_same_for_many(house, server, page_of):
    (case,) = raised(house)
    server.answers["DATA"] = (554, "5.7.1 spam")
    deliver_at(TUESDAY)
    page = page_of(house.system_admin).content.decode()
    assert "Permanently rejected" in page
    assert "Retry 1 failed email" in page
    for word in (case.number, case.title, "desk@example.com", house.dispatcher.name, house.li_na.name):
        assert word not in page
    state(house)  # the viewer's grants are kept with the person
    few = count_queries(lambda: state(house))
    raised(house, 9)
    deliver_at(TUESDAY)
    assert count_queries(lambda: state(house)) == few
