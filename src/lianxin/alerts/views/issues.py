"""What alerts add to the pages of hot issues."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from lianxin.alerts.queries.counts import alerts_of_issue, issues_with_alerts
from lianxin.hotissues.events import IssueBadge
from lianxin.hotissues.models import Issue
from lianxin.kernel.extension_points import Panel
from lianxin.org.queries import Person

BADGE = IssueBadge(label=_("early warning"), icon="alert-triangle", tone="warning")


def badges_of_issues(viewer: Person, issues: Collection[int]) -> Mapping[int, IssueBadge]:
    """That an alert about the issue is not settled."""
    return dict.fromkeys(issues_with_alerts(viewer=viewer, issues=issues), BADGE)


def panel_of_issue(viewer: Person, issue: Issue) -> Panel | None:
    """The latest alerts about an issue."""
    lines = alerts_of_issue(viewer=viewer, issue_id=issue.pk)
    return Panel("alerts/_of_issue.html", lines) if lines else None
