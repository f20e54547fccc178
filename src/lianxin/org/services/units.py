"""Units: founded, added, renamed, moved, ended."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.locks import lock_tables
from lianxin.org.enums import UnitKind
from lianxin.org.models import PartyOrganisation, Person, Post, Unit, UnitMove
from lianxin.org.policies import Target, require
from lianxin.org.services.people import move_people
from lianxin.org.services.record import note
from lianxin.org.services.trees import end, fetch_living, move_below, put_below, rename


@transaction.atomic
def found_enterprise(*, actor: Person | None, name: str, code: str) -> Unit:
    """Make the root of the tree of units, once.

    Raises:
        ValidationFailed: there is one, or the name or code cannot be taken.
        PermissionDenied: the actor may not.
    """
    require(actor, "manage_units")
    lock_tables(Unit)
    if Unit.objects.exists():
        raise ValidationFailed({"": _("The enterprise has already been set up.")})
    unit = Unit(name=name, code=code, kind=UnitKind.ENTERPRISE)
    put_below(unit, None)
    note(actor, unit, "found", code=unit.code)
    return unit


@transaction.atomic
def add_unit(
    *, actor: Person | None, parent_id: int, name: str, code: str, kind: UnitKind = UnitKind.DEPARTMENT
) -> Unit:
    """Add a unit below another.

    Raises:
        NotFound, PermissionDenied: no such parent, or it is outside the actor's reach.
        ValidationFailed: the parent has been ended, the code is taken, the name is empty.
    """
    lock_tables(Unit)
    parent = fetch_living(Unit, parent_id, "parent")
    require(actor, "manage_units", Target(parent.path))
    unit = Unit(name=name, code=code, kind=kind)
    put_below(unit, parent)
    note(actor, unit, "add", parent=parent.pk, code=unit.code)
    return unit


@transaction.atomic
def rename_unit(
    *, actor: Person | None, unit_id: int, name: str, code: str | None = None, kind: UnitKind | None = None
) -> Unit:
    """Give a unit another name, and another code and kind where given.

    Raises:
        NotFound, PermissionDenied: no such unit, or it is outside the actor's reach.
        ValidationFailed: it has been ended, the code is taken, the name is empty.
    """
    unit = fetch_living(Unit, unit_id)
    require(actor, "manage_units", Target(unit.path))
    changed = rename(unit, name=name, code=code, kind=kind)
    if changed:
        note(actor, unit, "rename", **changed)
    return unit


@transaction.atomic
def move_unit(*, actor: Person | None, unit_id: int, parent_id: int) -> Unit:
    """Put a unit, with all below it, under another; the move is kept.

    Raises:
        NotFound, PermissionDenied: no such unit or parent, or one of them is outside the actor's reach.
        ValidationFailed: the unit would lie below itself, is there already, is the enterprise, or one of them has been
            ended.
    """
    lock_tables(Unit)
    unit, parent = fetch_living(Unit, unit_id), fetch_living(Unit, parent_id, "parent")
    require(actor, "manage_units", Target(unit.path))
    require(actor, "manage_units", Target(parent.path))
    if unit.is_root():
        raise ValidationFailed({"": _("The enterprise itself cannot be moved.")})
    old = move_below(unit, parent)
    UnitMove.objects.create(unit=unit, from_parent=old, to_parent=parent, moved_on=timezone.today())
    note(actor, unit, "move", parent=[old.pk if old else None, parent.pk])
    return Unit.objects.get(pk=unit.pk)


@transaction.atomic
def merge_unit(*, actor: Person | None, unit_id: int, into_id: int) -> Unit:
    """Merge a unit into another: what lies below it, stands at it and works in it goes over, posts end, it is ended.

    What has been counted for it stays counted for it.

    Raises:
        NotFound, PermissionDenied: no such units, or one of them is outside the actor's reach.
        ValidationFailed: one has been ended, it is the enterprise or above the other, or roles are held at it.
    """
    lock_tables(Unit)
    unit, into = fetch_living(Unit, unit_id), fetch_living(Unit, into_id, "parent")
    require(actor, "manage_units", Target(unit.path))
    require(actor, "manage_units", Target(into.path))
    if into.path.startswith(unit.path):
        raise ValidationFailed({"parent": _("A unit cannot be moved below itself.")})
    for child in Unit.objects.get_children(unit).filter(ended_on__isnull=True):
        move_unit(actor=actor, unit_id=child.pk, parent_id=into.pk)
    for organisation in PartyOrganisation.objects.filter(unit=unit, ended_on__isnull=True):
        organisation.unit = into
        organisation.save(update_fields=["unit"])
        note(actor, organisation, "place", unit=[unit.pk, into.pk])
    move_people(actor=actor, unit=unit, into=into)
    held = Post.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=timezone.today()), unit=unit)
    held.filter(started_on__gt=timezone.today()).delete()
    held.update(ended_on=timezone.today())
    ended = end_unit(actor=actor, unit_id=unit.pk)
    ended.merged_into = into
    ended.save(update_fields=["merged_into"])
    note(actor, ended, "merge", unit=into.pk)
    return ended


@transaction.atomic
def end_unit(*, actor: Person | None, unit_id: int) -> Unit:
    """End a unit today. Nobody is left in it, nothing below it.

    Raises:
        NotFound, PermissionDenied: no such unit, or it is outside the actor's reach.
        ValidationFailed: it has been ended, or people, units, Party organisations, posts or roles are still there.
    """
    lock_tables(Unit)
    unit = fetch_living(Unit, unit_id)
    require(actor, "manage_units", Target(unit.path))
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gt=timezone.today())
    end(
        unit,
        (unit.employments.filter(lasting).exists(), _("People work here. Please transfer them first.")),
        (
            unit.party_organisations.filter(lasting).exists(),
            _("Party organisations are attached to this unit. Please close them first."),
        ),
        (unit.posts.filter(lasting).exists(), _("Posts are held here. Please end them first.")),
        (
            unit.role_grants.filter(lasting).exists(),
            _("Roles are held here. Please have the security administrator end them first."),
        ),
    )
    note(actor, unit, "end", code=unit.code)
    return unit
