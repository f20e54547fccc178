"""Reading the record. Whoever calls has already shown that the viewer may see the object."""

from functools import cache

from django.db.models import QuerySet

from lianxin.kernel.rows import Statement, objects, statement
from lianxin.ledger.models import Event

__all__ = ["Event", "events_of", "events_of_kinds", "history_of"]


def events_of(subject_type: str, subject_id: object, *, after_version: int | None = None) -> QuerySet[Event]:
    """The events of one object, oldest first; with `after_version` only those since."""
    events = Event.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).select_related("actor")
    if after_version is not None:
        events = events.filter(version__gt=after_version)
    return events.order_by("version", "at", "id")


def history_of(subject_type: str, subject_id: object) -> list[Event]:
    """All events of one object, oldest first, read by a kept statement."""
    return objects(Event, "actor", _history(), {_A_TYPE: subject_type, _A_SUBJECT: str(subject_id)})


_A_TYPE, _A_SUBJECT = "a type", "an object"
"""Stand in the statement for whichever."""


@cache
def _history() -> Statement:
    return statement(events_of(_A_TYPE, _A_SUBJECT))


def events_of_kinds(subject_types: list[str]) -> QuerySet[Event]:
    """The events of whole kinds of objects, newest first: the audit administrator's trail."""
    return Event.objects.filter(subject_type__in=subject_types).select_related("actor").order_by("-at", "id")
