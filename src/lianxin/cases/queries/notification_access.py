"""What may be said of cases outside the house, and in somebody's own inbox."""

from collections.abc import Collection

from lianxin.cases.models import Case
from lianxin.org.queries import Person


def standing_of_cases(viewer: Person, ids: Collection[str]) -> dict[str, bool]:
    """Those of some cases that the viewer sees, each with whether it is sealed."""
    seen = Case.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", "sealed")
    return {str(case_id): sealed for case_id, sealed in seen}


def titles_of_cases(viewer: Person, ids: Collection[str]) -> dict[str, str]:
    """The titles of some cases that the viewer sees; never of a sealed one, as an inbox is open on many a screen."""
    seen = Case.objects.visible_to(viewer).filter(pk__in=ids, sealed=False).values_list("pk", "title")
    return {str(case_id): title for case_id, title in seen}
