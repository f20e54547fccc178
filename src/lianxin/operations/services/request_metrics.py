"""Counting requests. With several web processes the counts are in files that they share (config/metrics.py)."""

from prometheus_client import Counter, Histogram

from lianxin.operations.queries.exposition import COUNTED

_REQUESTS = Counter(
    "lianxin_http_requests",
    "Requests that reached a page, by the page's name; pages that do not know who asks only when they fail.",
    ["route", "method", "status"],
    registry=COUNTED,
)
_SECONDS = Histogram(
    "lianxin_http_request_seconds",
    "Time until the answer was made.",
    ["route"],
    registry=COUNTED,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_METHODS = {"GET", "HEAD", "POST"}


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request; `route` is the name of an address, "" for those that must not be told apart."""
    shown = method if method in _METHODS else "other"  # a client may make up as many as it likes
    _REQUESTS.labels(route, shown, f"{status // 100}xx").inc()
    if route:
        _SECONDS.labels(route).observe(seconds)
