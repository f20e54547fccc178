"""Closing a batch: what waits gets its place in the tree, and the tree a signed checkpoint."""

import os
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction

from lianxin.kernel import locks, timezone
from lianxin.ledger.entries import TILE, entry_of, pad_leaves
from lianxin.ledger.enums import Beginning
from lianxin.ledger.merkle import SIZE, Growing, root
from lianxin.ledger.models import Batch, Checkpoint, Origin, Tile
from lianxin.ledger.notes import Note, Signer, notes_in
from lianxin.ledger.queries.rows import read_rows
from lianxin.ledger.services.appending import append_event

ORIGIN = "ledger.origin"
PUBLISHED = "record-checkpoint"
"""Where, in the data directory, the last checkpoint is kept that this system signed: a database that does not know it
was put back to an earlier day.
"""
_AT_ONCE = 20_000  # events in memory
_TAKE = """
WITH taken AS (DELETE FROM ledger_pending WHERE event_id IN (SELECT event_id FROM ledger_pending LIMIT %s)
RETURNING event_id) SELECT {columns} FROM ledger_event JOIN taken ON id = event_id
"""


def close_batch() -> Batch | None:
    """Give every event that waits its place in the tree, fill up to full tiles, then sign.

    Once an hour and in one transaction; what is committed later falls into the next one. An hour without events is
    256 pads, so that the size tells nobody how much there was.

    Returns:
        The new batch, or None where this hour has one.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        locks.hold("ledger.close_batch")
        last, closed_at = _last(), timezone.this_hour()
        batch = _close(cursor, last, closed_at) if last is None or last.closed_at < closed_at else None
    _sign()
    return batch


def begin_anew(reason: Beginning) -> Origin:
    """Let the record go on under a new name, which its next batch bears."""
    number = Origin.objects.count() + 1
    host = urlsplit(settings.LIANXIN_PUBLIC_URL).netloc.rpartition("@")[2] or "lianxin"
    first = Origin.objects.order_by("no").values_list("name", flat=True).first()
    name = f"{first}/{number}" if first else f"{host}/record"
    return Origin.objects.create(no=number, name=name, key=str(_signer(name).verifier), reason=reason)


def _last() -> Batch | None:
    return Batch.objects.select_related("origin").order_by("no").last()


def _signer(name: str) -> Signer:
    return Signer(name, settings.LIANXIN_RECORD_KEY)


def _close(cursor: Any, last: Batch | None, closed_at: Any) -> Batch:
    origin = _origin(last)
    leaves = []
    while rows := read_rows(cursor, _TAKE, [_AT_ONCE]):
        leaves += [entry_of(row).leaf for row in rows]
    seed, pads = os.urandom(SIZE), -len(leaves) % TILE if leaves else TILE
    leaves = sorted([*leaves, *pad_leaves(seed, pads)])
    before = last.size if last else 0
    tiles = [
        Tile(
            n=(before + start) // TILE,
            hashes=b"".join(leaves[start : start + TILE]),
            root=root(leaves[start : start + TILE]),
        )
        for start in range(0, len(leaves), TILE)
    ]
    tree = Growing()
    for known in Tile.objects.order_by("n").values_list("root", flat=True).iterator():
        tree.add(bytes(known))
    for tile in tiles:
        tree.add(bytes(tile.root))
    Tile.objects.bulk_create(tiles, batch_size=500)
    return Batch.objects.create(
        no=last.no + 1 if last else 0,
        origin=origin,
        closed_at=closed_at,
        size=before + len(leaves),
        pads=pads,
        pad_seed=seed,
        root=tree.root(),
    )


def _origin(last: Batch | None) -> Origin:
    """The name under which the record goes on: the last one, or a new one where that would not be true."""
    origin = Origin.objects.order_by("no").last()
    if origin is None:
        origin = begin_anew(Beginning.FIRST)
    elif origin.key != str(_signer(origin.name).verifier):
        origin = begin_anew(Beginning.KEY)
    elif last is not None and origin == last.origin:
        if not _is_behind(origin):
            return origin
        origin = begin_anew(Beginning.BEHIND)
    said: dict[str, Any] = {"name": origin.name, "key": origin.key, "reason": origin.reason}
    if last is not None:
        said["after"] = {"name": last.origin.name, "size": last.size, "root": b64encode(bytes(last.root)).decode()}
    append_event(subject_type=ORIGIN, subject_id=origin.no, action="open", role="system", data=said)
    return origin


def _is_behind(origin: Origin) -> bool:
    """Whether a checkpoint was published under this name that this database does not know."""
    note = _published()
    if note is None or note.origin != origin.name:
        return False
    return not Batch.objects.filter(size=note.size, root=note.root).exists()


def _published() -> Note | None:
    with suppress(OSError, UnicodeDecodeError):
        for note in notes_in((Path(settings.DATA_DIR) / PUBLISHED).read_text(encoding="utf-8")):
            return note
    return None


def _sign() -> None:
    """Sign what was committed and is not signed yet. The same batch gets the same note, however often it is signed."""
    for batch in Batch.objects.filter(checkpoint=None).select_related("origin").order_by("no"):
        signer = _signer(batch.origin.name)
        if str(signer.verifier) != batch.origin.key:
            continue  # its key was lost before it could be signed
        note = signer.sign(batch.size, bytes(batch.root))
        Checkpoint.objects.bulk_create([Checkpoint(batch=batch, note=note)], ignore_conflicts=True)
        kept = Path(settings.DATA_DIR) / PUBLISHED
        written = kept.with_suffix(".partial")
        written.write_text(note, encoding="utf-8")
        written.replace(kept)
