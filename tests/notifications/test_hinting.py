"""Confidential requesters: one bare line a day, and nothing in the database that leads to them."""

from datetime import time, timedelta

from django.db import connection

from lianxin.cases.enums import Identity
from lianxin.kernel import timezone
from lianxin.notifications import services
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact, Delivery
from tests.factories.cases import accepted, submit
from tests.notifications.conftest import TUESDAY, deliver_at, with_mail
from tests.notifications.smtp import text_of

NEXT_MORNING = TUESDAY.replace(day=25, hour=8, minute=30)


def confidential(house, person):
    with timezone.frozen(TUESDAY):
        case = submit(person, identity=Identity.CONFIDENTIAL).case
        accepted(house, case)
    return case


def dump():
    """All rows of what goes out, in the order in which they lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c::text FROM notifications_contact c UNION ALL SELECT d::text FROM notifications_delivery d"
        )
        return [text for (text,) in cursor]


def test_a_confidential_requester_gets_one_bare_line_the_next_morning(house, server):
    with_mail(house.li_na, "lina@example.com", wish=Frequency.AT_ONCE)
    with_mail(house.wang_fang, "wangfang@example.com")
    case = confidential(house, house.li_na)
    assert deliver_at(TUESDAY) == 0  # never at once, whatever was wished
    assert deliver_at(NEXT_MORNING) == 1
    assert deliver_at(NEXT_MORNING + timedelta(days=1)) == 0
    ((to, mail),) = server.mails
    assert (to, mail["Subject"]) == ("lina@example.com", "连心桥")
    whole = mail.as_string() + text_of(mail) + mail.get_body(("html",)).get_content()
    assert "有一条与您有关的新消息" in text_of(mail)
    for secret in (case.number, str(case.pk), house.li_na.name):
        assert secret not in whole


def test_what_is_kept_is_the_same_whether_there_was_something_or_not(house, server):
    """Li Na has a confidential case, her colleague has none; the rows of the two do not differ."""
    with_mail(house.li_na, "lina@example.com")
    with_mail(house.wang_fang, "wangfang@example.com")
    confidential(house, house.li_na)
    deliver_at(NEXT_MORNING)
    assert len(server.mails) == 1
    assert not Delivery.objects.exists()
    own = ("id", "person", "address")
    rows = [
        {name: value for name, value in row.items() if name not in {*own, "person_id"}}
        for row in Contact.objects.values()
    ]
    assert rows[0] == rows[1]
    assert len(dump()) == 2


def test_a_server_that_is_away_moves_nobodys_hour(house, server):
    with_mail(house.li_na)
    confidential(house, house.li_na)
    before = dump()
    server.stop()
    deliver_at(NEXT_MORNING)
    assert dump() == before
    server.start()
    assert deliver_at(NEXT_MORNING + timedelta(hours=1)) == 1


def test_what_was_read_before_is_not_hinted_at(house, server):
    with_mail(house.li_na)
    confidential(house, house.li_na)
    with timezone.frozen(TUESDAY.replace(hour=12)):
        services.mark_all_read(actor=house.li_na)
    assert deliver_at(NEXT_MORNING) == 0


def test_on_days_off_no_hour_comes(house, server):
    with_mail(house.li_na, daily_at=time(7))
    with timezone.frozen(TUESDAY.replace(day=27, hour=16)):  # Friday
        submit(house.li_na, identity=Identity.CONFIDENTIAL)
        services.notify_pseudonymous(
            kind="to_sign", tag=services.draw_pseudonym(house.li_na.pk), subject_type="thing", subject_id=1, label="1"
        )
    assert deliver_at(TUESDAY.replace(day=28, hour=12)) == 0
    assert deliver_at(TUESDAY.replace(day=30, hour=7)) == 1


def test_an_anonymous_requester_is_never_written_to(house, server):
    for person in (house.li_na, house.wang_fang):
        with_mail(person, wish=Frequency.AT_ONCE)
    with timezone.frozen(TUESDAY):
        accepted(house, submit(None, place=house.workshop).case)
    assert deliver_at(TUESDAY) + deliver_at(NEXT_MORNING) == 0
