"""Batches, checkpoints, proofs; and whoever owns the database plays with it and is found out."""

import json
from base64 import b64decode
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.ledger import merkle
from lianxin.ledger.entries import TILE, entry_of, pad_leaves
from lianxin.ledger.models import Batch, Checkpoint, Erased, Event, Origin, Pending, Tile
from lianxin.ledger.notes import Verifier, notes_in
from lianxin.ledger.proofs import Proof
from lianxin.ledger.queries import (
    checkpoint_of_the_day,
    consistency_between,
    daily_checkpoints,
    latest_checkpoint,
    note_at,
    proof_of,
)
from lianxin.ledger.queries.rows import row_of
from lianxin.ledger.services import append_event, close_batch, erase_event
from lianxin.ledger.services.closing import PUBLISHED
from tests.factories.org import PersonFactory
from tests.ledger.conftest import TEN, hour, looked_at, notes, one_event, problems, sizes, three_hours


@pytest.fixture
def li_na(db):
    return PersonFactory(name="李娜")


def test_every_hour_grows_by_full_tiles_busy_or_not(li_na):
    three_hours(li_na)
    # 10 events and the one that opens the record; none; 300.
    assert sizes() == [256, 512, 1024]
    assert list(Batch.objects.order_by("no").values_list("pads", flat=True)) == [245, 256, 212]
    assert not Pending.objects.exists()
    found = looked_at()
    assert (found.events, found.pending, found.batches, found.size, found.findings) == (311, 0, 3, 1024, [])
    leaves = b"".join(bytes(tile.hashes) for tile in Tile.objects.order_by("n"))
    in_order = [leaves[start : start + 32] for start in range(0, len(leaves), 32)]
    assert bytes(Batch.objects.get(no=2).root) == merkle.root(in_order) == found.root
    assert in_order[512:] == sorted(in_order[512:])


def test_an_hour_is_closed_once_and_what_comes_late_falls_into_the_next(li_na):
    hour(0, {"action": "submit"})
    with timezone.frozen(TEN + timedelta(hours=1, minutes=50)):
        assert close_batch() is None
    append_event(subject_type="case", subject_id=7, action="accept", at=TEN + timedelta(minutes=50))
    assert (problems(), looked_at().pending) == ([], 1)
    assert hour(5).no == 1
    assert (problems(), looked_at().pending, sizes()) == ([], 0, [256, 512])


def test_checkpoints_are_signed_notes_of_one_name(li_na, data_dir):
    three_hours(li_na)
    origin = Origin.objects.get()
    assert (origin.name, origin.reason) == ("say.example.com/record", "first")
    key = Verifier.parse(origin.key)
    assert str(key) == origin.key
    for note, size in zip(notes(), sizes(), strict=True):
        assert 180 < len(note) < 220
        (read,) = notes_in(f"各位同事：\n\n{note}\n请保存。")
        assert (read.text, read.origin, read.size) == (note, "say.example.com/record", size)
        assert key.accepts(read)
        assert note_at(size) == note
    (forged,) = notes_in(notes()[0].replace("\n256\n", "\n512\n"))
    assert not key.accepts(forged)
    assert (data_dir / PUBLISHED).read_text() == latest_checkpoint().note == notes()[-1]
    with pytest.raises(NotFound):
        note_at(300)


def test_the_checkpoint_of_a_day_is_the_first_of_the_day(li_na):
    for number in range(0, 40, 2):  # from ten o'clock UTC, which is six in the evening
        hour(number)
    days = [(str(each.day), timezone.to_the_hour(each.batch.closed_at)) for each in daily_checkpoints()]
    assert checkpoint_of_the_day() == daily_checkpoints()[0]
    assert [day for day, _at in days] == ["2026-12-02", "2026-12-01", "2026-11-30"]
    assert days[1][1] == TEN + timedelta(hours=7)  # one in the night there


def test_a_later_checkpoint_contains_each_earlier_one(li_na):
    three_hours(li_na)
    hour(3, {"action": "close"})
    roots = {batch.size: bytes(batch.root) for batch in Batch.objects.all()}
    for first in sizes():
        for second in sizes():
            told = {"first": first, "second": second}
            if first > second:
                with pytest.raises(NotFound):
                    consistency_between(first, second)
                continue
            proof = consistency_between(first, second)
            both = {"first_root": roots[first], "second_root": roots[second]}
            assert merkle.proves_consistency(**told, **both, proof=proof)
    with pytest.raises(NotFound):
        consistency_between(256, 768)


def test_each_event_has_a_proof_that_names_nobody(li_na):
    three_hours(li_na)
    waiting = append_event(subject_type="case", subject_id=8, action="submit")
    assert proof_of(waiting.pk) is None
    for event in Event.objects.exclude(pk=waiting.pk)[::20]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            told = proof_of(event.pk)
        assert len(queries) <= 8
        proof = Proof.parse(json.dumps(told))
        assert proof.holds()
        assert (proof.event["id"], proof.event["at"][:13]) == (str(event.pk), event.at.isoformat()[:13])
    event = one_event(action="step3")
    proof = Proof.parse(json.dumps(proof_of(event.pk)))
    assert proof.event["actor"] not in (None, li_na.pk, str(li_na.pk))
    assert bytes(event.salt).hex() not in json.dumps(proof_of(event.pk))
    told = proof_of(event.pk)
    for name, other in (
        ("event", told["event"].replace("step3", "step4")),
        ("index", told["index"] ^ 1),
        ("salt", "00" * 32),
        ("checkpoint", notes()[1]),
    ):
        assert not Proof.parse(json.dumps(told | {name: other})).holds()
    with pytest.raises(ValueError):
        Proof.parse('{"format": "lianxin-proof/1"}')


def test_fractions_and_all_letters_are_the_same_whoever_reads_them(li_na):
    said = {
        "p": 1e-7,
        "half": 0.5,
        "whole": 2.0,
        "big": 2**60,
        "text": '换行\n和\t制表\\以及“引号”"',
        "at": TEN,
        "键": None,
    }
    hour(0, {"action": "odd", "data": said})
    assert problems() == []


# Whoever owns the database may lift every guard. What they do is found.


@pytest.fixture
def record(transactional_db):
    three_hours()
    return notes()


def test_what_was_changed_is_named(record, unguarded):
    event = one_event(action="step4")
    with unguarded() as owner:
        owner.execute("UPDATE ledger_event SET action = 'praise' WHERE id = %s", [event.pk])
    (finding,) = looked_at().findings
    assert finding.problem == "changed"
    assert finding.about == f"{event.pk} · case 7 · praise"
    assert finding.at == event.at


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_id = NULL",
        "internal = NOT internal",
        "data = data || '{\"x\": 1}'",
        "salt = sha256(salt)",
        "version = version + 1",
        "from_state = 'new'",
        "role = 'leader'",
        "subject_id = '8'",
    ],
)
def test_no_column_can_be_changed(record, unguarded, change):
    with unguarded() as owner:
        owner.execute("UPDATE ledger_event SET " + change + " WHERE action = 'step4'")  # noqa: S608
    assert problems() == ["changed"]


def test_what_was_removed_is_named_by_its_hour(record, unguarded):
    event = one_event(action="step4")
    with unguarded() as owner:
        owner.execute("DELETE FROM ledger_event WHERE id = %s", [event.pk])
    (finding,) = looked_at().findings
    assert (finding.problem, finding.at, finding.about) == ("removed", TEN + timedelta(hours=1), "0")


def test_what_was_put_in_is_named(record, unguarded):
    with unguarded() as owner:
        owner.execute(
            "INSERT INTO ledger_event (id, subject_type, subject_id, action, from_state, to_state, version, role,"
            " internal, at, data) VALUES (gen_random_uuid(), 'case', '7', 'answer', '', '', 3, 'handler', false,"
            " %s, '{}')",
            [TEN + timedelta(minutes=30)],
        )
    (finding,) = looked_at().findings
    assert finding.problem == "inserted"
    assert finding.about.endswith("case 7 · answer")


def test_what_was_put_in_through_the_front_door_bears_another_hour_than_its_batch(record):
    """Whoever may append an event of an earlier hour gets it into the tree, and is shown."""
    hour(3, {"action": "praise", "at": TEN + timedelta(minutes=30)}, {"action": "close"})
    found = looked_at()
    assert found.findings == []
    (late,) = found.late
    assert (late.at, late.about.split(" · ")[1:]) == (TEN + timedelta(minutes=30), ["case 7", "praise"])


def test_a_removed_event_cannot_be_called_a_pad(record, unguarded):
    with unguarded() as owner:
        owner.execute("DELETE FROM ledger_event WHERE action = 'step4'")
        owner.execute("UPDATE ledger_batch SET pads = pads + 1 WHERE no = 0")
    assert sorted(problems()) == ["removed", "tree"]


def test_a_tree_made_anew_does_not_fit_its_checkpoint_nor_one_that_was_kept(record, unguarded):
    """Without an event, with one more pad, all roots computed again."""
    event, batch = one_event(action="step4"), Batch.objects.get(no=0)
    gone = entry_of(row_of(event.pk)).leaf
    hashes = bytes(Tile.objects.get(pk=0).hashes)
    leaves = {hashes[start : start + 32] for start in range(0, 8192, 32)} - {gone}
    leaves = sorted([*leaves, pad_leaves(bytes(batch.pad_seed), batch.pads + 1)[-1]])
    tree = merkle.Growing()
    with unguarded() as owner:
        owner.execute("DELETE FROM ledger_event WHERE id = %s", [event.pk])
        new = [b"".join(leaves), merkle.root(leaves)]
        owner.execute("UPDATE ledger_tile SET hashes = %s, root = %s WHERE n = 0", new)
        roots = [bytes(tile.root) for tile in Tile.objects.order_by("n")]
        for each in Batch.objects.order_by("no"):
            while tree.size < each.size // TILE:
                tree.add(roots[tree.size])
            owner.execute("UPDATE ledger_batch SET root = %s WHERE no = %s", [tree.root(), each.no])
        owner.execute("UPDATE ledger_batch SET pads = pads + 1 WHERE no = 0")
    assert problems() == ["signature"] * 3
    # Whoever has the signing key as well signs anew: only a checkpoint that somebody kept tells.
    with unguarded() as owner:
        owner.execute("DELETE FROM ledger_checkpoint")
    with timezone.frozen(TEN + timedelta(hours=3, minutes=6)):
        close_batch()
    assert problems() == []
    assert problems(since=notes_in(record[1])) == ["other_history"]


def test_tiles_batches_and_checkpoints_cannot_go(record, unguarded):
    with unguarded() as owner:
        owner.execute("DELETE FROM ledger_checkpoint WHERE batch_id = 1")
        assert problems() == ["unsigned"]
        owner.execute("DELETE FROM ledger_batch WHERE no = 1")
        assert set(problems()) >= {"tree"}
        owner.execute("DELETE FROM ledger_tile WHERE n = 1")
        assert set(problems()) >= {"tree"}


def test_an_earlier_checkpoint_is_compared(record):
    told = looked_at(since=[note for text in record for note in notes_in(text)])
    assert (told.findings, told.compared) == ([], 3)
    other = record[0].replace("say.example.com", "other.example.com")
    assert problems(since=notes_in(other)) == ["unknown_note"]
    key = Verifier.parse(Origin.objects.get().key)
    assert problems(since=notes_in(record[0]), key=key) == []
    assert "unknown_note" in problems(key=Verifier(key.name, bytes(32)))


# The law


def as_owner(owner, call):
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(USER=owner.info.user, PASSWORD=owner.info.password)
    try:
        return call()
    finally:
        connection.close()
        connection.settings_dict.update(before)


def test_an_erased_event_is_gone_and_the_record_valid(record, owner):
    event, audit_admin = one_event(action="step4"), PersonFactory(name="郑审")
    erase = lambda pk: erase_event(pk, ground="个保法第47条", actor_id=audit_admin.pk, role="audit_admin")  # noqa: E731
    with pytest.raises(DatabaseError):
        erase(event.pk)  # not as the application
    with timezone.frozen(TEN + timedelta(hours=3, minutes=20)):
        told = as_owner(owner, lambda: erase(event.pk))
    assert told.data["ground"] == "个保法第47条"
    assert not Event.objects.filter(pk=event.pk).exists()
    assert bytes(Erased.objects.get().leaf).hex() == told.data["leaf"]
    hour(3)
    found = looked_at(since=[note for text in record for note in notes_in(text)])
    assert (found.findings, found.erased) == ([], 1)
    with pytest.raises(ValidationFailed, match="删除登记"):
        as_owner(owner, lambda: erase(told.pk))
    with pytest.raises(NotFound):
        as_owner(owner, lambda: erase(event.pk))
    waiting = append_event(subject_type="case", subject_id=8, action="submit")
    with pytest.raises(ValidationFailed, match="整点"):
        as_owner(owner, lambda: erase(waiting.pk))


def test_nothing_is_erased_in_silence(record, unguarded):
    event = one_event(action="step4")
    leaf = entry_of(row_of(event.pk)).leaf
    with unguarded() as owner:
        owner.execute("DELETE FROM ledger_event WHERE id = %s", [event.pk])
        owner.execute("INSERT INTO ledger_erased VALUES (%s, gen_random_uuid())", [leaf])
    assert problems() == ["erased"]


def test_one_erasure_covers_no_other_event(record, owner, unguarded):
    event, other = one_event(action="step4"), one_event(action="step5")
    leaf = entry_of(row_of(other.pk)).leaf
    with timezone.frozen(TEN + timedelta(hours=3, minutes=20)):
        told = as_owner(
            owner, lambda: erase_event(event.pk, ground="x", actor_id=PersonFactory().pk, role="audit_admin")
        )
    hour(3)
    assert problems() == []
    with unguarded():
        owner.execute("DELETE FROM ledger_event WHERE id = %s", [other.pk])
        owner.execute("INSERT INTO ledger_erased VALUES (%s, %s)", [leaf, told.pk])
    assert problems() == ["erased"]


# What cannot go on under the same name


def test_a_database_put_back_to_an_earlier_day_goes_on_under_another_name(record, unguarded):
    with unguarded() as owner:  # as a copy of before the last hour would have it
        owner.execute("DELETE FROM ledger_checkpoint WHERE batch_id = 2")
        owner.execute("DELETE FROM ledger_batch WHERE no = 2")
        owner.execute("DELETE FROM ledger_tile WHERE n >= 2")
        owner.execute("DELETE FROM ledger_event WHERE action = 'answer'")
    hour(4, {"action": "again"})
    assert [origin.name for origin in Origin.objects.order_by("no")] == [
        "say.example.com/record",
        "say.example.com/record/2",
    ]
    opened = Event.objects.get(subject_type="ledger.origin", subject_id="2")
    assert (opened.data["reason"], opened.data["after"]["size"]) == ("behind", 512)
    assert b64decode(opened.data["after"]["root"]) == bytes(Batch.objects.get(no=1).root)
    assert problems(since=[*notes_in(record[0]), *notes_in(record[1])]) == []
    assert problems(since=notes_in(record[2])) == ["lost"]
    hour(5)
    assert Origin.objects.count() == 2
    (newest,) = notes_in(latest_checkpoint().note)
    assert newest.origin == "say.example.com/record/2"


def test_another_signing_key_is_another_name(record, settings):
    settings.LIANXIN_RECORD_KEY = "another key"
    hour(3)
    hour(4)
    assert [origin.reason for origin in Origin.objects.order_by("no")] == ["first", "key"]
    assert Checkpoint.objects.count() == 5
    assert problems(since=[note for text in record for note in notes_in(text)]) == []
