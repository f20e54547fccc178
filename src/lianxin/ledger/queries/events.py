"""Reading the record. Whoever calls has already shown that the viewer may see the object."""

from django.db.models import QuerySet

from lianxin.ledger.models import Event


def events_of(subject_type: str, subject_id: object, *, after_version: int | None = None) -> QuerySet[Event]:
    """The events of one object, oldest first; with `after_version` only those since."""
    events = Event.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).select_related("actor")
    if after_version is not None:
        events = events.filter(version__gt=after_version)
    return events.order_by("version", "at", "id")


def events_of_kinds(subject_types: list[str]) -> QuerySet[Event]:
    """The events of whole kinds of objects, newest first: the audit administrator's trail."""
    return Event.objects.filter(subject_type__in=subject_types).select_related("actor").order_by("-at", "id")
