"""What every service here does: check what was entered, and write the event of the act."""

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.ledger.models import Event
from lianxin.ledger.services import append_events
from lianxin.org.enums import ADMINISTRATORS
from lianxin.org.models import Person

M = TypeVar("M", bound=models.Model)


def note(actor: Person | None, subject: models.Model, action: str, **data: Any) -> None:
    """Append the event of an act on a unit, a Party organisation or a person; `data` holds ids, codes and dates."""
    append_events([event_of(actor, subject, action, **data)])


def event_of(actor: Person | None, subject: models.Model, action: str, **data: Any) -> Event:
    """The event that `note` appends; of many acts, `append_events` takes them together."""
    return Event(
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        action=action,
        actor_id=actor.pk if actor else None,
        role=acting_role(actor),
        at=timezone.now(),
        data=data,
    )


def acting_role(actor: Person | None) -> str:
    """In what capacity somebody administers: their administrator's role, or `system`."""
    if actor is None:
        return "system"
    return next((grant.role.value for grant in actor.grants if grant.role in ADMINISTRATORS), "")


def fetch(model: type[M], pk: int) -> M:
    """Read and lock one row until the transaction ends; rows may still refer to it.

    Raises:
        NotFound: there is none.
    """
    return fetch_all(model, [pk])[pk]


def fetch_all(model: type[M], ids: Collection[int], *related: str) -> dict[int, M]:
    """Read and lock some rows of a table, by id; what `related` foreign keys point to is read with them.

    Raises:
        NotFound: one of them is not there.
    """
    rows = model._base_manager.filter(pk__in=set(ids)).order_by("pk")
    rows = rows.select_related(*related) if related else rows
    found = {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}
    if not found.keys() >= set(ids):
        raise NotFound(_("Entry not found."))
    return found


def check(row: models.Model, *fields: str, unique: bool = True) -> None:
    """Check the named fields of a row that is about to be saved, and that unique ones are (unless that is known).

    Raises:
        ValidationFailed: with a message for each field.
    """
    others = {field.name for field in row._meta.fields} - set(fields)
    try:
        row.full_clean(exclude=others, validate_unique=unique, validate_constraints=False)
    except ValidationError as error:
        messages = error.message_dict.items()
        raise ValidationFailed(
            {"" if name == NON_FIELD_ERRORS else name: " ".join(said) for name, said in messages}
        ) from error


def collapse_spaces(text: str) -> str:
    """A name as it is stored: no space around it, one between words."""
    return " ".join(text.split())


def not_after_today(day: date, field: str) -> None:
    """Insist that a day has come, because what is recorded holds from then on.

    Raises:
        ValidationFailed: it has not.
    """
    if day > timezone.today():
        raise ValidationFailed({field: _("This day is in the future. Please record it on the day.")})
