"""Alerts beside other things: how many in each tab, of which issues, and the word that changes when one does."""

from collections.abc import Collection, Mapping

from django.db.models import Count, QuerySet, Sum

from lianxin.alerts.enums import UNSETTLED
from lianxin.alerts.models import Alert
from lianxin.alerts.policies import visible
from lianxin.alerts.queries.inbox import GROUPS, AlertLine, lines_of
from lianxin.org.queries import Person

LATEST = 10


def waiting_count(*, viewer: Person) -> int:
    """How many alerts stand in the first group of the viewer's inbox; for the navigation, which leads there."""
    return Alert.objects.filter(visible(viewer), GROUPS["mine"].test(viewer)).count()


def tab_counts(*, viewer: Person, rule: str = "") -> Mapping[str, int]:
    """How many stand in each group of the inbox, of one rule where given. One statement."""
    rows = Alert.objects.filter(visible(viewer), **({"rule": rule} if rule else {}))
    return rows.aggregate(**{name: Count("pk", filter=group.test(viewer)) for name, group in GROUPS.items()})


def inbox_version(*, viewer: Person) -> str:
    """A word that is another once an alert came, was taken up or settled. One statement."""
    found = _unsettled(viewer).aggregate(number=Count("pk"), steps=Sum("version", default=0))
    return f"{found['number']}.{found['steps']}"


def issues_with_alerts(*, viewer: Person, issues: Collection[int]) -> set[int]:
    """Those of the issues of which an alert is not settled. One statement."""
    return set(_unsettled(viewer).filter(issue__in=issues).values_list("issue", flat=True)) if issues else set()


def alerts_of_issue(*, viewer: Person, issue_id: int) -> list[AlertLine]:
    """The latest alerts of an issue that the viewer sees, the newest first."""
    rows = Alert.objects.filter(visible(viewer), issue=issue_id).order_by("-raised_at", "pk")
    read = rows.select_related("issue", "unit", "category", "taken_by", "settled_by")
    return lines_of(viewer=viewer, alerts=read[:LATEST])


def _unsettled(viewer: Person) -> QuerySet[Alert]:
    return Alert.objects.filter(visible(viewer), state__in=UNSETTLED)
