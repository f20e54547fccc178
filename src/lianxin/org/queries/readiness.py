"""Whether the organisation is complete enough for cases to find somebody."""

from django.db.models import Q

from lianxin.kernel import clock
from lianxin.org.models import Person, Unit


def number_of_units() -> int:
    """How many living units there are, the enterprise itself included."""
    return Unit.objects.filter(ended_on__isnull=True).count()


def number_of_people() -> int:
    """How many people work here today."""
    today = clock.today()
    return Person.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=today)).count()
