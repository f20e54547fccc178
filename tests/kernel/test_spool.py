"""The spool: what waits, who can tell, and what is never lost."""

import contextlib
import logging
import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.kernel import spool, timezone
from lianxin.kernel.models import SpoolCell
from lianxin.kernel.spool import cells, delivery, pool, writer

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
LONG = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(8000))
AT_THE_HOUR = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)


def message(text="宿舍没有热水", *, due=AT_THE_HOUR, **more):
    return spool.Message(kind="test", content={"text": text}, due=due, **more)


@pytest.fixture
def delivered(monkeypatch):
    """What the handler of the tests was given, in this order; a text that begins with "坏" is trouble."""
    texts = []

    def take(content):
        if content["text"].startswith("坏"):
            raise ValueError(content["text"])
        if content["text"].startswith("晚"):
            return "这件事已经办结。"
        texts.append(content["text"])
        return None

    monkeypatch.setattr(delivery, "_handlers", {})
    spool.handled_by("test", take, shorten=lambda content: {"text": content["text"][:10]})
    return texts


def texts_waiting():
    return [one.content["text"] for one in spool.waiting("test")]


@given(
    text=st.text(max_size=9000), group=st.text(max_size=20), position=st.integers(0, 99), refused=st.text(max_size=50)
)
@settings(max_examples=60, deadline=None)
def test_a_message_comes_out_of_its_cells_as_it_went_in(text, group, position, refused):
    sent = spool.Message(kind="test", content={"text": text}, due=NOON, group=group, position=position, refused=refused)
    places = {n: cells.sealed(n, part) for n, part in enumerate(cells.parts_of(sent, written=NOON))}
    assert {len(content) for content in places.values()} == {cells.CELL_BYTES}
    parts = [cells.opened(n, content) for n, content in reversed(places.items())]
    assert cells.joined(parts) == ([(sent, len(parts))], [])
    assert cells.joined([*parts, *parts]) == ([(sent, len(parts))], [])
    if len(parts) > 1:
        assert cells.joined(parts[1:]) == ([], parts[1:])


def test_free_and_full_cells_look_alike():
    (part,) = cells.parts_of(message(), written=NOON)
    free, full = cells.sealed(7, None), cells.sealed(7, part)
    assert len(free) == len(full) == 2048
    assert cells.opened(7, free) is None
    assert free != cells.sealed(7, None)
    # No byte of a thousand of each is more often the same than chance has it.
    for content in (None, part):
        many = [cells.sealed(7, content) for _ in range(300)]
        assert all(len({sealed[place] for sealed in many}) > 120 for place in range(0, 2048, 97))


def test_a_cell_opens_in_its_place_only():
    content = cells.sealed(7, cells.parts_of(message(), written=NOON)[0])
    with pytest.raises(InvalidTag):
        cells.opened(8, content)


@pytest.mark.django_db
def test_what_was_put_in_waits_until_the_hour_and_is_delivered_once(spooling, delivered):
    with timezone.frozen(NOON):
        spool.put(message())
        assert texts_waiting() == ["宿舍没有热水"]
        assert spool.deliver() == 0
    with timezone.frozen(AT_THE_HOUR - timedelta(minutes=1)):
        assert spool.deliver() == 0
    with timezone.frozen(AT_THE_HOUR):
        assert spool.deliver(rewrite=True) == 1
        assert spool.deliver(rewrite=True) == 0
    assert delivered == ["宿舍没有热水"]
    assert SpoolCell.objects.count() == pool.CELLS


@pytest.mark.django_db
def test_every_writing_changes_four_cells_whether_or_not_something_waits(spooling, delivered):
    spooling.write()
    for something in (False, True, False):
        before = dict(SpoolCell.objects.values_list("n", "sealed"))
        if something:
            spooling.take(message())
        spooling.write()
        after = dict(SpoolCell.objects.values_list("n", "sealed"))
        assert sum(bytes(before[n]) != bytes(after[n]) for n in after) == writer.EACH_TIME
    assert texts_waiting() == ["宿舍没有热水"]


@pytest.mark.django_db
def test_nothing_due_writes_nothing_and_the_full_hour_writes_every_cell(spooling, delivered):
    spooling.write()
    before = dict(SpoolCell.objects.values_list("n", "sealed"))
    spool.deliver()
    assert dict(SpoolCell.objects.values_list("n", "sealed")) == before
    spool.deliver(rewrite=True)
    after = dict(SpoolCell.objects.values_list("n", "sealed"))
    assert all(bytes(before[n]) != bytes(after[n]) for n in range(pool.CELLS))


@pytest.mark.django_db
def test_a_long_message_takes_several_writings_and_is_whole_or_not_there(spooling, delivered):
    entry = spooling.take(message(LONG))
    parts = len(entry.parts)
    assert parts > 8
    spooling.write()
    assert not entry.is_in.is_set()
    assert texts_waiting() == []
    with timezone.frozen(AT_THE_HOUR):
        assert spool.deliver(rewrite=True) == 0  # what is in it only in part stays
    while not entry.is_in.is_set():
        spooling.write()
    assert texts_waiting() == [LONG]
    with timezone.frozen(AT_THE_HOUR):
        spool.deliver(rewrite=True)
    assert delivered == [LONG]


@pytest.mark.django_db
def test_the_beginning_of_a_message_that_was_never_acknowledged_is_soon_forgotten(spooling, delivered):
    with timezone.frozen(NOON):
        spooling.take(message(LONG))
        spooling.write()
    with timezone.frozen(NOON + timedelta(minutes=1)):
        spool.deliver(rewrite=True)
        assert len([part for part in pool.read_cells()[0].values() if part]) == 4
    with timezone.frozen(NOON + timedelta(minutes=3)):
        spool.deliver(rewrite=True)
        assert not any(pool.read_cells()[0].values())
    assert delivered == []


@pytest.mark.django_db
def test_however_many_wait_four_cells_change(spooling, delivered):
    spooling.write()
    entries = [spooling.take(message(f"第{n}条")) for n in range(9)]
    writings = 0
    while not all(entry.is_in.is_set() for entry in entries):
        before = dict(SpoolCell.objects.values_list("n", "sealed"))
        spooling.write()
        after = dict(SpoolCell.objects.values_list("n", "sealed"))
        assert sum(bytes(before[n]) != bytes(after[n]) for n in after) == 4
        writings += 1
    assert 3 <= writings <= 5
    assert sorted(texts_waiting()) == sorted(f"第{n}条" for n in range(9))


@pytest.mark.django_db
def test_the_same_message_sent_many_times_at_once_goes_in_once(spooling, delivered):
    assert len({id(spooling.take(message())) for _ in range(50)}) == 1
    spooling.write()
    assert texts_waiting() == ["宿舍没有热水"]


@pytest.mark.django_db
def test_a_commit_whose_answer_was_lost_doubles_and_loses_nothing(spooling, delivered):
    spool.put(message())
    spool.put(message())  # the writer could not know that the same parts are in
    assert sum(part is not None for part in pool.read_cells()[0].values()) == 2
    assert texts_waiting() == ["宿舍没有热水"]
    with timezone.frozen(AT_THE_HOUR):
        assert spool.deliver(rewrite=True) == 1
    assert delivered == ["宿舍没有热水"]


@pytest.mark.django_db
def test_no_look_of_a_request_touches_the_table(delivered, monkeypatch):
    """PostgreSQL tidies a table as it is read, and its write-ahead log says when."""
    of_a_web_process = writer.Writer()
    monkeypatch.setattr(writer, "_writer", of_a_web_process)
    of_a_web_process.take(message())
    of_a_web_process.write()
    with CaptureQueriesContext(connection) as asked:
        assert texts_waiting() == ["宿舍没有热水"]
    assert asked.captured_queries == []


def test_whoever_needs_what_is_newest_waits_for_the_next_look(monkeypatch):
    fresh = writer.Writer()
    monkeypatch.setattr(writer, "PATIENCE", 20.0)
    seen = []
    looker = threading.Thread(target=lambda: seen.append(fresh.messages(fresh=True)))
    with monkeypatch.context() as now:
        now.setattr(writer, "lock_cells", lambda: None)
        now.setattr(writer, "read_cells", lambda: (dict.fromkeys(range(1024)), {}))
        now.setattr(writer, "put_into_cells", lambda *_: 0)
        now.setattr(writer.transaction, "atomic", contextlib.nullcontext)
        looker.start()
        time.sleep(0.2)
        assert seen == []
        fresh.write()
        looker.join(5)
    assert seen == [[]]


@pytest.mark.django_db
def test_what_cannot_be_delivered_stays_and_blocks_nobody(spooling, delivered, caplog):
    for text in ("一", "坏消息：张三", "二"):
        spool.put(message(text))
    with timezone.frozen(AT_THE_HOUR), caplog.at_level(logging.ERROR):
        assert spool.deliver(rewrite=True) == 2
    assert sorted(delivered) == ["一", "二"]
    assert texts_waiting() == ["坏消息：张三"]
    assert "ValueError" in caplog.text
    assert "张三" not in caplog.text
    with timezone.frozen(AT_THE_HOUR + timedelta(hours=1)):
        assert spool.troubles() == (1, 0)


@pytest.mark.django_db
def test_what_is_refused_is_kept_with_its_reason_for_thirty_days(spooling, delivered):
    spool.put(message("晚了一步"))
    with timezone.frozen(AT_THE_HOUR):
        spool.deliver(rewrite=True)
        (kept,) = spool.waiting("test")
        assert kept.refused == "这件事已经办结。"
        assert spool.troubles() == (0, 0)
    with timezone.frozen(AT_THE_HOUR + timedelta(days=30, hours=1)):
        spool.deliver(rewrite=True)
    assert texts_waiting() == []


@pytest.mark.django_db
def test_those_of_one_group_keep_their_order_and_the_others_none(spooling, delivered):
    for n in range(12):
        spool.put(message(f"甲{n}", group="甲", position=n))
        spool.put(message(f"散{n}"))
    with timezone.frozen(AT_THE_HOUR):
        spool.deliver(rewrite=True)
    assert [text for text in delivered if text.startswith("甲")] == [f"甲{n}" for n in range(12)]
    alone = [text for text in delivered if text.startswith("散")]
    assert sorted(alone) == sorted(f"散{n}" for n in range(12))
    assert alone != [f"散{n}" for n in range(12)]  # one in 479 million is


@pytest.fixture
def small(monkeypatch):
    """A spool of 40 cells."""
    for module in (pool, writer, delivery):
        monkeypatch.setattr(module, "CELLS", 40)


@pytest.mark.django_db
def test_a_crowded_spool_passes_on_the_longest_first_and_the_others_at_their_hour(small, spooling, delivered):
    with timezone.frozen(NOON):
        spool.put(message("短"))
        spool.put(message(LONG))
        assert spool.deliver() == 0
        spool.put(message(LONG + "二"))
        spool.put(message(LONG + "三"))
        assert spool.deliver() == 2
    assert "短" not in delivered
    with timezone.frozen(AT_THE_HOUR):
        spool.deliver(rewrite=True)
    assert "短" in delivered


@pytest.mark.django_db
def test_what_is_refused_fills_no_spool_and_stops_no_delivery(small, spooling, delivered, monkeypatch):
    monkeypatch.setattr(delivery, "MOST_REFUSED", 10)
    with timezone.frozen(NOON):
        for n in range(38):
            spool.put(message(f"晚了{n}", due=NOON + timedelta(seconds=n)))
    with timezone.frozen(AT_THE_HOUR):
        assert spool.deliver(rewrite=True) == 0
        assert len(texts_waiting()) == 10
        spool.put(message("还进得来", due=AT_THE_HOUR))
        assert spool.deliver() == 1


@pytest.mark.django_db
def test_what_cannot_be_delivered_holds_back_what_comes_after_it_in_its_group(spooling, delivered):
    for n, text in enumerate(("先", "坏了", "后")):
        spool.put(message(text, group="甲", position=n))
    with timezone.frozen(AT_THE_HOUR):
        assert spool.deliver(rewrite=True) == 1
    assert delivered == ["先"]
    assert sorted(texts_waiting()) == ["后", "坏了"]


@pytest.mark.django_db
def test_when_transactions_meet_all_of_it_is_done_once_more(spooling, delivered, monkeypatch):
    spool.put(message("一"))

    def meets(_content):
        raise OperationalError("deadlock detected") from psycopg.errors.DeadlockDetected()

    with timezone.frozen(AT_THE_HOUR):
        with monkeypatch.context() as now:
            now.setitem(delivery._handlers, "test", meets)
            with pytest.raises(OperationalError), transaction.atomic():
                spool.deliver(rewrite=True)
        assert texts_waiting() == ["一"]
        assert spool.deliver(rewrite=True) == 1


@pytest.mark.django_db
def test_a_cell_that_does_not_open_is_left_alone_and_told_of(spooling, delivered, caplog):
    spool.put(message("一"))
    free = next(cell for cell in SpoolCell.objects.all() if cells.opened(cell.n, bytes(cell.sealed)) is None)
    SpoolCell.objects.filter(pk=free.pk).update(sealed=bytes(2048))
    with timezone.frozen(AT_THE_HOUR), caplog.at_level(logging.ERROR):
        assert spool.deliver(rewrite=True) == 1
    assert bytes(SpoolCell.objects.get(pk=free.pk).sealed) == bytes(2048)
    assert "1 cells" in caplog.text


@pytest.mark.django_db
def test_when_a_key_is_lost_only_what_does_not_open_is_forgotten(spooling, delivered):
    spool.put(message("一"))
    free = next(cell for cell in SpoolCell.objects.all() if cells.opened(cell.n, bytes(cell.sealed)) is None)
    SpoolCell.objects.filter(pk=free.pk).update(sealed=bytes(2048))
    spool.forget_foreign()
    assert texts_waiting() == ["一"]
    assert spool.troubles()[1] == 0


def test_nothing_goes_round_the_spool_where_it_cannot_write(monkeypatch):
    monkeypatch.setattr(writer, "PATIENCE", 0.05)
    silent = writer.Writer()
    with pytest.raises(spool.SpoolBusy):
        silent.put(message())
    assert silent._entries == []


def test_no_more_wait_than_leave_threads_for_the_others(monkeypatch):
    monkeypatch.setattr(writer, "PATIENCE", 1.0)
    silent = writer.Writer()
    outcomes = []

    def send(n):
        begun = time.monotonic()
        with pytest.raises(spool.SpoolBusy):
            silent.put(message(f"第{n}条"))
        outcomes.append(time.monotonic() - begun)

    threads = [threading.Thread(target=send, args=[n]) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sum(took < 0.5 for took in outcomes) == 4


@pytest.mark.django_db
def test_a_cell_lies_in_its_row(spooling):
    """Beside the row, its size and its own transaction would tell."""
    spooling.write()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attstorage FROM pg_attribute WHERE attrelid = 'kernel_spoolcell'::regclass AND attname = 'sealed'"
        )
        assert cursor.fetchone() == ("p",)
        cursor.execute("SELECT min(pg_column_size(sealed)), max(pg_column_size(sealed)) FROM kernel_spoolcell")
        smallest, largest = cursor.fetchone()
        assert smallest == largest
