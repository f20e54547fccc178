"""Of an anonymous case no row of any table tells a finer time than the hour, whoever acted on it, whatever followed."""

import json
import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from psycopg import sql

from lianxin.alerts.models import Alert
from lianxin.alerts.services import creation, scanning
from lianxin.alerts.services import handling as alert_handling
from lianxin.board import services as board
from lianxin.board.queries import levels_of
from lianxin.board.services import Texts
from lianxin.cases.enums import Identity
from lianxin.cases.models import Case, SimilarCase
from lianxin.cases.queries import get_case_for, open_receipt
from lianxin.cases.services import alike, deadlines, handling, requester, triage
from lianxin.cases.services.access_log import note_opening
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import CLOCK
from lianxin.classification.services import embeddings as case_embeddings
from lianxin.hotissues.models import Decision, Issue, Membership
from lianxin.hotissues.services import moderation
from lianxin.kernel import timezone
from lianxin.ledger.queries import events_of
from lianxin.nlp import embeddings
from lianxin.notifications import services as notifications
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact, Delivery, Notice
from lianxin.notifications.services import delivery
from lianxin.notifications.services.channel_test import try_failed_again
from lianxin.notifications.services.channels import Channel, Permanent, Temporary
from tests.cases.stories import TUESDAY
from tests.factories.cases import accepted, category, found_enterprise, submit

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:(\d\d):(\d\d)(\.\d+)?(?:[+-]\d\d:\d\d|Z)")
PLANNED = {"due_at", "escalates_at", "remind_at", "next_at", "due"}
"""These follow from full hours: the close of business, the end of somebody's quiet hours, three quarters of a deadline.
They are the same for whoever acted whenever in the hour."""
EARLY, LATE = timedelta(minutes=3, seconds=17, microseconds=345678), timedelta(minutes=52, seconds=41, microseconds=9)


@pytest.fixture
def house(db, monkeypatch):
    monkeypatch.setattr(embeddings, "available", lambda: False)
    monkeypatch.setattr(embeddings, "model_version", lambda: "")
    with timezone.frozen(TUESDAY):
        return found_enterprise()


@pytest.fixture
def post_office(monkeypatch):
    """A channel that takes mail, or refuses it as `answer` says."""

    class Office(Channel):
        name = "mail"
        answer: Exception | None = None

        @staticmethod
        def clean(address):
            return address

        def send(self, _message):
            if Office.answer:
                raise Office.answer
            return "250"

    monkeypatch.setattr(delivery, "CHANNELS", {"mail": Office})
    return Office


def tied_to(cases):
    """The rows of all tables that lead to one of some anonymous cases, by whatever way: (table, row)."""
    known = {str(case.pk) for case in cases}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = []
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(table)))
            rows += [(table, text) for (text,) in cursor.fetchall()]
    rows = [(table, text) for table, text in rows if table != "cases_case" or json.loads(text)["id"] in known]
    found = []
    while new := [row for row in rows if any(one in row[1] for one in known)]:
        left = set(new)
        rows = [row for row in rows if row not in left]
        read = [(table, json.loads(text)) for table, text in new]
        found += read
        known = {row["id"] for _table, row in read if isinstance(row.get("id"), str)}
    return found


def times_of(rows):
    """How often each time stands where, down into what is kept as JSON."""
    times = Counter()

    def walk(table, name, value):
        if isinstance(value, dict):
            for key, each in value.items():
                walk(table, key, each)
        elif isinstance(value, list):
            for each in value:
                walk(table, name, each)
        elif isinstance(value, str) and (MOMENT.fullmatch(value) or name == "remaining"):
            times[table, name, value] += 1

    for table, row in rows:
        walk(table, "", row)
    return times


def live(house, office, offset):
    """A case's whole life and what can stand beside it, each act so long after a full hour; its cases and times."""
    day = datetime(2026, 11, 24, tzinfo=TUESDAY.tzinfo)

    def at(days, hour):
        return timezone.frozen(day + timedelta(days=days, hours=hour) + offset)

    people = [house.dispatcher, house.handler, house.supervisor, house.unit_leader, house.co_handler]
    Contact.objects.bulk_create(
        Contact(
            person=person, channel="mail", address=f"{person.pk}@example.com", asked_at=TUESDAY, confirmed_at=TUESDAY,
            wish=Frequency.AT_ONCE, hinted_until=TUESDAY,
        )
        for person in people
    )  # fmt: skip

    def goes_out():
        notifications.deliver()
        deadlines.scan()

    with at(0, 9):
        raised = submit(None, "配电房坍塌，有人被困在里面。", identity=Identity.ANONYMOUS, place=house.workshop)
        case, me = raised.case, open_receipt(raised.receipt)
        follower = submit(None, "宿舍没有热水，三天了。", place=house.workshop).case
        named, leader = (submit(house.li_na, f"食堂{n}号窗口太咸。", place=house.workshop).case for n in (1, 2))
        requester.add_to_case(actor=me, case_id=case.pk, text="还在掉砖。")
        case_embeddings.understand()
        scanning.scan()
        creation.notify_newcomers()
        office.answer = Temporary("450")
        goes_out()
        note_opening(actor=house.dispatcher, case=get_case_for(house.dispatcher, case.pk))
    with at(0, 10):
        for _round in range(7):
            notifications.deliver()
    with at(0, 11):
        office.answer = Permanent("550")
        notifications.deliver()
        assert Delivery.objects.filter(notice__hourly=True, state="failed").exists()
        office.answer = None
    with at(0, 12):
        creation.escalate()
        (alert,) = Alert.objects.filter(case=case)
        alert_handling.acknowledge(actor=house.dispatcher, alert_id=alert.pk)
        creation.escalate()
        try_failed_again(actor=house.system_admin)
        notifications.deliver()
    with at(0, 14):
        SimilarCase.objects.bulk_create(
            [SimilarCase(case=case, other=named, similarity=0.5), SimilarCase(case=named, other=case, similarity=1)]
        )
        alike.judge_alike(actor=house.dispatcher, case_id=named.pk, other_id=case.pk, verdict="apart")
        accepted(house, case)
        for other in (follower, named, leader):
            accepted(house, other)
        triage.merge_case(actor=house.dispatcher, case_id=named.pk, primary_id=case.pk)
        triage.merge_case(actor=house.dispatcher, case_id=follower.pk, primary_id=leader.pk)
        triage.dispatch_case(
            actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics, co_units=[house.workshop], text="请办"
        )
        triage.dispatch_case(actor=house.dispatcher, case_id=leader.pk, lead_unit=house.logistics)
        issue = Issue.objects.create(name="东墙", found_at=timezone.to_the_hour(timezone.now()))
        Membership.objects.bulk_create([Membership(case=each, issue=issue) for each in (case, named, leader)])
        moderation.rename(actor=house.dispatcher, issue_id=issue.pk, name="东墙要塌", expected=1)
        moderation.split(
            actor=house.dispatcher, issue_id=issue.pk, cases=[case.pk], name="墙", expected=2, reason="另一件事"
        )
        office.answer = Temporary("450")
        notifications.deliver()
        notifications.mark_all_read(actor=house.handler)  # so that what waits to be sent again is dropped
        office.answer = None
        goes_out()
    with at(0, 15):
        perform("sign", actor=house.handler, case_id=case.pk)
        perform("sign", actor=house.handler, case_id=leader.pk)
        perform("note", actor=house.handler, case_id=case.pk, text="已去现场。")
        perform("contact", actor=house.handler, case_id=case.pk, text="已围挡。")
        perform("ask", actor=house.handler, case_id=case.pk, text="具体哪一段？")
        goes_out()
    with at(1, 10):
        requester.answer_question(actor=me, case_id=case.pk, text="靠锅炉房。")
        perform("request_extension", actor=house.handler, case_id=case.pk, days=3, text="等材料。")
        perform("approve_extension", actor=house.unit_leader, case_id=case.pk)
        perform("co_part", actor=house.co_handler, case_id=case.pk, text="本车间已配合。")
        notifications.mark_read(actor=house.handler, subject_type="case", subject_id=case.pk)
        goes_out()
    with at(2, 10):
        perform("supervise", actor=house.supervisor, case_id=case.pk, text="请抓紧。")
        handling.reply_to_requester(actor=house.handler, case_id=leader.pk, text="已处理。")
        handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="墙已拆除重砌。")
        requester.rate_case(actor=me, case_id=case.pk, resolved="no", satisfaction=2)
        alert_handling.act(actor=house.dispatcher, alert_id=alert.pk, text="已拆除。")
        goes_out()
    for days in range(3, 9):  # overdue, level after level
        with at(days, 19):
            goes_out()
    with at(9, 10):
        triage.dispatch_case(actor=house.supervisor, case_id=case.pk, lead_unit=house.logistics)
        perform("sign", actor=house.handler, case_id=case.pk)
        handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="已验收。")
        goes_out()
    with at(20, 10):
        goes_out()  # not rated: it lapses
        perform("share", actor=me, case_id=case.pk)
        level = levels_of(Case.objects.get(pk=case.pk))[0]
        texts = Texts(title="围墙", question="围墙要塌。", answer="已拆除重砌。")
        post = board.save_draft(
            actor=house.dispatcher,
            case_id=case.pk,
            texts=texts,
            unit_id=level.pk,
            expected=0,
        )
        board.keep_off(actor=house.dispatcher, case_id=case.pk, reason="再看看。", expected=post.version)
        declined = submit(None, "多余的一件。", place=house.workshop)
        triage.decline_case(actor=house.dispatcher, case_id=declined.case.pk, reason="not_ours", text="不归我们管。")
        perform("appeal", actor=open_receipt(declined.receipt), case_id=declined.case.pk, text="请再看。")
        requester.withdraw_case(actor=open_receipt(declined.receipt), case_id=declined.case.pk, asked=True)
        goes_out()
    mine = [case, follower, declined.case]
    return mine, tied_to(mine)


def test_a_whole_life_tells_no_time_finer_than_the_hour_and_nothing_of_when_in_it_somebody_acted(house, post_office):
    told = []
    for offset in (EARLY, LATE):
        with transaction.atomic():
            cases, rows = live(house, post_office, offset)
            told.append(times_of(rows))
            look_at_a_life(cases, rows)
            transaction.set_rollback(True)
    early, late = told
    finer = {
        (table, name, value)
        for table, name, value in late
        if name != "remaining"
        and (hit := MOMENT.fullmatch(value))
        and (hit[1], hit[2], hit[3]) != ("00", "00", None)
        and not (name in PLANNED and (hit[2] in {"00", "30"} and hit[3] is None))
    }
    assert finer == set()
    assert (early - late, late - early) == (Counter(), Counter())


def look_at_a_life(cases, rows):
    """All that was to happen did."""
    assert {table for table, _row in rows} >= {
        "cases_case", "cases_clock", "cases_message", "cases_opening", "cases_rating", "cases_extension",
        "cases_cohandling", "cases_searchrow", "cases_suggestion", "ledger_event", "notifications_notice",
        "notifications_delivery", "hotissues_earlywarning", "hotissues_decision", "hotissues_membership", "board_post",
    }  # fmt: skip
    told = Notice.objects.filter(hourly=True)
    assert told.exclude(read_at=None).exists()
    assert set(Delivery.objects.filter(notice__in=told).values_list("state", flat=True)) >= {"sent", "dropped"}
    assert Decision.objects.count() == 2
    kept = Case.objects.get(pk=cases[0].pk)
    assert (kept.state, kept.outcome, kept.round) == ("closed", "unrated", 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)


def test_what_was_said_and_done_keeps_its_order_within_one_hour(house):
    with timezone.frozen(TUESDAY):
        raised = submit(None, "热水停了。", place=house.workshop)
        case, me = raised.case, open_receipt(raised.receipt)
        for n in range(12):
            requester.add_to_case(actor=me, case_id=case.pk, text=f"第{n}句")
        accepted(house, case)
        triage.reclassify_case(
            actor=house.dispatcher, case_id=case.pk, kind="question", category=category(), urgency="normal"
        )
    said = [message.text for message in case.messages.all()]
    assert said == [f"第{n}句" for n in range(12)]
    done = [event.action for event in events_of("case", case.pk)]
    assert done == ["submit", *["add"] * 12, "accept", "reclassify"]
    assert get_case_for(CLOCK, case.pk).submitted_at == timezone.to_the_hour(TUESDAY)
