"""Reading the record, and proving what is in it."""

from lianxin.ledger.models import Checkpoint, Event
from lianxin.ledger.queries.events import events_of, events_of_kinds
from lianxin.ledger.queries.tree import (
    Standing,
    checkpoint_of_the_day,
    consistency_between,
    daily_checkpoints,
    first_proof_of,
    latest_checkpoint,
    note_at,
    origins,
    proof_of,
    standing,
    tile_at,
)

__all__ = [
    "Checkpoint",
    "Event",
    "Standing",
    "checkpoint_of_the_day",
    "consistency_between",
    "daily_checkpoints",
    "events_of",
    "events_of_kinds",
    "first_proof_of",
    "latest_checkpoint",
    "note_at",
    "origins",
    "proof_of",
    "standing",
    "tile_at",
]
