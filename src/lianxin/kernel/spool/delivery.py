"""What leaves the spool: what is due, in random order and in one transaction."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction

from lianxin.kernel import timezone
from lianxin.kernel.errors import LianxinError
from lianxin.kernel.spool.cells import Message, Part, joined, parts_of
from lianxin.kernel.spool.pool import CELLS, lock_cells, random, read_cells, write_cells

log = logging.getLogger(__name__)

KEEP_REFUSED = timedelta(days=30)
"""So long the sender of what was refused can read why."""
FORGET_UNFINISHED = timedelta(hours=1)
"""So long after its time the rest of a message may still come that is in the cells in part."""

Handler = Callable[[Mapping[str, Any]], None]
_handlers: dict[str, Handler] = {}


class Refused(LianxinError):  # noqa: N818 - reads as the sentence it is
    """For a handler to raise: this will never be possible. The sentence is kept for the sender to read."""


def handled_by(kind: str, handler: Handler) -> None:
    """Have messages of a kind delivered by this function, each in a savepoint. It is asked again for what fails, until
    it succeeds or raises `Refused`; delivering something twice must do no harm.
    """
    _handlers[kind] = handler


def waiting(kind: str) -> list[Message]:
    """The messages of a kind that wait or were refused, in the order of their positions."""
    messages, _unfinished = joined(read_cells()[0])
    return sorted((message for message in messages if message.kind == kind), key=lambda message: message.position)


def stuck() -> int:
    """How many messages are long due and could not be delivered."""
    messages, _unfinished = joined(read_cells()[0])
    late = timezone.now() - timedelta(minutes=30)
    return sum(1 for message in messages if message.due < late and not message.refused)


def deliver(*, rewrite: bool = False) -> int:
    """Deliver what is due, or all when half of the cells are full. Return how many messages were delivered.

    Args:
        rewrite: write all cells anew even if nothing is due: at every full hour, so that none tells by it.
    """
    parts, _foreign = read_cells()
    if not (rewrite or _due(parts)):
        return 0
    with transaction.atomic():
        lock_cells()
        parts, foreign = read_cells()
        due, now = _due(parts), timezone.now()
        messages, unfinished = joined(parts)
        kept = [message for message in messages if message.id not in {one.id for one in due}]
        left = [after for group in _groups(due) for after in _deliver(group) if after]
        unfinished = [part for part in unfinished if part.due > now - FORGET_UNFINISHED]
        write_cells([part for message in kept + left for part in parts_of(message)] + unfinished, foreign)
    if foreign:
        log.error("%d cells of the spool do not open with this seal key.", len(foreign))
    return len(due) - len(left)


def _due(parts: Iterable[Part]) -> list[Message]:
    parts = list(parts)
    messages, _unfinished = joined(parts)
    crowded = len(parts) > CELLS // 2
    now = timezone.now()
    return [message for message in messages if message.due <= now or (crowded and not message.refused)]


def _groups(messages: Iterable[Message]) -> list[list[Message]]:
    """The messages in random order, those of one group in theirs."""
    groups: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        groups[message.group or str(message.id)].append(message)
    found = [sorted(group, key=lambda message: message.position) for group in groups.values()]
    random.shuffle(found)
    return found


def _deliver(group: list[Message]) -> Iterable[Message | None]:
    """Deliver the messages of a group one after the other; what is left of each to keep."""
    for message in group:
        if message.refused:  # and read long enough
            yield None
            continue
        try:
            with transaction.atomic():
                _handlers[message.kind](message.content)
        except OperationalError:
            raise  # the database: all of it once more
        except Refused as refusal:
            yield replace(message, refused=str(refusal), due=timezone.now() + KEEP_REFUSED)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one of them, the others are delivered
            # It stays and is tried again. Nothing of what it says may stand in a log, so no traceback either.
            log.error("Something in the spool (%s) cannot be delivered: %s", message.kind, type(error).__name__)  # noqa: TRY400
            yield message
        else:
            yield None
