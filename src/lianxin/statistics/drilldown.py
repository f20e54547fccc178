"""From a number to the cases behind it, as far as the viewer may open them."""

from django.db.models import QuerySet

from lianxin.cases.models import Case
from lianxin.kernel.errors import NotFound
from lianxin.org.models import Person
from lianxin.statistics.aggregation import Scope
from lianxin.statistics.definitions import MEASURES


def cases_behind(
    *, viewer: Person, scope: Scope, measure: str, lacking: str = "", alone: bool = False
) -> QuerySet[Case]:
    """The cases that counted for `measure`, and not for `lacking`, that the viewer may open; newest first.

    `alone`: only what the unit itself led, without the units below it.

    Raises:
        NotFound: there is no such measure.
    """
    if measure not in MEASURES or (lacking and lacking not in MEASURES):
        raise NotFound
    facts = scope.facts(scope.period.since, scope.period.until).filter(**{measure: True})
    if lacking:
        facts = facts.filter(**{lacking: False})
    if alone:
        facts = facts.filter(unit=scope.unit)
    return (
        Case.objects.visible_to(viewer)
        .filter(pk__in=facts.values("case"))
        .select_related("lead_unit", "place_unit", "category")
        .order_by("-submitted_at", "pk")
    )
