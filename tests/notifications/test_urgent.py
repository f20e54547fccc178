"""What is urgent: it waits for no hour, says so in its mail, and stands first in the inbox until it is read."""

from datetime import timedelta

import pytest
from django.test import Client

from lianxin.kernel import timezone
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Delivery, Notice
from lianxin.notifications.queries import inbox_page, latest
from lianxin.notifications.services.channels.mail import Mail
from lianxin.notifications.services.inbox import mark_read
from lianxin.org.enums import Role
from tests.factories.accounts import account_of
from tests.factories.cases import submit
from tests.factories.org import PersonFactory
from tests.notifications.conftest import TUESDAY, deliver_at, with_mail
from tests.notifications.smtp import text_of

WALL = "东墙马上要塌了，下面有人在干活"
NIGHT = TUESDAY.replace(hour=2, minute=17)
MARKS = {"Importance": "high", "X-Priority": "1", "Priority": "urgent"}


@pytest.fixture
def dispatcher(house, server):
    """Mail once a day, on working days, not at night."""
    with_mail(house.dispatcher, "desk@example.com", wish=Frequency.DAILY)
    return house.dispatcher


@pytest.fixture
def sent(monkeypatch):
    """The messages handed to the channel."""
    messages, send = [], Mail.send
    monkeypatch.setattr(Mail, "send", lambda self, message: messages.append(message) or send(self, message))
    return messages


def at_night(house, body=WALL, person="li_na"):
    with timezone.frozen(NIGHT):
        return submit(getattr(house, person) if person else None, body, place=house.workshop).case


def test_danger_goes_out_at_night_marked_as_urgent_and_without_a_word_of_the_case(house, server, dispatcher, sent):
    case = at_night(house)
    assert deliver_at(NIGHT) == 1
    (mail,) = server.of("desk@example.com")
    assert mail["Subject"] == f"【紧急】{case.number}"
    assert {name: mail[name] for name in MARKS} == MARKS
    assert "东墙" not in text_of(mail)
    assert [message.urgent for message in sent] == [True]


def test_what_is_not_urgent_waits_and_carries_no_mark(house, server, dispatcher, sent):
    case = at_night(house, "宿舍三楼没有热水。")
    assert deliver_at(NIGHT) == 0
    assert deliver_at(TUESDAY) == 1
    (mail,) = server.of("desk@example.com")
    assert mail["Subject"] == case.number
    assert {name: mail[name] for name in MARKS} == dict.fromkeys(MARKS)
    assert [message.urgent for message in sent] == [False]


def test_of_an_anonymous_hazard_everybody_is_told_at_once_and_the_times_kept_are_hours(house, server, dispatcher):
    leader = PersonFactory(name="高峰", unit=house.workshop, roles={Role.UNIT_LEADER: house.workshop})
    with_mail(leader, "leader@example.com", wish=Frequency.DAILY)
    at_night(house, person=None)
    assert deliver_at(NIGHT + timedelta(seconds=20)) == 2
    assert len(server.of("desk@example.com")) == len(server.of("leader@example.com")) == 1
    kept = [
        *Notice.objects.filter(urgent=True).values_list("at", flat=True),
        *(at for row in Delivery.objects.values_list("due_at", "next_at", "claimed_at", "done_at") for at in row),
    ]
    assert len(kept) == 10
    assert {(at.minute, at.second) for at in kept} == {(0, 0)}


def test_urgent_and_unread_stands_first_in_the_inbox_and_on_the_first_page(house, settings):
    settings.DEMO = True  # no second factor
    danger = at_night(house)
    for hours in range(1, 40):
        with timezone.frozen(NIGHT + timedelta(hours=hours)):
            submit(house.wang_fang, f"宿舍第 {hours} 件事")
    _page, lines = inbox_page(viewer=house.dispatcher, number=1)
    assert lines[0].notice.label == danger.number
    assert [line.notice.urgent for line in lines].count(True) == 1
    assert latest(viewer=house.dispatcher)[0].notice.label == danger.number
    browser = Client()
    browser.force_login(account_of(house.dispatcher))
    text = browser.get("/inbox/").content.decode()
    assert "紧急" in text[: text.index(danger.number)].split("<main")[1]
    mark_read(actor=house.dispatcher, subject_type="case", subject_id=str(danger.pk))
    _page, lines = inbox_page(viewer=house.dispatcher, number=1)
    assert danger.number not in [line.notice.label for line in lines]
