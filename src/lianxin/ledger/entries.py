"""What of an event stands in the tree: its bytes, and how they are hidden from whoever has only the hash.

    entry = "lianxin-event/1" 00 H("lianxin-salt/1" 00 salt) event
    event = RFC 8785 JSON; its actor is H("lianxin-actor/1" 00 salt number) in hex, or null

The salt is the row's own. A proof shows the hash of it and never the salt, so whoever sees a proof can check the entry,
and cannot try out whose number the actor is. Who deletes row and salt leaves a hash from which nothing can be guessed.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from lianxin.ledger.merkle import leaf_hash

TILE = 256
"""Leaves of a tile; every batch is filled up to full tiles."""
_EVENT, _SALT, _ACTOR, _PAD = (f"lianxin-{word}/1".encode() + b"\0" for word in ("event", "salt", "actor", "pad"))


class Row(NamedTuple):
    """An event as it is read back from its row: the database rounds times and orders `data` anew."""

    id: UUID
    salt: bytes
    subject_type: str
    subject_id: str
    action: str
    from_state: str
    to_state: str
    version: int
    actor: int | None
    role: str
    internal: bool
    at: datetime
    data: Mapping[str, Any]


COLUMNS = tuple("actor_id" if name == "actor" else name for name in Row._fields)
"""Of the table, in the order of `Row`."""


class Entry(NamedTuple):
    """What a proof shows of an event."""

    salt: bytes
    event: bytes

    @property
    def leaf(self) -> bytes:
        return leaf_hash(_EVENT + self.salt + self.event)


def entry_of(row: Row) -> Entry:
    """The entry of an event."""
    content = row._asdict()
    del content["salt"]
    actor = None if row.actor is None else sha256(_ACTOR + row.salt + str(row.actor).encode()).hexdigest()
    content |= {
        "v": 1,
        "id": str(row.id),
        "actor": actor,
        "at": row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    # With keys in ASCII and no fractions (see `parsed`) this is RFC 8785.
    event = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return Entry(sha256(_SALT + row.salt).digest(), event)


def pad_leaves(seed: bytes, count: int) -> list[bytes]:
    """The leaves with which a batch is filled up; without its seed nobody can tell them from events."""
    return [leaf_hash(_PAD + seed + number.to_bytes(4, "big")) for number in range(count)]


def parsed(data: str) -> dict[str, Any]:
    """`data` of a row; fractions stay the text that the database shows, so that no program writes them otherwise."""
    return json.loads(data, parse_float=str)
