"""Appending events."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lianxin.kernel import timezone
from lianxin.ledger.models import Event


def append_event(
    *,
    subject_type: str,
    subject_id: object,
    action: str,
    actor_id: int | None = None,
    role: str = "",
    from_state: str = "",
    to_state: str = "",
    version: int = 0,
    internal: bool = False,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event, inside the transaction of the change it records."""
    return Event.objects.create(
        subject_type=subject_type,
        subject_id=str(subject_id),
        action=action,
        actor_id=actor_id,
        role=role,
        from_state=from_state,
        to_state=to_state,
        version=version,
        internal=internal,
        at=at or timezone.now(),
        data=dict(data or {}),
    )


def append_events(events: Iterable[Event]) -> None:
    """Append many events at once, inside the transaction of the changes they record."""
    Event.objects.bulk_create(events)
