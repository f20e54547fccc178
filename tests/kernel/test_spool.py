"""The spool: what waits, who can tell, and what is never lost."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.db import OperationalError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.kernel import spool, timezone
from lianxin.kernel.models import SpoolCell
from lianxin.kernel.spool import cells, delivery, pool, writer

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
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
            raise spool.Refused("这件事已经办结。")
        texts.append(content["text"])

    monkeypatch.setitem(delivery._handlers, "test", take)
    return texts


def texts_waiting():
    return [one.content["text"] for one in spool.waiting("test")]


@given(
    text=st.text(max_size=9000), group=st.text(max_size=20), position=st.integers(0, 99), refused=st.text(max_size=50)
)
@settings(max_examples=60, deadline=None)
def test_a_message_comes_out_of_its_cells_as_it_went_in(text, group, position, refused):
    sent = spool.Message(kind="test", content={"text": text}, due=NOON, group=group, position=position, refused=refused)
    places = {n: cells.sealed(n, part) for n, part in enumerate(cells.parts_of(sent))}
    assert {len(content) for content in places.values()} == {cells.CELL_BYTES}
    parts = [cells.opened(n, content) for n, content in reversed(places.items())]
    assert cells.joined(parts) == ([sent], [])
    if len(parts) > 1:
        assert cells.joined(parts[1:]) == ([], parts[1:])


def test_free_and_full_cells_look_alike():
    (part,) = cells.parts_of(message())
    free, full = cells.sealed(7, None), cells.sealed(7, part)
    assert len(free) == len(full) == 2048
    assert cells.opened(7, free) is None
    assert free != cells.sealed(7, None)
    # No byte of a thousand of each is more often the same than chance has it.
    for content in (None, part):
        many = [cells.sealed(7, content) for _ in range(300)]
        assert all(len({sealed[place] for sealed in many}) > 120 for place in range(0, 2048, 97))


def test_a_cell_opens_in_its_place_only():
    content = cells.sealed(7, cells.parts_of(message())[0])
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
    long = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(8000))
    entry = spooling.take(message(long))
    parts = len(entry.parts)
    assert parts > 8
    spooling.write()
    assert not entry.is_in.is_set()
    assert texts_waiting() == []
    with timezone.frozen(AT_THE_HOUR):
        assert spool.deliver(rewrite=True) == 0  # what is in it only in part stays
    while not entry.is_in.is_set():
        spooling.write()
    assert texts_waiting() == [long]
    with timezone.frozen(AT_THE_HOUR):
        spool.deliver(rewrite=True)
    assert delivered == [long]


@pytest.mark.django_db
def test_the_beginning_of_a_message_that_was_never_acknowledged_is_forgotten_an_hour_later(spooling, delivered):
    long = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(8000))
    spooling.take(message(long))
    spooling.write()
    with timezone.frozen(AT_THE_HOUR + timedelta(minutes=59)):
        spool.deliver(rewrite=True)
        assert len(pool.read_cells()[0]) == 4
    with timezone.frozen(AT_THE_HOUR + timedelta(minutes=61)):
        spool.deliver(rewrite=True)
        assert pool.read_cells() == ([], {})
    assert delivered == []


@pytest.mark.django_db
def test_many_that_wait_at_once_go_in_together(spooling, delivered):
    entries = [spooling.take(message(f"第{n}条")) for n in range(40)]
    spooling.write()
    assert all(entry.is_in.is_set() for entry in entries)
    assert sorted(texts_waiting()) == sorted(f"第{n}条" for n in range(40))


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
        assert spool.stuck() == 1


@pytest.mark.django_db
def test_what_is_refused_is_kept_with_its_reason_for_thirty_days(spooling, delivered):
    spool.put(message("晚了一步"))
    with timezone.frozen(AT_THE_HOUR):
        spool.deliver(rewrite=True)
        (kept,) = spool.waiting("test")
        assert kept.refused == "这件事已经办结。"
        assert spool.stuck() == 0
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


@pytest.mark.django_db
def test_a_full_spool_is_emptied_before_the_hour(spooling, delivered, monkeypatch):
    monkeypatch.setattr(pool, "CELLS", 40)
    monkeypatch.setattr(writer, "CELLS", 40)
    monkeypatch.setattr(delivery, "CELLS", 40)
    with timezone.frozen(NOON):
        for n in range(20):
            spool.put(message(f"第{n}条"))
        assert spool.deliver() == 0
        spool.put(message("再一条"))
        assert spool.deliver() == 21


@pytest.mark.django_db
def test_when_the_database_fails_in_the_middle_nothing_is_lost(spooling, delivered, monkeypatch):
    spool.put(message("一"))

    def gone(content):
        raise OperationalError("server closed the connection")

    with timezone.frozen(AT_THE_HOUR):
        with monkeypatch.context() as now:
            now.setitem(delivery._handlers, "test", gone)
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


def test_nothing_goes_round_the_spool_where_it_cannot_write(monkeypatch):
    monkeypatch.setattr(writer, "PATIENCE", 0.05)
    silent = writer.Writer()
    with pytest.raises(spool.SpoolBusy):
        silent.put(message())
    assert silent._entries == writer.deque()


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
