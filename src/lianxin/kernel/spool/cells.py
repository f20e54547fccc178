"""The cells: messages cut into parts of equal size, each sealed in its place. A free cell looks like a full one."""

import json
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from lianxin.kernel.crypto import keyed_hash, seal_bytes, unseal_bytes

CELL_BYTES = 2048
_SEALING_BYTES = 28  # a nonce of 12 and a tag of 16
_PURPOSE = "spool"
_HEAD = struct.Struct(">16sQQHHH")
"""Of a part: the message's id, when it was written and when it is due (seconds since 1970), which part it is, of how
many, and its length.
"""
PART_BYTES = CELL_BYTES - _SEALING_BYTES - _HEAD.size


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something that waits.

    Attributes:
        kind: whose it is (`delivery.handled_by`).
        content: what its handler takes; JSON.
        due: from when on it may be delivered, to the second.
        group, position: those of one group are delivered in the order of their positions.
        refused: why it could not be delivered; it is kept for its sender to read, and forgotten when it is due again.
    """

    kind: str
    content: Mapping[str, Any]
    due: datetime
    group: str = ""
    position: int = 0
    refused: str = ""


@dataclass(frozen=True)
class Part:
    """What one cell holds. Two messages that say the same have the same id and the same parts."""

    id: bytes
    written: datetime
    due: datetime
    number: int
    of: int
    content: bytes


def parts_of(message: Message, *, written: datetime) -> list[Part]:
    """The message cut into parts, each of which fits into a cell."""
    said = [message.kind, message.content, message.group, message.position, message.refused]
    packed = zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    ident = keyed_hash("spool-id", f"{message.due.timestamp():.0f}|{packed.hex()}")[:16]
    pieces = [packed[start : start + PART_BYTES] for start in range(0, len(packed), PART_BYTES)]
    return [Part(ident, written, message.due, n, len(pieces), piece) for n, piece in enumerate(pieces)]


def sealed(n: int, part: Part | None) -> bytes:
    """A cell's content with a part, or with none: 2,048 bytes that open in this cell only."""
    if part is None:
        plain = _HEAD.pack(bytes(16), 0, 0, 0, 0, 0)
    else:
        moments = int(part.written.timestamp()), int(part.due.timestamp())
        plain = _HEAD.pack(part.id, *moments, part.number, part.of, len(part.content)) + part.content
    return seal_bytes(_PURPOSE, plain.ljust(_HEAD.size + PART_BYTES, b"\0"), bound_to=str(n))


def opened(n: int, content: bytes) -> Part | None:
    """The part in a cell; None if it is free.

    Raises:
        cryptography.exceptions.InvalidTag: it was sealed with another key or for another cell, or tampered with.
    """
    plain = unseal_bytes(_PURPOSE, content, bound_to=str(n))
    ident, written, due, number, of, length = _HEAD.unpack_from(plain)
    if not of:
        return None
    moments = datetime.fromtimestamp(written, UTC), datetime.fromtimestamp(due, UTC)
    return Part(ident, *moments, number, of, plain[_HEAD.size : _HEAD.size + length])


def joined(parts: Iterable[Part | None]) -> tuple[list[tuple[Message, int]], list[Part]]:
    """The whole messages in some cells, each with the number of its parts; and the parts of those that are not whole
    yet. A part that is there twice, as after a commit whose answer was lost, counts once.
    """
    found: dict[bytes, dict[int, Part]] = defaultdict(dict)
    for part in filter(None, parts):
        found[part.id][part.number] = part
    messages: list[tuple[Message, int]] = []
    unfinished: list[Part] = []
    for some in found.values():
        first = next(iter(some.values()))
        if len(some) == first.of:
            messages.append((_message([some[number] for number in range(first.of)]), first.of))
        else:
            unfinished += some.values()
    return messages, unfinished


def _message(parts: list[Part]) -> Message:
    packed = b"".join(part.content for part in parts)
    kind, content, group, position, refused = json.loads(zlib.decompress(packed))
    return Message(kind=kind, content=content, due=parts[0].due, group=group, position=position, refused=refused)
