"""What the enterprise calls its places and its equipment."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kernel.errors import ValidationFailed
from lianxin.ledger.services import append_event
from lianxin.nlp.entities import SHORTEST, spelt
from lianxin.org.enums import OwnNameKind
from lianxin.org.events import names_changed
from lianxin.org.models import OwnName, Person, Unit
from lianxin.org.policies import WHOLE_ENTERPRISE, Target, require
from lianxin.org.services.record import acting_role, check, collapse_spaces, fetch
from lianxin.org.services.trees import fetch_living

MOST = 2000
"""Names that are added at once."""


@transaction.atomic
def add_names(
    *, actor: Person | None, kind: OwnNameKind, names: Sequence[Sequence[str]], unit_id: int | None = None
) -> list[OwnName]:
    """Put places or equipment on the list, each with its other spellings behind it; return those that are new.

    What is there already, by any spelling, stays as it is.

    Raises:
        NotFound, PermissionDenied: there is no such unit, or it is outside the actor's reach.
        ValidationFailed: there is none, there are too many at once, or one is too short or too long.
    """
    unit = _unit(actor, unit_id)
    if not 0 < len(names) <= MOST:
        raise ValidationFailed({"names": _("Please enter at least one name and at most %(most)d.") % {"most": MOST}})
    taken = _taken()
    added: list[OwnName] = []
    for first, *others in names:
        row = OwnName(kind=kind, name=collapse_spaces(first), unit=unit)
        if spelt(row.name) in taken:
            continue
        row.others = [other for other in _different(row.name, others) if spelt(other) not in taken]
        _check(row, field="names")
        taken |= dict.fromkeys(map(spelt, (row.name, *row.others)), 0)
        added.append(row)
    OwnName.objects.bulk_create(added)
    if added:
        _changed(actor, kind, "add", names=[row.name for row in added], unit=unit_id)
    return added


@transaction.atomic
def change_name(
    *,
    actor: Person | None,
    name_id: int,
    kind: OwnNameKind,
    name: str,
    others: Sequence[str] = (),
    unit_id: int | None = None,
) -> OwnName:
    """Say anew what a place or a piece of equipment is called, and where it lies.

    Raises:
        NotFound, PermissionDenied: there is no such name or unit, or one of them is outside the actor's reach.
        ValidationFailed: a spelling is another's, too short or too long.
    """
    row = _fetch(actor, name_id)
    before = [row.name, *row.others]
    row.kind, row.name, row.unit = kind, collapse_spaces(name), _unit(actor, unit_id)
    row.others = _different(row.name, others)
    _check(row, field="name")
    taken = _taken()
    for field, spellings in (("name", [row.name]), ("others", row.others)):
        for spelling in spellings:
            if taken.get(spelt(spelling), row.pk) != row.pk:
                raise ValidationFailed({field: _("“%(name)s” is already on the list.") % {"name": spelling}})
    row.save()
    _changed(actor, kind, "change", name=["、".join(before), "、".join([row.name, *row.others])], unit=unit_id)
    return row


@transaction.atomic
def remove_name(*, actor: Person | None, name_id: int) -> None:
    """Take a place or a piece of equipment off the list. Raises NotFound, PermissionDenied: as `change_name`."""
    row = _fetch(actor, name_id)
    _changed(actor, row.kind, "remove", names=[row.name])
    row.delete()


def _fetch(actor: Person | None, pk: int) -> OwnName:
    row = fetch(OwnName, pk)
    require(actor, "keep_names", Target(row.unit.path if row.unit else WHOLE_ENTERPRISE))
    return row


def _unit(actor: Person | None, unit_id: int | None) -> Unit | None:
    """Where the names lie; the whole enterprise's are its own administrator's."""
    unit = fetch_living(Unit, unit_id, "unit") if unit_id else None
    require(actor, "keep_names", Target(unit.path if unit else WHOLE_ENTERPRISE))
    return unit


def _taken() -> dict[str, int]:
    """Every spelling on the lists as it is read, and whose it is."""
    rows = OwnName.objects.values_list("pk", "name", "others")
    return {spelt(spelling): pk for pk, name, others in rows for spelling in (name, *others)}


def _different(name: str, others: Iterable[str]) -> list[str]:
    """Other spellings, each once; what is read as the name itself is none."""
    known = {spelt(name)}
    found = []
    for other in map(collapse_spaces, others):
        if spelt(other) and spelt(other) not in known:
            known.add(spelt(other))
            found.append(other)
    return found


def _check(row: OwnName, *, field: str) -> None:
    for spelling in (row.name, *row.others):
        if len(spelt(spelling)) < SHORTEST:
            raise ValidationFailed({field: _("“%(name)s” is too short for a name.") % {"name": spelling}})
    try:
        check(row, "name" if row.pk is None else "kind", "kind", "others")
    except ValidationFailed as refusal:
        said = " ".join(refusal.fields.values())
        raise ValidationFailed({field: f"{row.name[:60]}: {said}"}) from refusal


def _changed(actor: Person | None, kind: str, action: str, **data: object) -> None:
    """Append the event to the record of the list, and tell the contexts above."""
    append_event(
        subject_type="org.own_names",
        subject_id=str(kind),
        action=action,
        actor_id=actor.pk if actor else None,
        role=acting_role(actor),
        data=data,
    )
    names_changed.send(sender=OwnName)
