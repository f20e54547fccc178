"""What leaves the spool: what is due, in random order and in one transaction."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection, transaction

from lianxin.kernel import timezone
from lianxin.kernel.spool.cells import Message, Part, joined, parts_of
from lianxin.kernel.spool.pool import CELLS, lock_cells, random, read_cells, write_cells

log = logging.getLogger(__name__)

KEEP_REFUSED = timedelta(days=30)
"""So long the sender of what was refused can read why."""
MOST_REFUSED = 128
"""Cells; the oldest go first."""
FORGET_UNFINISHED = timedelta(minutes=2)
"""So long the rest of a message may still come that is in the cells in part."""

Handler = Callable[[Mapping[str, Any]], str | None]
_handlers: dict[str, Handler] = {}
_shorteners: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {}


def handled_by(
    kind: str, handler: Handler, *, shorten: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda content: content
) -> None:
    """Have messages of a kind delivered by this function, each in a savepoint.

    Args:
        kind: of the messages.
        handler: stores one. It is asked again for what raises; doing something twice must do no harm. Where it will
            never be possible it returns a sentence that says why, which is kept for the sender.
        shorten: what is kept of a refused message; it must fit into a cell.
    """
    _handlers[kind], _shorteners[kind] = handler, shorten


def troubles() -> tuple[int, int]:
    """How many messages are long due and could not be delivered, and how many cells do not open."""
    held, foreign = read_cells()
    messages, _unfinished = joined(held.values())
    late = timezone.now() - timedelta(minutes=30)
    return sum(1 for message, _parts in messages if message.due < late and not message.refused), len(foreign)


def deliver(*, rewrite: bool = False) -> int:
    """Deliver what is due; when half of the cells are full, also the longest, until a quarter is.

    Returns how many messages were delivered.

    Args:
        rewrite: write all cells anew even if nothing is due: at every full hour, so that none tells by it.
    """
    held, foreign = read_cells()
    if not (rewrite or _due(joined(held.values())[0])):
        return 0
    with transaction.atomic():
        lock_cells()
        held, foreign = read_cells()
        messages, unfinished = joined(held.values())
        due, now = _due(messages), timezone.now()
        left = [after for group in _groups(due) for after in _deliver(group)]
        kept = [message for message, _parts in messages if message not in due]
        unfinished = [part for part in unfinished if part.written > now - FORGET_UNFINISHED]
        write_cells(_fitting([*kept, *left], unfinished, CELLS - len(foreign)), foreign)
    if foreign:
        log.error("%d cells of the spool do not open with this seal key.", len(foreign))
    return len(due) - len(left)


def _fitting(messages: list[Message], unfinished: list[Part], room: int) -> list[Part]:
    """The parts of what is kept; where they do not fit, without those refused first, then without the unfinished."""
    now = timezone.now()
    refused = sorted((one for one in messages if one.refused), key=lambda one: one.due, reverse=True)
    parts = [part for one in messages if not one.refused for part in parts_of(one, written=now)]
    if len(parts) + len(unfinished) <= room:
        parts += unfinished
    for one in refused[:MOST_REFUSED]:
        more = parts_of(one, written=now)
        if len(parts) + len(more) <= room:
            parts += more
    return parts


def forget_foreign() -> None:
    """Write the cells anew that do not open, because the key with which they were sealed is lost."""
    with transaction.atomic():
        lock_cells()
        held, foreign = read_cells()
        if foreign:
            write_cells([part for part in held.values() if part])


def _due(messages: list[tuple[Message, int]]) -> list[Message]:
    """Those to deliver now of some messages, each with the number of its parts."""
    now = timezone.now()
    due = [message for message, _size in messages if message.due <= now]
    waiting = sorted(((size, m) for m, size in messages if m.due > now and not m.refused), key=lambda one: -one[0])
    crowd = sum(size for size, _message in waiting)
    if crowd > CELLS // 2:
        for size, message in waiting:
            if crowd <= CELLS // 4:
                break
            due.append(message)
            crowd -= size
    return due


def _groups(messages: Iterable[Message]) -> list[list[Message]]:
    """The messages in random order, those of one group in theirs."""
    groups: dict[object, list[Message]] = defaultdict(list)
    for number, message in enumerate(messages):
        groups[message.group or number].append(message)
    found = [sorted(group, key=lambda message: message.position) for group in groups.values()]
    random.shuffle(found)
    return found


def _deliver(group: list[Message]) -> Iterator[Message]:
    """Deliver the messages of a group one after the other, up to the first that fails; what is left to keep."""
    for number, message in enumerate(group):
        if message.refused:  # and read long enough
            continue
        try:
            with transaction.atomic():
                refusal = _handlers[message.kind](message.content)
        except Exception as error:
            if isinstance(error, OperationalError) and (_will_pass(error) or not connection.is_usable()):
                raise
            # It stays and is tried again. Nothing of what it says may stand in a log, so no traceback either.
            log.error("Something in the spool (%s) cannot be delivered: %s", message.kind, type(error).__name__)  # noqa: TRY400
            yield from (left for left in group[number:] if not left.refused)
            return
        if refusal:
            short = _shorteners[message.kind](message.content)
            yield replace(message, content=short, refused=refusal, due=timezone.now() + KEEP_REFUSED)


def _will_pass(error: OperationalError) -> bool:
    """Whether it is about transactions that met: all of it is done once more."""
    return str(getattr(error.__cause__, "sqlstate", "")).startswith("40")
