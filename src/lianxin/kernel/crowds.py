"""Limits for a source that is written down nowhere: neither in the database nor in a log or a file.

Counted is in the memory of each web process alone, under hashes with a key that the process draws at its start, and
what was counted is forgotten within two windows. Whoever comes from a crowd is not refused: a browser is asked for a
small proof of work, and one without script to wait a little.
"""

import hashlib
import secrets
import threading
from dataclasses import dataclass, field
from datetime import timedelta
from time import sleep

from django.core import signing

from lianxin.kernel import timezone

_KEY = secrets.token_bytes(32)
_MOST_KEPT = 50_000
_SALT = "lianxin.kernel.crowds"

LEAST_BITS, MOST_BITS = 14, 20
"""A proof takes two to the power of so many hashes: a second on a phone, and up to a minute for who sends masses."""
SHORTEST_WAIT, LONGEST_WAIT, ONE_EACH = 15, 180, 10
"""Seconds: what somebody without script waits, and how far apart those of one source are let in."""
TICKET_AGE = timedelta(hours=2)


class Counter:
    """How often something happened for a subject in the present window and the one before."""

    def __init__(self, window: timedelta) -> None:
        self._seconds = window.total_seconds()
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._window = 0
        self._now: dict[bytes, int] = {}
        self._before: dict[bytes, int] = {}

    def count(self, subject: str, by: int = 1) -> int:
        """Count one more (`by` = 0 only asks); return how often it was."""
        key = _hidden(subject)
        with self._lock:
            window = int(timezone.now().timestamp() // self._seconds)
            if window != self._window or len(self._now) > _MOST_KEPT:
                self._before = self._now if abs(window - self._window) <= 1 else {}
                self._now, self._window = {}, window
            if by:
                self._now[key] = max(0, self._now.get(key, 0) + by)
            return self._now.get(key, 0) + self._before.get(key, 0)


@dataclass(frozen=True)
class Ticket:
    """What a form carries to be let in later: with a proof of `bits` at once, without one after `wait` seconds."""

    text: str
    bits: int
    wait: int = 0


@dataclass
class Crowd:
    """Whoever does the same thing within a window. Beyond `per_source` from one source, or `together` from all (of this
    process), a ticket is asked for.
    """

    name: str
    per_source: int
    together: int
    window: timedelta
    _arrived: Counter = field(init=False)
    _places: Counter = field(init=False)
    _used: Counter = field(init=False)

    def __post_init__(self) -> None:
        self._arrived, self._places, self._used = (Counter(self.window) for _ in range(3))
        _CROWDS.append(self)

    def forget(self) -> None:
        """Begin anew."""
        for counter in (self._arrived, self._places, self._used):
            counter.forget()

    def is_dense(self, source: str) -> bool:
        """Whether a ticket is asked for now."""
        return self._arrived.count(source, by=0) >= self.per_source or self._arrived.count("", by=0) >= self.together

    def ticket(self, source: str, bound_to: str, *, ready_in: int = 0) -> Ticket:
        """A ticket for the form `bound_to`; with `ready_in`, one that also counts without a proof after that time."""
        own = self._arrived.count(source, by=0) // self.per_source
        bits = min(MOST_BITS, LEAST_BITS + own.bit_length())
        ready = int(timezone.now().timestamp()) + ready_in if ready_in else 0
        text = signing.dumps([self.name, bound_to, bits, ready, secrets.token_hex(8)], salt=_SALT)
        return Ticket(text, bits, ready_in)

    def admit(self, source: str, *, bound_to: str, words: str, ticket: str = "", proof: str = "") -> Ticket | None:
        """Let somebody in (None), or give them the ticket with which they will be.

        The same form with the same words comes in as often as it is sent, and counts once.
        """
        same = f"{bound_to}|{words}"
        if self._used.count(same, by=0):
            return None
        if self.is_dense(source) and not self._is_good(source, bound_to, ticket, proof):
            place = self._places.count(source) - 1
            return self.ticket(source, bound_to, ready_in=min(LONGEST_WAIT, SHORTEST_WAIT + place * ONE_EACH))
        if ticket:
            self._used.count(f"ticket|{ticket}")
        self._used.count(same)
        self._arrived.count(source)
        self._arrived.count("")
        return None

    def _is_good(self, source: str, bound_to: str, ticket: str, proof: str) -> bool:
        try:
            name, form, bits, ready, _once = signing.loads(ticket, salt=_SALT, max_age=TICKET_AGE)
        except (signing.BadSignature, ValueError, TypeError):
            return False
        if (name, form) != (self.name, bound_to) or self._used.count(f"ticket|{ticket}", by=0):
            return False
        if ready and timezone.now().timestamp() >= ready:
            return True
        needed = self.ticket(source, bound_to).bits
        return bits >= needed - 1 and is_proof(ticket, proof, bits)


class Slower:
    """Slows whoever fails often: each failure beyond `free` in a window takes longer, up to two seconds.

    Only a few wait at a time, so that those who wait never take all threads.
    """

    LONGEST = 2.0
    _STEP = 0.1

    def __init__(self, *, free: int, window: timedelta) -> None:
        self._free, self._failures = free, Counter(window)
        self._places = threading.BoundedSemaphore(4)
        _CROWDS.append(self)

    def forget(self) -> None:
        """Begin anew."""
        self._failures.forget()

    def failed(self, source: str) -> None:
        """Count a failure, and wait."""
        beyond = self._failures.count(source) - self._free
        if beyond > 0 and self._places.acquire(blocking=False):
            try:
                sleep(min(self.LONGEST, beyond * self._STEP))
            finally:
                self._places.release()


class Limit:
    """At most so many attempts from one source, and so many from all (of this process), in a window."""

    def __init__(self, *, per_source: int, together: int, window: timedelta) -> None:
        self._per_source, self._together, self._attempts = per_source, together, Counter(window)
        _CROWDS.append(self)

    def forget(self) -> None:
        """Begin anew."""
        self._attempts.forget()

    def allows(self, source: str) -> bool:
        """Count one attempt; whether it is within the limits."""
        own, all_attempts = self._attempts.count(source), self._attempts.count("")
        return own <= self._per_source and all_attempts <= self._together


_CROWDS: list[Crowd | Slower | Limit] = []


def forget_everybody() -> None:
    """As after a start: for tests."""
    for crowd in _CROWDS:
        crowd.forget()


def is_proof(ticket: str, proof: str, bits: int) -> bool:
    """Whether SHA-256 of ticket and proof begins with that many zero bits."""
    if len(proof) > 20 or not (proof.isascii() and proof.isdecimal()):  # noqa: PLR2004 - far more than anybody tries
        return False
    digest = hashlib.sha256(f"{ticket}:{proof}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0


def _hidden(subject: str) -> bytes:
    return hashlib.blake2b(subject.encode("utf-8", "surrogatepass"), key=_KEY, digest_size=16).digest()
