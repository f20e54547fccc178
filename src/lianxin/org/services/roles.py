"""Roles: granted and ended. Three administrators keep each other honest (三员分立)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.events import role_ended, role_granted
from lianxin.org.models import Person, RoleGrant, Unit
from lianxin.org.policies import Target, require
from lianxin.org.services.record import fetch, note
from lianxin.org.services.trees import fetch_living
from lianxin.ui.formatting import full_date


@transaction.atomic
def grant_role(
    *,
    actor: Person | None,
    person_id: int,
    role: Role,
    unit_id: int,
    started_on: date | None = None,
    ended_on: date | None = None,
) -> RoleGrant:
    """Charge somebody with a role at a unit and all below it, from a day on (default: today), maybe to a last day.

    Raises:
        NotFound, PermissionDenied: no such person or unit, it is outside the actor's reach, or the actor is that
            person.
        ValidationFailed: it is held there already, would join an administrator's role with another, begins in the past,
            ends before it begins, the person has left, the unit has been ended.
    """
    started_on = started_on or timezone.today()
    person = fetch(Person, person_id)
    unit = fetch_living(Unit, unit_id, "unit")
    require(actor, "manage_roles", Target(unit.path, person_id))
    if person.left_on:
        raise ValidationFailed({"person": _("This person has left.")})
    if actor is not None and started_on < timezone.today():
        raise ValidationFailed({"started_on": _("A role cannot start in the past.")})
    if ended_on is not None and ended_on < started_on:
        raise ValidationFailed({"ended_on": _("This is before its start date.")})
    _check_beside_others(person, role, unit, started_on, ended_on)
    grant = person.role_grants.create(role=role, unit=unit, started_on=started_on, ended_on=ended_on)
    note(actor, person, "grant_role", role=str(role), unit=unit.pk, started_on=started_on, ended_on=ended_on)
    role_granted.send(sender=RoleGrant, person_id=person_id)
    return grant


def _check_beside_others(person: Person, role: Role, unit: Unit, started_on: date, ended_on: date | None) -> None:
    """Insist that a role fits beside those held in the same days (the database insists too)."""
    same_days = person.role_grants.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=started_on))
    if ended_on is not None:
        same_days = same_days.filter(started_on__lte=ended_on)
    if same_days.filter(role=role, unit=unit).exists():
        raise ValidationFailed({"role": _("They already hold this role at this unit during these days.")})
    others = same_days.exclude(role=role)
    clash = others.first() if role in ADMINISTRATORS else others.filter(role__in=ADMINISTRATORS).first()
    if clash:
        raise ValidationFailed(
            {
                "role": _(
                    "Administrators are kept separate: each can hold no other role. %(person)s is %(role)s "
                    "during these days."
                )
                % {"person": person.name, "role": clash.get_role_display()}
            }
        )


@transaction.atomic
def end_role(*, actor: Person | None, grant_id: int, last_day: date | None = None) -> None:
    """End a role: after a last day, or (the default) at once, so that yesterday was its last.

    A grant that is ended before it took effect is taken away; the record keeps that it was there.

    Raises:
        NotFound, PermissionDenied: there is none such, it is outside the actor's reach, or the actor is who holds it.
        ValidationFailed: it is over, the day is before yesterday, or an administrator's role would be held by nobody.
    """
    yesterday = timezone.today() - timedelta(days=1)
    last_day = last_day or yesterday
    grant = _fetch_with_person(grant_id)
    require(actor, "manage_roles", Target(grant.unit.path, grant.person_id))
    if grant.ended_on and grant.ended_on <= yesterday:
        raise ValidationFailed({"": _("This has already ended.")})
    if last_day < yesterday:
        raise ValidationFailed({"last_day": _("A role cannot end in the past.")})
    if grant.ended_on and last_day >= grant.ended_on:
        raise ValidationFailed({"last_day": _("It already ends on %(day)s.") % {"day": full_date(grant.ended_on)}})
    _end(actor, grant, last_day)


def _fetch_with_person(grant_id: int) -> RoleGrant:
    """Lock the person, then the grant: the order in which everybody locks them."""
    person_id = RoleGrant.objects.filter(pk=grant_id).values_list("person_id", flat=True).first()
    if person_id:
        fetch(Person, person_id)
    return fetch(RoleGrant, grant_id)


def end_all_roles(actor: Person | None, person: Person, *, last_day: date) -> None:
    """End every role of somebody who leaves, inside the caller's transaction.

    Raises:
        ValidationFailed: an administrator's role would be held by nobody.
    """
    lasting = person.role_grants.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=last_day))
    for grant in lasting.select_related("unit").select_for_update(of=("self",), no_key=True):
        _end(actor, grant, last_day)


def _end(actor: Person | None, grant: RoleGrant, last_day: date) -> None:
    _keep_one(grant)
    note(actor, grant.person, "end_role", role=grant.role, unit=grant.unit_id, last_day=last_day)
    if last_day < grant.started_on:
        grant.delete()
    else:
        grant.ended_on = last_day
        grant.save(update_fields=["ended_on"])
    role_ended.send(sender=RoleGrant, person_id=grant.person_id)


def _keep_one(grant: RoleGrant) -> None:
    """Insist that the enterprise keeps somebody in each administrator's role, or nobody could ever grant it again."""
    if grant.role not in ADMINISTRATORS or not grant.unit.is_root():
        return
    fetch(Unit, grant.unit_id)  # of two who are ended at once, the second sees the first
    today = timezone.today()
    others = RoleGrant.objects.filter(role=grant.role, unit_id=grant.unit_id, started_on__lte=today, ended_on=None)
    if not others.exclude(person_id=grant.person_id).exists():
        raise ValidationFailed(
            {
                "": _("No one else is %(role)s. Please have the role granted to someone else first.")
                % {"role": grant.get_role_display()}
            }
        )
