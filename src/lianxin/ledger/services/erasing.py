"""Erasing an event as the law demands: its words go for ever, the tree stays."""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.ledger.entries import entry_of
from lianxin.ledger.models import Erased, Event, Pending
from lianxin.ledger.queries.rows import row_of
from lianxin.ledger.services.appending import append_event

EVENT = "ledger.event"


@transaction.atomic
def erase_event(event_id: UUID, *, ground: str, actor_id: int, role: str) -> Event:
    """Erase one event, with its salt, and put on the record who did it on what ground.

    Only whoever owns the tables may: the guard of the table is lifted for a moment.

    Raises:
        NotFound: there is no such event.
        ValidationFailed: it has no place in the tree yet, or it is itself the event of an erasure.
    """
    row = row_of(event_id)
    if row is None:
        raise NotFound(_("Entry not found."))
    if row.subject_type == EVENT:
        raise ValidationFailed({"": _("The event of an erasure cannot be erased.")})
    if Pending.objects.filter(pk=event_id).exists():
        raise ValidationFailed({"": _("The event is not in the tree yet. Please try again after the next full hour.")})
    leaf = entry_of(row).leaf
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_event DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM ledger_event WHERE id = %s", [event_id])
        cursor.execute("ALTER TABLE ledger_event ENABLE TRIGGER USER")
    said: dict[str, Any] = {"ground": ground, "leaf": leaf.hex()}
    record = append_event(
        subject_type=EVENT, subject_id=event_id, action="erase", actor_id=actor_id, role=role, data=said
    )
    Erased.objects.create(leaf=leaf, erased_by=record.pk)
    return record
