"""Whether a record is what it was: every event in its place, nothing more and nothing less, all of it as published.

Works on rows as text (see `dumps`), so that a database, a dump and an archive are checked by the same code.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from lianxin.ledger import merkle
from lianxin.ledger.dumps import Table, Values, moment, number, octets, text, truth
from lianxin.ledger.entries import TILE, Row, entry_of, pad_leaves, parsed
from lianxin.ledger.merkle import SIZE
from lianxin.ledger.notes import Note, Verifier, notes_in

_LATE = timedelta(hours=1)
"""An event falls into the batch of its own hour or of the next."""

Opening = Callable[[], AbstractContextManager[Iterator[Table]]]


class Problem(StrEnum):
    """What can be wrong with a record."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    DOUBTFUL = "doubtful"
    TREE = "tree"
    ERASED = "erased"
    UNSIGNED = "unsigned"
    SIGNATURE = "signature"
    UNKNOWN_NOTE = "unknown_note"
    LOST = "lost"
    LATE = "late"
    OTHER_HISTORY = "other_history"


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was: where, and of which event or checkpoint, as far as can be told."""

    problem: Problem
    at: datetime | None = None
    about: str = ""


@dataclass
class Verified:
    """What was looked at, and what is wrong with it."""

    events: int = 0
    pending: int = 0
    erased: int = 0
    batches: int = 0
    size: int = 0
    root: bytes = merkle.EMPTY
    origins: list["Origin"] = field(default_factory=list)
    compared: int = 0
    """Checkpoints of others that were compared."""
    findings: list[Finding] = field(default_factory=list)
    late: list[Finding] = field(default_factory=list)
    """Events that came into the tree hours after the time they bear: recorded after the fact, or put in."""


class Origin(NamedTuple):
    no: int
    name: str
    key: str
    reason: str


class Batch(NamedTuple):
    no: int
    origin: int
    closed_at: datetime
    size: int
    pads: int
    pad_seed: bytes
    root: bytes


class Tile(NamedTuple):
    n: int
    hashes: bytes
    root: bytes

    def leaves(self) -> list[bytes]:
        return [self.hashes[start : start + SIZE] for start in range(0, len(self.hashes), SIZE)]


class _Record:
    """The rows of all tables; of events, their leaves and what waits for a batch."""

    def __init__(self, tables: Iterator[Table], advance: Callable[[int], object]) -> None:
        self.batches: list[Batch] = []
        self.tiles: list[Tile] = []
        self.origins: dict[int, Origin] = {}
        self.notes: dict[int, str] = {}
        self.erased: dict[bytes, str] = {}
        self.gone: set[bytes] = set()
        """Of these, whose place in the tree is nobody else's."""
        self.erasing: dict[str, str] = {}
        """Of events that say so, which leaf they erased."""
        self.leaves: dict[bytes, int] = {}
        """Of events, each with the hour that it bears."""
        self.late: set[bytes] = set()
        self.events = 0
        self.waiting: set[str] = set()
        for name, rows in tables:
            take = getattr(self, f"_take_{name}")
            for row in rows:
                take(row)
                advance(1)
        self.batches.sort()
        self.tiles.sort()

    def _take_batch(self, row: Values) -> None:
        self.batches.append(
            Batch(
                number(row["no"]),
                number(row["origin_id"]),
                moment(row["closed_at"]),
                number(row["size"]),
                number(row["pads"]),
                octets(row["pad_seed"]),
                octets(row["root"]),
            )
        )

    def _take_tile(self, row: Values) -> None:
        self.tiles.append(Tile(number(row["n"]), octets(row["hashes"]), octets(row["root"])))

    def _take_origin(self, row: Values) -> None:
        no = number(row["no"])
        self.origins[no] = Origin(no, text(row["name"]), text(row["key"]), text(row["reason"]))

    def _take_checkpoint(self, row: Values) -> None:
        self.notes[number(row["batch_id"])] = text(row["note"])

    def _take_erased(self, row: Values) -> None:
        self.erased[octets(row["leaf"])] = text(row["erased_by"])

    def _take_pending(self, row: Values) -> None:
        self.waiting.add(text(row["event_id"]))

    def _take_event(self, row: Values) -> None:
        event = _event(row)
        self.events += 1
        self.leaves[entry_of(event).leaf] = _hour(event.at)
        if event.action == "erase":
            self.erasing[str(event.id)] = str(event.data.get("leaf", ""))


def _event(row: Values) -> Row:
    actor = row["actor_id"]
    return Row(
        UUID(text(row["id"])),
        octets(row["salt"]),
        text(row["subject_type"]),
        text(row["subject_id"]),
        text(row["action"]),
        text(row["from_state"]),
        text(row["to_state"]),
        number(row["version"]),
        int(actor) if actor is not None else None,
        text(row["role"]),
        truth(row["internal"]),
        moment(row["at"]),
        parsed(text(row["data"])),
    )


def verify(
    opened: Opening,
    *,
    since: Collection[Note] = (),
    key: Verifier | None = None,
    advance: Callable[[int], object] = lambda _rows: None,
) -> Verified:
    """Compare events, tree and checkpoints with each other, and with checkpoints that somebody kept.

    Args:
        opened: opens the tables; once more, if something is wrong, to say what.
        since: checkpoints that were published, as they are known elsewhere.
        key: the key that is known elsewhere; else the record is believed which keys were its own.
        advance: called with the number of rows that were read.
    """
    with opened() as tables:
        record = _Record(tables, advance)
    found = Verified(
        events=record.events,
        pending=len(record.waiting),
        erased=len(record.erased),
        batches=len(record.batches),
        origins=[record.origins[no] for no in sorted(record.origins)],
    )
    missing = _compare_tree(record, found)
    _compare_erased(record, found)
    _compare_notes(record, found, key)
    for note in since:
        _compare_since(record, found, note, key)
    if missing or record.leaves or record.late:
        with opened() as tables:
            found.findings[:0] = _named(record, missing, tables, found.late)
    return found


def _compare_tree(record: _Record, found: Verified) -> Counter[int]:
    """Take out of the record each leaf that has its place; return of each batch how many leaves are no event's."""
    tree, missing = merkle.Growing(), Counter[int]()
    tiles = {tile.n: tile for tile in record.tiles}
    left = set(tiles)
    size, events, before = 0, record.leaves, 0
    for position, batch in enumerate(record.batches):
        numbers = range(size // TILE, batch.size // TILE)
        these = [tiles[n] for n in numbers if n in tiles]
        left.difference_update(numbers)
        whole = len(these) == len(numbers) > 0 and batch.size % TILE == 0 and batch.no == position
        leaves: list[bytes] = []
        for tile in these:
            part = tile.leaves()
            whole = whole and len(tile.hashes) == TILE * SIZE and merkle.root(part) == tile.root
            leaves += part
            tree.add(tile.root)
        pads = set(pad_leaves(batch.pad_seed, batch.pads)) if 0 <= batch.pads <= TILE else set()
        whole = whole and leaves == sorted(leaves) and tree.root() == batch.root
        for leaf in leaves:
            if (at := events.pop(leaf, None)) is not None:
                if at < before:
                    record.late.add(leaf)
            elif leaf in pads:
                pads.remove(leaf)
            elif leaf in record.erased:
                record.gone.add(leaf)
            else:
                missing[position] += 1
        if not whole or pads:
            found.findings.append(Finding(Problem.TREE, batch.closed_at, str(batch.no)))
        size, before = batch.size, _hour(batch.closed_at - _LATE)
    if left:
        found.findings.append(Finding(Problem.TREE, about=f"{min(left)}–{max(left)}"))
    found.size, found.root = size, tree.root()
    return missing


def _compare_erased(record: _Record, found: Verified) -> None:
    """See that each erasure is of something that was there, and stands on the record: one for each."""
    for leaf, by in record.erased.items():
        if leaf not in record.gone or record.erasing.get(by) != leaf.hex():
            found.findings.append(Finding(Problem.ERASED, about=by))


def _compare_notes(record: _Record, found: Verified, key: Verifier | None) -> None:
    """See that each batch has its checkpoint, signed by the key of its origin."""
    if key is not None and str(key) not in {origin.key for origin in record.origins.values()}:
        found.findings.append(Finding(Problem.UNKNOWN_NOTE, about=str(key)))
    for batch in record.batches:
        told = record.notes.get(batch.no)
        if told is None:
            if batch is not record.batches[-1]:
                found.findings.append(Finding(Problem.UNSIGNED, batch.closed_at, str(batch.no)))
            continue
        notes, origin = notes_in(told), record.origins.get(batch.origin)
        fits = len(notes) == 1 and (notes[0].size, notes[0].root) == (batch.size, batch.root)
        if not fits or origin is None or not _accepts(origin.key, notes[0]):
            found.findings.append(Finding(Problem.SIGNATURE, batch.closed_at, str(batch.no)))


def _compare_since(record: _Record, found: Verified, note: Note, key: Verifier | None) -> None:
    """Compare with a checkpoint that somebody kept."""
    found.compared += 1
    about = f"{note.origin} {note.size}"
    origin = next((each for each in record.origins.values() if each.name == note.origin), None)
    known = key if key is not None and key.name == note.origin else None
    accepted = known.accepts(note) if known else origin is not None and _accepts(origin.key, note)
    if origin is None or not accepted:
        found.findings.append(Finding(Problem.UNKNOWN_NOTE, about=about))
        return
    batch = next((batch for batch in record.batches if batch.size == note.size), None)
    if batch is None or (batch.origin, batch.root) != (origin.no, note.root):
        ended = max((batch.size for batch in record.batches if batch.origin == origin.no), default=0)
        cut = note.size > ended and any(each.no > origin.no for each in record.origins.values())
        found.findings.append(Finding(Problem.LOST if cut else Problem.OTHER_HISTORY, about=about))


def _accepts(key: str, note: Note) -> bool:
    try:
        return Verifier.parse(key).accepts(note)
    except ValueError:
        return False


def _named(record: _Record, missing: Counter[int], tables: Iterator[Table], late: list[Finding]) -> list[Finding]:
    """Say which events are not in the tree, and of which hours events are gone.

    An event that is in no tree, of an hour in which a leaf is no event's, was changed; without such a leaf it was put
    in; a leaf without such an event was an event that is gone.
    """
    homes = {batch.closed_at: position for position, batch in enumerate(record.batches)}
    strays: dict[int | None, list[Finding]] = defaultdict(list)
    for name, rows in tables:
        for row in rows if name == "event" else ():
            event = _event(row)
            leaf = entry_of(event).leaf
            if leaf in record.late:
                late.append(Finding(Problem.LATE, event.at, _told(event)))
            if leaf in record.leaves and str(event.id) not in record.waiting:
                stray = Finding(Problem.INSERTED, event.at, _told(event))
                strays[_home(event.at, homes, missing)].append(stray)
    named = strays.pop(None, [])
    for position, gone in sorted(missing.items()):
        there = strays.pop(position, [])
        problem = Problem.CHANGED if len(there) <= gone else Problem.DOUBTFUL
        named += [Finding(problem, stray.at, stray.about) for stray in there]
        batch = record.batches[position]
        named += [Finding(Problem.REMOVED, batch.closed_at, str(batch.no))] * max(0, gone - len(there))
    return named


def _home(at: datetime, homes: dict[datetime, int], missing: Counter[int]) -> int | None:
    """The batch with a leaf too many into which an event of that time fell."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    here = [homes[moment] for moment in (hour, hour + _LATE) if homes.get(moment) in missing]
    if here:
        return here[0]
    later = [position for moment, position in homes.items() if moment >= hour and position in missing]
    return min(later, default=None)


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def _told(event: Row) -> str:
    return f"{event.id} · {event.subject_type} {event.subject_id} · {event.action}"


def summed(findings: Collection[Finding]) -> list[tuple[Finding, int]]:
    """Equal findings once, with their number."""
    return [(finding, len(list(group))) for finding, group in groupby(findings)]
