"""What writes into the spool and reads it in a web process: one thread, at a constant rate."""

import logging
import threading
import time
from dataclasses import dataclass, field

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import LianxinError
from lianxin.kernel.spool.cells import Message, Part, joined, parts_of
from lianxin.kernel.spool.pool import CELLS, lock_cells, put_into_cells, random, read_cells, write_cells

log = logging.getLogger(__name__)

EACH_TIME = 4
"""So many cells are sealed anew each time, however much waits: how many would tell."""
PATIENCE = 20.0
"""Seconds that a request waits until its message is in the database."""
AT_ONCE = 16
"""So many requests of a process wait with a message, and half as many for a look; the others get their answer now."""


class SpoolBusy(LianxinError):  # noqa: N818 - reads as the sentence it is
    """The message could not be taken in time; nothing of it is kept."""


def _busy() -> SpoolBusy:
    return SpoolBusy(_("The system is very busy. Nothing was submitted yet; please submit again in a minute."))


@dataclass
class Entry:
    """A message on its way into the cells."""

    message: Message
    parts: list[Part]
    is_in: threading.Event = field(default_factory=threading.Event)


class Writer:
    """Seals some cells anew, puts what waits into those that are free, tells who waits when it is committed, and knows
    what the cells hold.
    """

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._held: list[Message] = []
        self._begun = self._done = 0
        self._lock = threading.Condition()
        self._writing = threading.Lock()
        self._senders = threading.BoundedSemaphore(AT_ONCE)
        self._lookers = threading.BoundedSemaphore(AT_ONCE // 2)

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
        """Let a message go in with the next writings; one that is on its way already goes in once."""
        with self._lock:
            for entry in self._entries:
                if entry.message == message:
                    return entry
            entry = Entry(message, parts_of(message, written=timezone.now()))
            self._entries.append(entry)
            return entry

    def put(self, message: Message) -> None:
        """Wait until the message is committed.

        Raises:
            SpoolBusy: too many wait, or it took too long.
        """
        if not self._senders.acquire(blocking=False):
            raise _busy()
        try:
            entry = self.take(message)
            if not connection.in_atomic_block:
                connection.close()  # while it waits the request needs none, and the writer may need one
            if entry.is_in.wait(PATIENCE):
                return
            with self._writing:  # what is being written now may be in when it is done
                if entry.is_in.is_set():
                    return
                with self._lock:
                    self._entries = [other for other in self._entries if other is not entry]
            raise _busy()
        finally:
            self._senders.release()

    def write(self) -> None:
        """Read all cells and seal `EACH_TIME` of them anew, in one transaction."""
        with self._writing:
            with self._lock:
                self._begun += 1
            with transaction.atomic():
                lock_cells()
                held, foreign = read_cells()
                if not held and not foreign:
                    write_cells([])
                    held, foreign = read_cells()
                with self._lock:
                    waiting = [(entry, part) for entry in self._entries for part in entry.parts]
                numbers = random.sample(range(CELLS), EACH_TIME)
                written = put_into_cells(held, numbers, [part for _entry, part in waiting])
            messages = [message for message, _parts in joined(held.values())[0]]
            with self._lock:
                self._held = messages
                self._done = self._begun
                for entry, part in waiting[:written]:
                    entry.parts.remove(part)
                    if not entry.parts:
                        entry.is_in.set()
                self._entries = [entry for entry in self._entries if entry.parts]
                self._lock.notify_all()

    def messages(self, *, fresh: bool = False) -> list[Message]:
        """What the cells held when they were last read; `fresh`: after this call, unless too many wait for that."""
        with self._lock:
            asked = self._begun
        if fresh and self._lookers.acquire(blocking=False):
            try:
                if not connection.in_atomic_block:
                    connection.close()
                self._wait_for(asked)
            finally:
                self._lookers.release()
        return self._held

    def _wait_for(self, asked: int) -> None:
        deadline = time.monotonic() + PATIENCE / 2
        with self._lock:
            while self._done <= asked and (left := deadline - time.monotonic()) > 0:
                self._lock.wait(left)


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


def waiting(kind: str, *, fresh: bool = False) -> list[Message]:
    """The messages of a kind that wait or were refused, in the order of their positions.

    In a web process as of a moment ago, without a look at the database; `fresh` waits for the next look.
    """
    if _writer is None:
        messages = [message for message, _parts in joined(read_cells()[0].values())[0]]
    else:
        messages = _writer.messages(fresh=fresh)
    return sorted((message for message in messages if message.kind == kind), key=lambda message: message.position)
