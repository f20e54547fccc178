"""Party organisations and who belongs to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.locks import lock_tables
from lianxin.ledger.services import append_events
from lianxin.org.enums import MembershipKind, PartyOrganisationKind
from lianxin.org.models import Membership, PartyOrganisation, PartyOrganisationMove, Person, Unit
from lianxin.org.policies import Target, require
from lianxin.org.queries import place_path, place_paths
from lianxin.org.services.record import event_of, fetch, fetch_all, not_after_today, note
from lianxin.org.services.trees import end, fetch_all_living, fetch_living, move_below, put_below, rename
from lianxin.ui.formatting import full_date


def _fetch(actor: Person | None, pk: int, field: str = "") -> PartyOrganisation:
    return _fetch_all(actor, [pk], field)[pk]


def _fetch_all(actor: Person | None, ids: Collection[int], field: str = "") -> dict[int, PartyOrganisation]:
    """Read and lock living Party organisations within the actor's reach, by id."""
    found = fetch_all_living(PartyOrganisation, ids, field, "unit")
    for organisation in found.values():
        require(actor, "manage_party_organisations", Target(organisation.unit.path))
    return found


@transaction.atomic
def add_party_organisation(
    *,
    actor: Person | None,
    name: str,
    code: str,
    kind: PartyOrganisationKind,
    unit_id: int,
    parent_id: int | None = None,
) -> PartyOrganisation:
    """Add a Party organisation that stands at a unit, below another one or on top.

    Raises:
        NotFound, PermissionDenied: no such unit or parent, or one of them is outside the actor's reach.
        ValidationFailed: one of them has been ended, the code is taken, the name is empty.
    """
    lock_tables(PartyOrganisation)
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_party_organisations", Target(unit.path))
    parent = _fetch(actor, parent_id, "parent") if parent_id else None
    added = PartyOrganisation(name=name, code=code, kind=kind, unit=unit)
    put_below(added, parent)
    note(actor, added, "add", parent=parent_id, unit=unit.pk, code=added.code)
    return added


@transaction.atomic
def rename_party_organisation(
    *,
    actor: Person | None,
    party_organisation_id: int,
    name: str,
    code: str | None = None,
    kind: PartyOrganisationKind | None = None,
) -> PartyOrganisation:
    """Give a Party organisation another name, and another code and kind where given.

    Raises:
        NotFound, PermissionDenied: there is none such, or it is outside the actor's reach.
        ValidationFailed: it has been ended, the code is taken, the name is empty.
    """
    organisation = _fetch(actor, party_organisation_id)
    changed = rename(organisation, name=name, code=code, kind=kind)
    if changed:
        note(actor, organisation, "rename", **changed)
    return organisation


@transaction.atomic
def move_party_organisation(
    *, actor: Person | None, party_organisation_id: int, parent_id: int | None
) -> PartyOrganisation:
    """Put a Party organisation, with all below it, under another (none: on top); the move is kept.

    Raises:
        NotFound, PermissionDenied: there is none such, or one of them is outside the actor's reach.
        ValidationFailed: it would lie below itself, is there already, or one of them has been ended.
    """
    lock_tables(PartyOrganisation)
    organisation = _fetch(actor, party_organisation_id)
    parent = _fetch(actor, parent_id, "parent") if parent_id else None
    old = move_below(organisation, parent)
    PartyOrganisationMove.objects.create(
        party_organisation=organisation, from_parent=old, to_parent=parent, moved_on=timezone.today()
    )
    note(actor, organisation, "move", parent=[old.pk if old else None, parent_id])
    return PartyOrganisation.objects.get(pk=organisation.pk)


@transaction.atomic
def place_party_organisation(*, actor: Person | None, party_organisation_id: int, unit_id: int) -> PartyOrganisation:
    """Have a Party organisation stand at another unit.

    Raises:
        NotFound, PermissionDenied: no such organisation or unit, or one of them is outside the actor's reach.
        ValidationFailed: one of them has been ended.
    """
    organisation = _fetch(actor, party_organisation_id)
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_party_organisations", Target(unit.path))
    note(actor, organisation, "place", unit=[organisation.unit_id, unit.pk])
    organisation.unit = unit
    organisation.save(update_fields=["unit"])
    return organisation


@transaction.atomic
def end_party_organisation(*, actor: Person | None, party_organisation_id: int) -> PartyOrganisation:
    """End a Party organisation today. Nobody is left in it, nothing below it.

    Raises:
        NotFound, PermissionDenied: there is none such, or it is outside the actor's reach.
        ValidationFailed: it has been ended, or members, posts or others below it are still there.
    """
    lock_tables(PartyOrganisation)
    organisation = _fetch(actor, party_organisation_id)
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gt=timezone.today())
    end(
        organisation,
        (organisation.memberships.filter(lasting).exists(), _("It still has members. Please transfer them first.")),
        (organisation.posts.filter(lasting).exists(), _("Posts are held here. Please end them first.")),
    )
    note(actor, organisation, "end", code=organisation.code)
    return organisation


@dataclass(frozen=True, kw_only=True)
class NewMember:
    """Somebody to be enrolled; without `started_on` they belong to the Party organisation from today on."""

    person_id: int
    party_organisation_id: int
    kind: MembershipKind = MembershipKind.FULL
    started_on: date | None = None


def enrol_member(
    *,
    actor: Person | None,
    person_id: int,
    party_organisation_id: int,
    kind: MembershipKind = MembershipKind.FULL,
    started_on: date | None = None,
) -> Membership:
    """Record that somebody belongs to a Party organisation from a day on (default: today).

    Where they belong to one, they are transferred, or become a full member: what was ends the day before; what
    was recorded for today is replaced.

    Raises:
        NotFound, PermissionDenied: no such person or organisation, or one of them is outside the actor's reach.
        ValidationFailed: the day is to come or before what it replaces, the person has left, nothing would change.
    """
    newcomer = NewMember(
        person_id=person_id, party_organisation_id=party_organisation_id, kind=kind, started_on=started_on
    )
    return enrol_members(actor=actor, newcomers=[newcomer])[0]


@transaction.atomic
def enrol_members(*, actor: Person | None, newcomers: Sequence[NewMember]) -> list[Membership]:
    """Enrol people, all or none, in as many statements as for one; each of them once.

    Raises:
        NotFound, PermissionDenied, ValidationFailed: as `enrol_member`, for one of them.
    """
    ids = [each.person_id for each in newcomers]
    people, paths = fetch_all(Person, ids), place_paths(ids)
    for person_id in ids:
        require(actor, "manage_people", Target(paths.get(person_id, "")))
    organisations = _fetch_all(actor, [each.party_organisation_id for each in newcomers], "party_organisation")
    present = {row.person_id: row for row in Membership.objects.filter(person__in=ids, ended_on__isnull=True)}
    memberships = []
    for each in newcomers:
        membership = Membership(
            person=people[each.person_id],
            party_organisation=organisations[each.party_organisation_id],
            kind=each.kind,
            started_on=each.started_on or timezone.today(),
        )
        _check_membership(membership, present.get(each.person_id))
        memberships.append(membership)
    starts = {row.person_id: row.started_on for row in memberships}
    replaced = [row for row in present.values() if row.started_on == starts[row.person_id]]
    Membership.objects.filter(pk__in=[row.pk for row in replaced]).delete()
    ended = [row for row in present.values() if row not in replaced]
    for row in ended:
        row.ended_on = starts[row.person_id] - timedelta(days=1)
    Membership.objects.bulk_update(ended, ["ended_on"])
    Membership.objects.bulk_create(memberships)
    append_events(
        event_of(
            actor,
            row.person,
            "enrol",
            party_organisation=row.party_organisation_id,
            kind=str(row.kind),
            started_on=row.started_on,
        )
        for row in memberships
    )
    return memberships


def _check_membership(wanted: Membership, present: Membership | None) -> None:
    """Insist that a membership may begin, and end the present one."""
    not_after_today(wanted.started_on, "started_on")
    if wanted.person.left_on:
        raise ValidationFailed({"": _("This person has left.")})
    if present is None:
        return
    if (present.party_organisation_id, present.kind) == (wanted.party_organisation_id, wanted.kind):
        raise ValidationFailed({"": _("They are already a member there.")})
    if wanted.started_on <= present.started_on and wanted.started_on != timezone.today():
        raise ValidationFailed(
            {"started_on": _("Please enter a date after %(day)s.") % {"day": full_date(present.started_on)}}
        )


@transaction.atomic
def end_membership(*, actor: Person | None, membership_id: int, last_day: date | None = None) -> Membership:
    """Record that a membership ended on a day (default: today).

    Raises:
        NotFound, PermissionDenied: there is none such, or the person is outside the actor's reach.
        ValidationFailed: it has ended, or the day is to come or before it began.
    """
    last_day = last_day or timezone.today()
    membership = fetch(Membership, membership_id)
    require(actor, "manage_people", Target(place_path(membership.person_id)))
    if membership.ended_on:
        raise ValidationFailed({"": _("This has already ended.")})
    not_after_today(last_day, "last_day")
    if last_day < membership.started_on:
        raise ValidationFailed({"last_day": _("This is before its start date.")})
    membership.ended_on = last_day
    membership.save(update_fields=["ended_on"])
    note(actor, membership.person, "end_membership", membership=membership.pk, last_day=last_day)
    return membership
