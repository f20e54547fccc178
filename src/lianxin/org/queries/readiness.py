"""Whether the organisation is complete enough for cases to find somebody."""

from django.db.models import Q

from lianxin.kernel import clock
from lianxin.org.enums import Role
from lianxin.org.models import Person, RoleGrant, Unit, active_on


def unreached_units(role: Role) -> list[Unit]:
    """Living units over which nobody holds the role today, at the unit itself or above it; in tree order."""
    today = clock.today()
    here = Q(person__left_on__isnull=True) | Q(person__left_on__gte=today)
    grants = RoleGrant.objects.filter(active_on(today), here, role=role)
    held = tuple(grants.values_list("unit__path", flat=True).distinct())
    living = Unit.objects.filter(ended_on__isnull=True).order_by("path")
    return [unit for unit in living if not unit.path.startswith(held)]


def number_of_units() -> int:
    """How many living units there are, the enterprise itself included."""
    return Unit.objects.filter(ended_on__isnull=True).count()


def number_of_people() -> int:
    """How many people work here today."""
    today = clock.today()
    return Person.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=today)).count()
