"""The cells: messages cut into parts of equal size, each sealed in its place. A free cell looks like a full one."""

import json
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from lianxin.kernel.crypto import seal_bytes, unseal_bytes

CELL_BYTES = 2048
_SEALING_BYTES = 28  # a nonce of 12 and a tag of 16
_PURPOSE = "spool"
_HEAD = struct.Struct(">16sQHHH")
"""Of a part: the message's id, when it is due (seconds since 1970), which part it is, of how many, and its length."""
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
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True)
class Part:
    """What one cell holds."""

    id: UUID
    due: datetime
    number: int
    of: int
    content: bytes


def parts_of(message: Message) -> list[Part]:
    """The message cut into parts, each of which fits into a cell."""
    said = [message.kind, message.content, message.group, message.position, message.refused]
    packed = zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    pieces = [packed[start : start + PART_BYTES] for start in range(0, len(packed), PART_BYTES)]
    return [Part(message.id, message.due, n, len(pieces), piece) for n, piece in enumerate(pieces)]


def sealed(n: int, part: Part | None) -> bytes:
    """A cell's content with a part, or with none: 2,048 bytes that open in this cell only."""
    if part is None:
        plain = _HEAD.pack(bytes(16), 0, 0, 0, 0)
    else:
        due = int(part.due.timestamp())
        plain = _HEAD.pack(part.id.bytes, due, part.number, part.of, len(part.content)) + part.content
    return seal_bytes(_PURPOSE, plain.ljust(_HEAD.size + PART_BYTES, b"\0"), bound_to=str(n))


def opened(n: int, content: bytes) -> Part | None:
    """The part in a cell; None if it is free.

    Raises:
        cryptography.exceptions.InvalidTag: it was sealed with another key or for another cell, or tampered with.
    """
    plain = unseal_bytes(_PURPOSE, content, bound_to=str(n))
    ident, due, number, of, length = _HEAD.unpack_from(plain)
    if not of:
        return None
    moment = datetime.fromtimestamp(due, UTC)
    return Part(UUID(bytes=ident), moment, number, of, plain[_HEAD.size : _HEAD.size + length])


def joined(parts: Iterable[Part]) -> tuple[list[Message], list[Part]]:
    """The whole messages among some parts; and the parts of those that are not whole yet."""
    found: dict[UUID, list[Part]] = defaultdict(list)
    for part in parts:
        found[part.id].append(part)
    messages, unfinished = [], []
    for some in found.values():
        if len(some) == some[0].of:
            messages.append(_message(sorted(some, key=lambda part: part.number)))
        else:
            unfinished += some
    return messages, unfinished


def _message(parts: list[Part]) -> Message:
    packed = b"".join(part.content for part in parts)
    kind, content, group, position, refused = json.loads(zlib.decompress(packed))
    return Message(
        kind=kind,
        content=content,
        due=parts[0].due,
        group=group,
        position=position,
        refused=refused,
        id=parts[0].id,
    )
