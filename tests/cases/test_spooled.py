"""Anonymous cases and acts with a receipt on their way through the spool."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lianxin.cases.enums import CaseState, Delivery, Resolved
from lianxin.cases.models import Attachment, Case, Deadline, Message
from lianxin.cases.services import attachments, deadlines, intake, requester, spooled
from lianxin.cases.workflow import ReceiptHolder
from lianxin.kernel import spool, timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.files import CleanFile
from lianxin.kernel.files.storage import stored_keys
from lianxin.kernel.models import SpoolCell
from lianxin.kernel.spool import writer
from lianxin.ledger.models import Event
from lianxin.notifications.models import Notice
from lianxin.org.models import RoleGrant
from tests.factories.accounts import sign_in
from tests.factories.cases import dispatched, found_enterprise, replied, submit
from tests.pages import send_form, text_of
from tests.spool import deliver_at_the_hour

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("spooling")]

TWENTY_PAST = datetime(2026, 11, 18, 2, 20, tzinfo=UTC)
ELEVEN = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
"""Eleven o'clock in Shanghai."""


@pytest.fixture
def house():
    return found_enterprise()


@pytest.fixture(autouse=True)
def _at_twenty_past():
    with timezone.frozen(TWENTY_PAST):
        yield


def rows():
    """How many rows each table holds, but the spool's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'kernel_spoolcell'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f"SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {table}")  # noqa: S608
            found[table] = cursor.fetchone()
    return found


def test_an_anonymous_case_is_stored_at_the_hour_as_it_was_sent(house):
    sent = submit(None, "食堂的肉不新鲜，已经两天了。", place=house.workshop)
    assert Case.objects.count() == 0
    assert deliver_at_the_hour() == 1
    case = Case.objects.get()
    assert (case.pk, case.number, case.body) == (sent.case.pk, sent.case.number, "食堂的肉不新鲜，已经两天了。")
    assert case.submitted_at == datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    assert Deadline.objects.get(case=case).started_at == ELEVEN
    assert intake.open_receipt(sent.receipt) == ReceiptHolder(case.pk)
    assert list(Notice.objects.values_list("recipient", flat=True)) == [house.dispatcher.pk]


def test_sending_one_writes_nothing_but_cells(house):
    submit(None)  # the cells are made
    before = rows()
    submit(None, "宿舍的电梯坏了。", place=house.workshop, about="某位领导")
    assert rows() == before


def test_an_act_with_the_receipt_writes_nothing_but_cells(house):
    receipt, case = a_replied_case(house)
    holder = intake.open_receipt(receipt)
    before = rows()
    requester.act("rate", actor=holder, case_id=case.pk, resolved=Resolved.YES, satisfaction=5, comment="谢谢")
    assert rows() == before
    deliver_at_the_hour()
    assert Case.objects.get().state == CaseState.CLOSED


def test_no_request_looks_into_the_table_of_cells(house, monkeypatch):
    """PostgreSQL tidies a table as it is read, and its write-ahead log says when: only the writer reads."""
    receipt, _case = a_replied_case(house)
    monkeypatch.setattr(writer, "_writer", writer.Writer())
    monkeypatch.setattr(writer, "PATIENCE", 0.02)
    client = Client()
    with CaptureQueriesContext(connection) as asked:
        send_form(client, client.get("/say/"), {"body": "浴室的门锁坏了，关不上。"})
        send_form(client, client.get("/receipt/"), {"code": "22222-22222-22222-22222"})
        answer = send_form(client, client.get("/receipt/"), {"code": receipt})
        page = client.get(answer["Location"])
        send_form(client, page, {"resolved": "yes", "satisfaction": "5"})
    assert len(asked.captured_queries) > 10
    assert [query["sql"] for query in asked.captured_queries if "spoolcell" in query["sql"]] == []


def test_named_and_confidential_cases_wait_for_nothing(house):
    submit(house.li_na)
    submit(house.li_na, "有人迟到。", identity="confidential")
    assert Case.objects.count() == 2


def test_a_hazard_is_passed_on_within_the_minute_unless_its_author_wants_otherwise(house):
    submit(None, "配电室漏电冒烟，有人触电。", kind="hazard", place=house.workshop)
    submit(None, "配电室又漏电了，有人触电。", kind="hazard", place=house.workshop, delivery=Delivery.HOUR)
    submit(None, "食堂的菜咸。", delivery=Delivery.AT_ONCE)
    submit(None, "食堂的菜淡。")
    assert spool.deliver() == 2
    assert set(Case.objects.values_list("body", flat=True)) == {"配电室漏电冒烟，有人触电。", "食堂的菜咸。"}
    hazard = Case.objects.get(body__startswith="配电室")
    assert set(Deadline.objects.filter(case=hazard).values_list("started_at", flat=True)) == {ELEVEN}
    assert deliver_at_the_hour() == 2
    late = Case.objects.get(body__startswith="配电室又")
    assert set(Deadline.objects.filter(case=late).values_list("started_at", flat=True)) == {ELEVEN}


def test_the_same_form_sent_again_shows_the_same_receipt_and_makes_one_case(house):
    key = "0b7e4b5e-4a43-4a0a-9a57-0d3f6b5f0f77"
    first = submit(None, submission_key=key)
    again = submit(None, submission_key=key)
    assert (again.receipt, again.created, again.case.pk) == (first.receipt, False, first.case.pk)
    assert len(spool.waiting(spooled.NEW_CASE)) == 1
    deliver_at_the_hour()
    later = submit(None, submission_key=key)
    assert (later.receipt, later.case.pk) == (first.receipt, first.case.pk)
    deliver_at_the_hour()
    assert Case.objects.count() == 1


def test_a_case_that_got_in_twice_is_stored_once(house):
    """As after a commit whose answer was lost."""
    sent = submit(None)
    (message,) = spool.waiting(spooled.NEW_CASE)
    again = {**message.content, "number": "LX-2611-22222"}  # as another process drew another number
    spool.put(spool.Message(kind=message.kind, content=again, due=message.due, group=message.group))
    assert deliver_at_the_hour() == 2
    assert Case.objects.get().pk == sent.case.pk


def test_what_nobody_would_receive_is_refused_when_it_is_sent(house):
    RoleGrant.objects.filter(role="dispatcher").delete()
    with pytest.raises(intake.Unreachable):
        submit(None, place=house.company)
    assert spool.waiting(spooled.NEW_CASE) == []


def test_a_number_that_another_case_took_is_drawn_again(house):
    sent = submit(None)
    other = submit(house.li_na).case
    Case.objects.filter(pk=other.pk).update(number=sent.case.number)
    deliver_at_the_hour()
    case = Case.objects.get(pk=sent.case.pk)
    assert case.number != sent.case.number
    assert case.number.startswith("LX-2611-")


def picture(content=b"\x89PNG" + bytes(3000)):
    return CleanFile(content, "image/png", "png", "我的手机.png", 40, 30)


def test_files_wait_sealed_and_are_written_anew_when_they_are_delivered(house, settings):
    sent = submit(None, files=[picture()])
    (waiting,) = stored_keys()
    kept = (settings.MEDIA_ROOT / waiting).read_bytes()
    assert b"PNG" not in kept
    assert len(kept) == 4096 + 28
    attachments.remove_stray_files()
    name = "我的手机".encode()
    assert not any(name in bytes(cell) for cell in SpoolCell.objects.values_list("sealed", flat=True))
    deliver_at_the_hour()
    stored = Attachment.objects.get(case=sent.case.pk)
    assert (stored.name, stored.size) == ("附件1.png", 3004)
    assert (settings.MEDIA_ROOT / stored.key).read_bytes() == picture().content


def test_where_files_waited_they_are_removed_two_days_later(house):
    """A backup that was begun before has their message; it must find them."""
    submit(None, files=[picture()])
    deliver_at_the_hour()
    kept = Attachment.objects.get().key
    assert len(list(stored_keys())) == 2
    with timezone.frozen(TWENTY_PAST + timedelta(days=4)):
        attachments.remove_stray_files()
    assert list(stored_keys()) == [kept]


def test_a_case_whose_file_is_gone_is_passed_on_without_it(house, settings, caplog):
    submit(None, files=[picture()])
    (key,) = stored_keys()
    (settings.MEDIA_ROOT / key).unlink()
    assert deliver_at_the_hour() == 1
    assert Case.objects.get().attachments.count() == 0
    assert "is gone" in caplog.text


def test_in_the_last_minute_of_an_hour_it_waits_for_the_next_one(house):
    with timezone.frozen(ELEVEN - timedelta(seconds=20)):
        submit(None)
    with timezone.frozen(ELEVEN):
        assert spool.deliver(rewrite=True) == 0
    with timezone.frozen(ELEVEN + timedelta(hours=1)):
        assert spool.deliver(rewrite=True) == 1


def test_files_that_wait_for_long_are_no_strays(house, settings):
    submit(None, files=[picture()])
    (key,) = stored_keys()
    with timezone.frozen(TWENTY_PAST + timedelta(days=9)):
        attachments.remove_stray_files()
    assert list(stored_keys()) == [key]


def a_replied_case(house):
    sent = submit(None, place=house.workshop)
    deliver_at_the_hour()
    case = replied(house, Case.objects.get())
    return sent.receipt, case


def a_dispatched_case(house):
    sent = submit(None, place=house.workshop)
    deliver_at_the_hour()
    return sent.receipt, dispatched(house, Case.objects.get())


def test_acts_on_one_case_are_done_in_their_order(house):
    receipt, case = a_dispatched_case(house)
    holder = intake.open_receipt(receipt)
    for n in range(6):
        requester.act("add", actor=holder, case_id=case.pk, text=f"补充{n}")
    deliver_at_the_hour()
    assert [m.text for m in Message.objects.filter(case=case, text__startswith="补充").order_by("version")] == [
        f"补充{n}" for n in range(6)
    ]
    assert {m.at.minute for m in Message.objects.filter(case=case, text__startswith="补充")} == {0}


def test_the_same_act_sent_twice_is_done_once(house):
    receipt, case = a_dispatched_case(house)
    holder = intake.open_receipt(receipt)
    for _ in range(2):
        requester.act("add", actor=holder, case_id=case.pk, text="三楼也没有")
    deliver_at_the_hour()
    assert Message.objects.filter(case=case, text="三楼也没有").count() == 1


def test_words_that_come_too_late_for_their_question_are_added(house):
    receipt, case = a_dispatched_case(house)
    holder = intake.open_receipt(receipt)
    spooled.put_act(case.pk, "answer", {"text": "在三楼东侧"}, [], at_once=False)
    deliver_at_the_hour()
    assert Message.objects.get(case=case, text="在三楼东侧").kind == "addition"
    assert spooled.acts_on(case.pk) == []
    assert holder.case_id == case.pk


@pytest.mark.parametrize("action", sorted(requester.SERVICES))
def test_every_act_stands_on_the_page_while_it_waits_and_when_it_was_refused(house, action):
    said = {"rate": {"resolved": "yes", "satisfaction": 5, "comment": ""}, "withdraw": {"asked": False}}
    words = {"text": "在三楼东侧"} if action in ("answer", "add", "appeal") else {}
    sent = submit(None, place=house.workshop)
    deliver_at_the_hour()
    spooled.put_act(sent.case.pk, action, said.get(action, words), [], at_once=False)
    page = opened(sent.receipt)
    assert (page.status_code, "等待转交" in text_of(page)) == (200, True)
    (act,) = spooled.acts_on(sent.case.pk)
    refused = replace(act, content=spooled.shortened(act.content), refused="情况已经变化。")
    SpoolCell.objects.all().delete()
    spool.put(refused)
    page = opened(sent.receipt)
    assert (page.status_code, "情况已经变化。" in text_of(page)) == (200, True)
    assert ("在三楼东侧" in text_of(page)) == bool(words)


def test_what_was_refused_before_can_be_done_again(house):
    _receipt, case = a_replied_case(house)
    spooled.put_act(case.pk, "withdraw", {"asked": False}, [], at_once=False)
    deliver_at_the_hour()
    assert [act.refused != "" for act in spooled.acts_on(case.pk)] == [True]
    spooled.put_act(case.pk, "withdraw", {"asked": False}, [], at_once=False)
    assert [act.refused != "" for act in spooled.acts_on(case.pk)] == [True, False]


def test_no_more_than_ten_acts_wait_on_a_case_and_none_after_it_was_withdrawn(house):
    _receipt, case = a_dispatched_case(house)
    for n in range(10):
        spooled.put_act(case.pk, "add", {"text": f"补充{n}"}, [], at_once=False)
    with pytest.raises(ValidationFailed, match="转交"):
        spooled.put_act(case.pk, "add", {"text": "还有"}, [], at_once=False)
    deliver_at_the_hour()
    spooled.put_act(case.pk, "withdraw", {"asked": False}, [], at_once=False)
    with pytest.raises(ValidationFailed, match="转交"):
        spooled.put_act(case.pk, "add", {"text": "还有"}, [], at_once=False)


def test_a_rating_that_came_too_late_says_so_and_keeps_its_words(house):
    _receipt, case = a_dispatched_case(house)
    spooled.put_act(case.pk, "rate", {"resolved": "yes", "satisfaction": 5, "comment": "谢谢大家"}, [], at_once=False)
    deliver_at_the_hour()
    assert Message.objects.filter(case=case, text="谢谢大家").exists()
    assert [act.refused for act in spooled.acts_on(case.pk)] == ["您的评价来得太晚，其中的话已补充到诉求里。"]


def test_what_staff_say_of_urgency_does_not_narrow_down_when_a_requester_writes(house):
    receipt, case = a_dispatched_case(house)
    Case.objects.filter(pk=case.pk).update(danger="life")
    requester.act("add", actor=intake.open_receipt(receipt), case_id=case.pk, text="三楼也没有")
    assert [act.due for act in spooled.acts_on(case.pk)] == [ELEVEN]


def test_what_was_done_in_time_counts_before_anything_lapses(house):
    """As when the worker was down over the deadline."""
    receipt, case = a_replied_case(house)
    rating = Deadline.objects.get(case=case, kind="rating")
    with timezone.frozen(rating.due_at - timedelta(hours=1)):
        requester.act(
            "rate", actor=intake.open_receipt(receipt), case_id=case.pk, resolved="yes", satisfaction=5, comment=""
        )
    with timezone.frozen(rating.due_at + timedelta(days=3)):
        deadlines.scan()
    assert Case.objects.get().outcome == "rated"


def opened(receipt):
    client = Client()
    page = client.get("/receipt/")
    answer = send_form(client, page, {"code": receipt})
    return client.get(answer["Location"])


def test_the_receipt_works_from_the_first_second(house):
    client = Client()
    page = client.get("/say/")
    answer = send_form(client, page, {"body": "浴室的门锁坏了，关不上。", "place": str(house.workshop.pk)})
    shown = client.get(answer["Location"])
    text = shown.content.decode()
    assert "11:00" in text
    receipt = shown.context["receipt"]
    waiting = opened(receipt)
    assert "浴室的门锁坏了，关不上。" in waiting.content.decode()
    assert "11:00" in waiting.content.decode()
    deliver_at_the_hour()
    assert "浴室的门锁坏了，关不上。" in opened(receipt).content.decode()
    assert UUID(str(Case.objects.get().pk)) == shown.context["case"].pk


def test_what_goes_at_once_promises_no_more_than_the_minute(house):
    client = Client()
    answer = send_form(client, client.get("/say/"), {"body": "食堂的菜咸。", "delivery": "at_once"})
    shown = client.get(answer["Location"])
    for page in (shown, opened(shown.context["receipt"])):
        assert "哪一分钟写的" in text_of(page)
        assert "谁也查不出" not in text_of(page)


def test_an_act_on_its_way_stands_on_the_page_and_is_not_asked_for_again(house):
    receipt, _case = a_replied_case(house)
    client = Client()
    answer = send_form(client, client.get("/receipt/"), {"code": receipt})
    page = client.get(answer["Location"])
    assert "rate" in page.context["forms"]
    answer = send_form(client, page, {"resolved": "yes", "satisfaction": "5", "comment": "很快"})
    page = client.get(answer["Location"])
    assert "rate" not in page.context["forms"]
    assert "很快" in page.content.decode()
    assert Event.objects.filter(action="rate").count() == 0
    deliver_at_the_hour()
    assert Event.objects.filter(action="rate").count() == 1


def test_a_full_spool_is_said_and_loses_nothing_typed(house, monkeypatch):
    def full(_self, _message):
        raise spool.SpoolBusy("系统现在很忙，还没有提交。请一分钟后再提交。")

    monkeypatch.setattr("tests.spool.WritesAtOnce.put", full)
    client = Client()
    answer = send_form(client, client.get("/say/"), {"body": "浴室的门锁坏了，关不上。"})
    assert answer.status_code == 503
    assert "浴室的门锁坏了，关不上。" in answer.content.decode()
    assert "系统现在很忙" in answer.content.decode()


def test_whoever_is_signed_in_and_writes_anonymously_goes_through_it_too(house):
    client = sign_in(Client(), house.li_na)
    send_form(client, client.get("/say/"), {"body": "浴室的门锁坏了，关不上。", "identity": "anonymous"})
    assert Case.objects.count() == 0
    assert len(spool.waiting(spooled.NEW_CASE)) == 1


def test_the_form_says_when_there_is_no_spool(house, monkeypatch):
    monkeypatch.setattr("lianxin.kernel.spool.writer._writer", None)
    page = Client().get("/say/").content.decode()
    assert "whoever copies its disk" in page or "拷走" in page
