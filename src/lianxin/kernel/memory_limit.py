"""A rate limit that leaves no trace: counters in this process's memory alone, keyed by a secret that dies with it."""

import secrets
from datetime import timedelta
from hashlib import blake2s
from ipaddress import IPv6Address, ip_address
from threading import Lock
from time import monotonic


class MemoryLimit:
    """At most so many attempts from one source, and so many together, in a window of time.

    Nothing outlives the window: counters are dropped with it, and sources are known by a keyed hash only. An IPv6
    source counts by its /64.
    """

    def __init__(self, *, per_source: int, together: int, window: timedelta) -> None:
        self._per_source, self._together, self._seconds = per_source, together, window.total_seconds()
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Begin a new window."""
        self._key, self._ends = secrets.token_bytes(32), monotonic() + self._seconds
        self._counts: dict[bytes, int] = {}
        self._total = 0

    def allows(self, source: str) -> bool:
        """Count one attempt; whether it is within the limits."""
        with self._lock:
            if monotonic() >= self._ends:
                self.forget()
            name = blake2s(_network(source).encode(), key=self._key).digest()
            self._counts[name] = self._counts.get(name, 0) + 1
            self._total += 1
            return self._counts[name] <= self._per_source and self._total <= self._together


def _network(source: str) -> str:
    try:
        address = ip_address(source)
    except ValueError:
        return source
    return address.exploded[:19] if isinstance(address, IPv6Address) and not address.ipv4_mapped else str(address)
