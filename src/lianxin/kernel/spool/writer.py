"""What writes into the spool: one thread in each web process, at a constant rate."""

import logging
import threading
from collections import deque
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from lianxin.kernel.errors import LianxinError
from lianxin.kernel.spool.cells import Message, Part, parts_of
from lianxin.kernel.spool.pool import CELLS, lock_cells, put_into_cells, random

log = logging.getLogger(__name__)

EACH_TIME = 4
"""So many cells are rewritten each time, whether or not anything waits."""
FEW = 3
"""When more messages than these wait at once they go in together: they are their own cover."""
PATIENCE = 20.0
"""Seconds that a request waits until its message is in the database."""


class SpoolBusy(LianxinError):  # noqa: N818 - reads as the sentence it is
    """The message could not be taken in time; sent again, it counts once."""


@dataclass
class Entry:
    """A message on its way into the cells."""

    parts: list[Part]
    is_in: threading.Event = field(default_factory=threading.Event)


class Writer:
    """Rewrites some cells, puts what waits into those that are free, and tells who waits when it is committed."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._lock = threading.Lock()

    def run(self, interval: float) -> None:
        """Write every `interval` seconds, for as long as the process lives."""
        pause = threading.Event()
        while not pause.wait(interval):
            try:
                self.write()
            except DatabaseError:
                log.warning("The spool could not be written.")
            except Exception:
                log.exception("The spool could not be written.")
            finally:
                close_old_connections()
                connection.close()

    def take(self, message: Message) -> Entry:
        """Let a message go in with the next writing."""
        entry = Entry(parts_of(message))
        with self._lock:
            self._entries.append(entry)
        return entry

    def put(self, message: Message) -> None:
        """Wait until the message is committed.

        Raises:
            SpoolBusy: that took too long.
        """
        entry = self.take(message)
        if not connection.in_atomic_block:
            connection.close()  # while it waits the request needs none, and the writer may need one
        if entry.is_in.wait(PATIENCE):
            return
        with self._lock:
            if entry in self._entries:
                self._entries.remove(entry)
        if not entry.is_in.is_set():
            raise SpoolBusy(_("The system is very busy. Nothing was submitted yet; please submit again in a minute."))

    def write(self) -> None:
        """Seal `EACH_TIME` cells anew, or more while many wait, in one transaction."""
        with self._lock:
            waiting = [(entry, part) for entry in self._entries for part in entry.parts]
            many = len(self._entries) > FEW
        number = EACH_TIME * len(waiting) if many else EACH_TIME  # at least half of the cells are free as a rule
        chosen = random.sample(range(CELLS), min(CELLS, number))
        with transaction.atomic():
            lock_cells()
            written = put_into_cells(chosen, [part for _entry, part in waiting])
        with self._lock:
            for entry, part in waiting[:written]:
                entry.parts.remove(part)
                if not entry.parts:
                    entry.is_in.set()
            self._entries = deque(entry for entry in self._entries if entry.parts)


_writer: Writer | None = None


def start() -> None:
    """Write from now on, in a web process, if the enterprise wants it (`LIANXIN_SPOOL_SECONDS`)."""
    global _writer  # noqa: PLW0603 - one for the process
    if _writer is None and settings.LIANXIN_SPOOL_SECONDS > 0:
        _writer = Writer()
        threading.Thread(target=_writer.run, args=[settings.LIANXIN_SPOOL_SECONDS], name="spool", daemon=True).start()


def is_on() -> bool:
    """Whether anonymous acts wait in the spool here; otherwise they reach their tables at once, and pages say so."""
    return _writer is not None


def put(message: Message) -> None:
    """Put a message into the spool; when this returns it is as durable as everything else.

    Raises:
        SpoolBusy: it could not be taken in time. It never goes round the spool.
    """
    if _writer is None:
        raise SpoolBusy("The spool is switched off.")
    _writer.put(message)
