"""Making samples."""

from datetime import UTC, datetime

from lianxin.demo.seed import SMALL, fill
from lianxin.kernel import timezone

A_WEDNESDAY = datetime(2026, 11, 18, 7, 40, tzinfo=UTC)
"""15:40 in the enterprise: everybody is at work."""


def make_sample(seed=1, phase=lambda _name, _parts: lambda: None):
    with timezone.frozen(A_WEDNESDAY):
        fill(size=SMALL, seed=seed, phase=phase)
