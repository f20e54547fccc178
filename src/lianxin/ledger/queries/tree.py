"""What the tree proves: that an event is in it, and that a later tree contains an earlier one."""

from datetime import datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Func, IntegerField, QuerySet, Value
from django.db.models.functions import TruncDate

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.ledger import merkle
from lianxin.ledger.entries import TILE, entry_of
from lianxin.ledger.merkle import SIZE
from lianxin.ledger.models import Batch, Checkpoint, Origin, Tile
from lianxin.ledger.proofs import FORMAT
from lianxin.ledger.queries.events import events_of
from lianxin.ledger.queries.rows import row_of


class Standing(NamedTuple):
    """Where the record stands: the name and key of its checkpoints, the newest one, and of when it is."""

    origin: Origin
    note: str
    size: int
    closed_at: datetime


def standing() -> Standing | None:
    """Where the record stands; None before its first checkpoint."""
    newest = latest_checkpoint()
    return Standing(newest.batch.origin, newest.note, newest.batch.size, newest.batch.closed_at) if newest else None


def latest_checkpoint() -> Checkpoint | None:
    """The newest checkpoint."""
    return _checkpoints().order_by("batch").last()


def checkpoint_of_the_day() -> Checkpoint | None:
    """The first of `daily_checkpoints`, however many there are."""
    newest = latest_checkpoint()
    if newest is None:
        return None
    midnight = datetime.combine(timezone.day_of(newest.batch.closed_at), time(), timezone.zone())
    return _checkpoints().filter(batch__closed_at__gte=midnight).order_by("batch__closed_at").first()


def daily_checkpoints() -> QuerySet[Checkpoint]:
    """The first checkpoint of each day, which holds all of the day before; the newest first, each with its `day`."""
    day = TruncDate("batch__closed_at", tzinfo=timezone.zone())
    return _checkpoints().annotate(day=day).order_by("-day", "batch").distinct("day")


def note_at(size: int) -> str:
    """The checkpoint of that size.

    Raises:
        NotFound: there is none.
    """
    found = Checkpoint.objects.filter(batch__size=size).values_list("note", flat=True).first()
    if found is None:
        raise NotFound
    return found


def origins() -> QuerySet[Origin]:
    """The names under which the record went on, the newest first; mostly one."""
    return Origin.objects.order_by("-no")


def tile_at(number: int) -> bytes:
    """The 256 leaf hashes of a tile.

    Raises:
        NotFound: there is none.
    """
    found = Tile.objects.filter(pk=number).values_list("hashes", flat=True).first()
    if found is None:
        raise NotFound
    return bytes(found)


def consistency_between(first: int, second: int) -> list[bytes]:
    """The proof that the tree of the second size contains the one of the first.

    Raises:
        NotFound: there is no checkpoint of one of the sizes.
    """
    if first > second or set(_sizes(first, second)) != {first, second}:
        raise NotFound
    return merkle.consistency(_tile_roots(second), first // TILE)


def proof_of(event_id: UUID) -> dict[str, Any] | None:
    """The proof that an event is in the record; None while it waits for its batch.

    It leads to the newest checkpoint of a day, as it hangs on the wall; to the newest of all where no other has it yet.

    Raises:
        NotFound: there is no such event.
    """
    row = row_of(event_id)
    if row is None:
        raise NotFound
    entry = entry_of(row)
    index = _index_of(entry.leaf, timezone.to_the_hour(row.at))
    checkpoint = _checkpoint_over(index) if index is not None else None
    if index is None or checkpoint is None:
        return None
    tile = Tile.objects.get(pk=index // TILE)
    path = merkle.path(_leaves(tile), index % TILE)
    path += merkle.path(_tile_roots(checkpoint.batch.size), index // TILE)
    return {
        "format": FORMAT,
        "event": entry.event.decode(),
        "salt": entry.salt.hex(),
        "index": index,
        "proof": [step.hex() for step in path],
        "checkpoint": checkpoint.note,
        "key": checkpoint.batch.origin.key,
    }


def first_proof_of(subject_type: str, subject_id: object) -> dict[str, Any] | None:
    """The proof that the record knows of an object: of its first event; None while that waits for its batch."""
    first = events_of(subject_type, subject_id).first()
    return proof_of(first.pk) if first else None


def _checkpoints() -> QuerySet[Checkpoint]:
    return Checkpoint.objects.select_related("batch__origin")


def _checkpoint_over(index: int) -> Checkpoint | None:
    newest = checkpoint_of_the_day()
    return newest if newest and newest.batch.size > index else latest_checkpoint()


def _sizes(*sizes: int) -> QuerySet[Any, int]:
    return Checkpoint.objects.filter(batch__size__in=sizes).values_list("batch__size", flat=True)


def _tile_roots(size: int) -> list[bytes]:
    roots = Tile.objects.filter(n__lt=size // TILE).order_by("n").values_list("root", flat=True)
    return [bytes(root) for root in roots]


def _leaves(tile: Tile) -> list[bytes]:
    hashes = bytes(tile.hashes)
    return [hashes[start : start + SIZE] for start in range(0, TILE * SIZE, SIZE)]


def _index_of(leaf: bytes, since: datetime) -> int | None:
    """Where the leaf stands: in a batch that was closed after its event, and mostly in the first or second of them."""
    before = Batch.objects.filter(closed_at__lt=since).order_by("no").last()
    place = Func(
        Value(leaf), F("hashes"), template="position(%(expressions)s)", arg_joiner=" in ", output_field=IntegerField()
    )
    tiles = Tile.objects.filter(n__gte=before.size // TILE if before else 0).annotate(place=place).filter(place__gt=0)
    found = tiles.order_by("n").values_list("n", "place").first()
    return found and found[0] * TILE + (found[1] - 1) // SIZE
