"""What goes out by mail: nothing lost, nothing doubled, nothing said that must not be."""

import sys
import threading
from datetime import time, timedelta

import pytest
from django.db import connection

from lianxin.accounts import services as services_of_accounts
from lianxin.cases.services import triage
from lianxin.classification.services import embeddings as case_embeddings
from lianxin.kernel import timezone
from lianxin.nlp import embeddings
from lianxin.notifications import services
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact, Delivery, Notice
from lianxin.notifications.queries import delivery_health
from lianxin.notifications.services import delivery
from lianxin.notifications.services.channels.mail import Mail
from tests.factories.accounts import account_of
from tests.factories.cases import accepted, dispatched, submit
from tests.notifications.conftest import TUESDAY, deliver_at, with_mail
from tests.notifications.smtp import text_of


def states():
    return sorted(Delivery.objects.values_list("state", flat=True))


@pytest.fixture
def dispatcher(house, server):
    """The dispatcher, who has mail at desk@example.com."""
    with_mail(house.dispatcher, "desk@example.com")
    return house.dispatcher


def raised(house, **more):
    with timezone.frozen(TUESDAY):
        return submit(house.li_na, **more).case


def test_a_case_reaches_the_dispatcher_at_once_with_its_number_and_not_a_word_of_it(house, server, dispatcher):
    case = raised(house, body="宿舍三楼没有热水。")
    assert deliver_at(TUESDAY) == 1
    assert deliver_at(TUESDAY) == 0
    (mail,) = server.of("desk@example.com")
    assert mail["Subject"] == case.number
    assert mail["From"] == "连心桥 <lianxin@example.com>"
    assert f"https://say.example.com/case/{case.pk}/" in text_of(mail)
    for part in (mail.get_body(("plain",)), mail.get_body(("html",))):
        assert f"{case.number} 待受理" in part.get_content()
        assert "热水" not in part.get_content()
        assert house.li_na.name not in part.get_content()
    assert states() == ["sent"]


def test_a_mail_speaks_the_language_of_its_reader(house, server, dispatcher):
    services_of_accounts.choose_language(user=account_of(dispatcher), language="en")
    raised(house)
    deliver_at(TUESDAY)
    assert "is waiting for acceptance" in text_of(server.of("desk@example.com")[0])


def test_who_has_no_confirmed_address_is_told_in_the_inbox_alone(house, server):
    with timezone.frozen(TUESDAY):
        services.enter_address(actor=house.dispatcher, address="typo@example.com")
    raised(house)
    deliver_at(TUESDAY)
    deliver_at(TUESDAY + timedelta(days=1))
    assert [to for to, _mail in server.mails] == ["typo@example.com"]  # the code, and nothing else
    assert not Notice.objects.filter(passed_on=False, recipient__isnull=False).exists()


def test_a_server_that_is_away_for_an_hour_loses_and_doubles_nothing(house, server, dispatcher):
    server.stop()
    numbers = [raised(house).number]
    for minute in range(0, 60, 5):
        if minute % 20 == 10:
            numbers.append(raised(house).number)
        assert deliver_at(TUESDAY + timedelta(minutes=minute)) == 0
    with timezone.frozen(TUESDAY + timedelta(minutes=55)):
        health = delivery_health()
    assert (health.queued, health.failed_last_day, health.unknown_last_day) == (4, 0, 0)
    assert (health.oldest_queued_at, health.last_sent_at) == (TUESDAY, None)
    server.start()
    for minute in range(60, 180, 10):
        deliver_at(TUESDAY + timedelta(minutes=minute))
    (mail,) = server.of("desk@example.com")
    assert all(number in text_of(mail) for number in numbers)
    assert mail["Subject"] == ", ".join(sorted(numbers)[:3]) + "…"


def test_a_refusal_for_the_moment_is_tried_again_ever_more_seldom(house, server, dispatcher):
    server.answers["desk@example.com"] = (451, "4.7.1 greylisted, come back")
    number = raised(house).number
    for minute in range(0, 120, 2):
        deliver_at(TUESDAY + timedelta(minutes=minute))
    assert 5 <= len(server.asked) <= 8
    del server.answers["desk@example.com"]
    for minute in range(120, 320, 20):  # at the latest then, whatever chance adds to the wait
        deliver_at(TUESDAY + timedelta(minutes=minute))
    assert server.subjects("desk@example.com") == [number]


def test_after_three_days_it_is_given_up_and_the_administrator_sees_it(house, server, dispatcher):
    Contact.objects.update(working_days_only=False, quiet_from=time(0), quiet_until=time(0))
    server.answers["desk@example.com"] = (452, "4.2.2 mailbox full")
    raised(house)
    for hour in range(0, 80, 4):
        deliver_at(TUESDAY + timedelta(hours=hour))
    assert states() == ["failed"]
    with timezone.frozen(TUESDAY + timedelta(hours=80)):
        assert delivery_health().failed_last_day == 1


def test_an_address_that_does_not_exist_gets_nothing_more_and_its_owner_learns_it(house, server, dispatcher):
    server.answers["desk@example.com"] = (550, "5.1.1 no such user <desk@example.com>")
    raised(house)
    deliver_at(TUESDAY)
    assert Contact.objects.get().refused_at
    raised(house)
    deliver_at(TUESDAY + timedelta(hours=1))
    assert (len(server.asked), states()) == (1, ["failed"])


def test_a_refusal_that_is_not_the_addresss_fault_leaves_the_address(house, server, dispatcher):
    server.answers["desk@example.com"] = (554, "5.7.1 relaying denied")
    raised(house)
    deliver_at(TUESDAY)
    assert (Contact.objects.get().refused_at, states()) == (None, ["failed"])
    server.answers.clear()
    server.answers["DATA"] = (554, "5.6.0 looks like spam")
    raised(house)
    deliver_at(TUESDAY)
    assert (Contact.objects.get().refused_at, states()) == (None, ["failed", "failed"])


@pytest.mark.parametrize("verb", ["MAIL", "AUTH"])
def test_a_server_that_does_not_take_us_at_all_costs_nobody_their_mail(house, server, dispatcher, settings, verb):
    settings.LIANXIN_MAIL = settings.LIANXIN_MAIL._replace(user="lianxin", password="x")
    server.answers[verb] = (535, "5.7.8 who are you")
    raised(house)
    deliver_at(TUESDAY)
    server.answers.clear()
    assert states() == ["queued"]
    for minute in range(1, 10):
        deliver_at(TUESDAY + timedelta(minutes=minute))
    assert len(server.of("desk@example.com")) == 1


def test_no_password_goes_to_a_server_that_does_not_encrypt(house, server, dispatcher, settings):
    settings.LIANXIN_MAIL = settings.LIANXIN_MAIL._replace(tls="starttls", user="lianxin", password="x")
    raised(house)
    assert deliver_at(TUESDAY) == 0
    assert (states(), server.asked) == (["queued"], [])


@pytest.mark.parametrize("when", ["hang up before", "hang up after"])
def test_an_answer_that_never_comes_leaves_a_doubt_and_no_second_mail(house, server, dispatcher, when):
    server.answers["DATA"] = when
    raised(house)
    deliver_at(TUESDAY)
    server.answers.clear()
    for hour in range(1, 9):
        deliver_at(TUESDAY + timedelta(hours=hour))
    assert states() == ["unknown"]
    assert len(server.mails) == (when == "hang up after")


def test_a_worker_killed_between_sent_and_recorded_sends_nothing_twice(house, server, dispatcher, monkeypatch):
    raised(house)
    send = Mail.send
    with monkeypatch.context() as killed:
        killed.setattr(Mail, "send", lambda self, message: (send(self, message), sys.exit()))
        with pytest.raises(SystemExit):
            deliver_at(TUESDAY)
    assert states() == ["sending"]
    deliver_at(TUESDAY + timedelta(minutes=10))
    assert states() == ["sending"]
    deliver_at(TUESDAY + timedelta(minutes=16))
    deliver_at(TUESDAY + timedelta(hours=3))
    assert (states(), len(server.of("desk@example.com"))) == (["unknown"], 1)


def test_the_same_message_tried_again_has_the_same_id(house, server, dispatcher):
    """What a server took although it said later is recognised when it comes again."""
    server.answers["DATA"] = (451, "4.3.0 later")
    server.keep_all()
    raised(house)
    deliver_at(TUESDAY)
    server.answers.clear()
    deliver_at(TUESDAY + timedelta(hours=1))
    first, second = server.of("desk@example.com")
    assert first["Message-ID"] == second["Message-ID"] == f"<{Delivery.objects.get().pk}@example.com>"


def test_what_was_read_or_taken_back_meanwhile_is_not_sent(house, server, dispatcher):
    read, gone, stays = raised(house), raised(house), raised(house)
    with timezone.frozen(TUESDAY):
        delivery.pass_on()
        services.mark_read(actor=dispatcher, subject_type="case", subject_id=read.pk)
        services.take_back(subject_type="case", subject_id=gone.pk, recipients=[dispatcher.pk])
    deliver_at(TUESDAY)
    (mail,) = server.of("desk@example.com")
    assert mail["Subject"] == stays.number
    assert read.number not in text_of(mail)
    assert gone.number not in text_of(mail)


def test_who_no_longer_sees_a_case_hears_nothing_of_it(house, server, dispatcher):
    raised(house)
    dispatcher.role_grants.update(ended_on=TUESDAY.date() - timedelta(days=1))
    deliver_at(TUESDAY)
    assert (server.mails, states()) == ([], ["dropped"])


def test_who_left_gets_nothing_more_and_the_address_is_forgotten(house, server, dispatcher):
    from lianxin.org.services import record_departure  # noqa: PLC0415

    raised(house)
    with timezone.frozen(TUESDAY):
        delivery.pass_on()
        record_departure(actor=house.system_admin, person_id=dispatcher.pk, last_day=timezone.today())
    deliver_at(TUESDAY)
    deliver_at(TUESDAY + timedelta(days=1))
    assert (server.mails, Contact.objects.count(), states()) == ([], 0, ["dropped"])


def test_of_a_sealed_case_goes_out_that_there_is_something_and_no_more(house, server):
    with_mail(house.inspector, "inspector@example.com")
    case = raised(house, kind="conduct", body="工长收红包。")
    deliver_at(TUESDAY)
    (mail,) = server.of("inspector@example.com")
    assert mail["Subject"] == "连心桥"
    whole = mail.as_string() + text_of(mail) + mail.get_body(("html",)).get_content()
    for secret in (case.number, str(case.pk), "红包", house.li_na.name, "作风"):
        assert secret not in whole
    assert "有一条与您有关的新消息" in text_of(mail)


def test_a_case_that_was_sealed_before_the_mail_went_is_bare_too(house, server):
    with_mail(house.li_na, "lina@example.com", wish=Frequency.AT_ONCE)
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        accepted(house, case)
        triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="涉及作风。")
    deliver_at(TUESDAY)
    for mail in server.of("lina@example.com"):
        assert case.number not in mail.as_string() + text_of(mail)


def test_the_rest_comes_once_a_day_in_one_mail_without_what_was_read(house, server):
    with_mail(house.li_na, "lina@example.com")
    with timezone.frozen(TUESDAY):
        first, second, third = (submit(house.li_na).case for _ in range(3))
        for case in (first, second, third):
            accepted(house, case)
    assert deliver_at(TUESDAY.replace(hour=17)) == 0
    with timezone.frozen(TUESDAY.replace(hour=18)):
        services.mark_read(actor=house.li_na, subject_type="case", subject_id=second.pk)
    assert deliver_at(TUESDAY.replace(day=25, hour=8, minute=29)) == 0
    assert deliver_at(TUESDAY.replace(day=25, hour=8, minute=30)) == 1
    (mail,) = server.of("lina@example.com")
    assert mail["Subject"] == ", ".join(sorted([first.number, third.number]))
    assert second.number not in text_of(mail)


def test_who_wants_nothing_gets_nothing_and_quiet_hours_are_kept(house, server, dispatcher):
    with_mail(house.head_dispatcher, "head@example.com", wish=Frequency.NEVER)
    evening = TUESDAY.replace(hour=21)
    with timezone.frozen(evening):
        submit(house.li_na)
    assert deliver_at(evening) == 0
    assert deliver_at(TUESDAY.replace(day=25, hour=8, minute=29)) == 0
    assert deliver_at(TUESDAY.replace(day=25, hour=8, minute=30)) == 1
    assert [to for to, _mail in server.mails] == ["desk@example.com"]


def test_danger_waits_for_no_hour_but_reaches_nobody_who_wants_no_mail(house, server, dispatcher, monkeypatch):
    monkeypatch.setattr(embeddings, "available", lambda: False)
    monkeypatch.setattr(embeddings, "model_version", lambda: "")
    Contact.objects.update(wish=Frequency.DAILY)
    with_mail(house.head_dispatcher, "head@example.com", wish=Frequency.NEVER)
    evening = TUESDAY.replace(hour=21)
    with timezone.frozen(evening):
        case = submit(house.li_na, "整夜睡不着，活着没意思，不如死了算了。").case
        case_embeddings.understand()
    assert deliver_at(evening) == 1
    ((to, mail),) = server.mails
    assert (to, mail["Subject"]) == ("desk@example.com", f"【紧急】{case.number}")
    assert "请立即处置" in text_of(mail)
    assert states() == ["sent"]
    assert deliver_at(evening) == 0


def test_a_change_of_mind_counts_for_what_waits_already(house, server, dispatcher):
    evening = TUESDAY.replace(hour=21)
    with timezone.frozen(evening):
        submit(house.li_na)
        services.deliver()
        services.choose(
            actor=dispatcher, wish=Frequency.AT_ONCE, daily_at=time(9), quiet_from=time(23), quiet_until=time(6),
            working_days_only=False,
        )  # fmt: skip
        assert services.deliver() == 1


def test_a_clock_that_is_set_back_or_forward_doubles_nothing(house, server, dispatcher):
    raised(house)
    deliver_at(TUESDAY)
    for hours in (-30, -1, 0, 48, 1):
        deliver_at(TUESDAY + timedelta(hours=hours))
    assert len(server.of("desk@example.com")) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(server):
    from tests.factories.cases import found_enterprise  # noqa: PLC0415

    house = found_enterprise()
    people = [house.dispatcher, house.handler, house.unit_leader, house.supervisor, house.wang_fang]
    for person in people:
        with_mail(person)
    with timezone.frozen(TUESDAY):
        for number in range(6):
            services.notify(
                kind="to_sign", recipients=[person.pk for person in people], subject_type="thing",
                subject_id=number, label=f"LX-2611-000{number}",
            )  # fmt: skip

    def work():
        try:
            deliver_at(TUESDAY)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver_at(TUESDAY + timedelta(minutes=5))
    told = sorted((to, number) for to, mail in server.mails for number in text_of(mail).split() if "LX-" in number)
    assert told == sorted((f"p{person.pk}@example.com", f"LX-2611-000{n}") for person in people for n in range(6))


def test_a_dispatched_case_reaches_its_handler(house, server):
    with_mail(house.handler, "handler@example.com")
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na).case
        dispatched(house, case)
    deliver_at(TUESDAY)
    assert server.subjects("handler@example.com") == [case.number]
