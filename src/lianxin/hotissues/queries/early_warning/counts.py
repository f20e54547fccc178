"""Warnings beside other things: how many in each tab, of which issues, and the word that changes when one does."""

from collections.abc import Collection, Mapping

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from lianxin.hotissues.enums import UNSETTLED, WarningState
from lianxin.hotissues.models import EarlyWarning, WarningTold
from lianxin.hotissues.policies import visible
from lianxin.hotissues.queries.early_warning.inbox import GROUPS, WarningLine, lines_of
from lianxin.org.queries import Person

LATEST = 10


def waiting_count(*, viewer: Person) -> int:
    """How many warnings the viewer was told of that nobody has taken up; for the navigation."""
    told = WarningTold.objects.filter(warning=OuterRef("pk"), person=viewer.pk)
    return EarlyWarning.objects.filter(visible(viewer), Exists(told), state=WarningState.NEW).count()


def tab_counts(*, viewer: Person, rule: str = "") -> Mapping[str, int]:
    """How many stand in each group of the inbox, of one rule where given. One statement."""
    rows = EarlyWarning.objects.filter(visible(viewer), **({"rule": rule} if rule else {}))
    return rows.aggregate(**{name: Count("pk", filter=group.test(viewer)) for name, group in GROUPS.items()})


def inbox_version(*, viewer: Person) -> str:
    """A word that is another once a warning came, was taken up or settled. One statement."""
    found = _unsettled(viewer).aggregate(number=Count("pk"), steps=Sum("version", default=0))
    return f"{found['number']}.{found['steps']}"


def warned_of(*, viewer: Person, issues: Collection[int]) -> set[int]:
    """Those of the issues of which a warning is not settled. One statement."""
    return set(_unsettled(viewer).filter(issue__in=issues).values_list("issue", flat=True)) if issues else set()


def warnings_of_issue(*, viewer: Person, issue_id: int) -> list[WarningLine]:
    """The latest warnings of an issue that the viewer sees, the newest first."""
    rows = EarlyWarning.objects.filter(visible(viewer), issue=issue_id).order_by("-raised_at", "pk")
    read = rows.select_related("issue", "unit", "category", "taken_by", "settled_by")
    return lines_of(viewer=viewer, warnings=read[:LATEST])


def _unsettled(viewer: Person) -> QuerySet[EarlyWarning]:
    return EarlyWarning.objects.filter(visible(viewer), state__in=UNSETTLED)
