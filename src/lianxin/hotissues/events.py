"""Signals about hot issues, and what contexts above add to their pages.

Signals are sent with `send`: those about cases and merges inside the transaction of the change, so that a receiver that
fails undoes it; `issues_regrouped` after it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.functional import Promise

from lianxin.kernel.extension_points import ExtensionPoint, Panel
from lianxin.ui.components import Tab

if TYPE_CHECKING:
    from lianxin.hotissues.models import Issue
    from lianxin.org.queries import Person

cases_assigned = Signal()
"""Cases that were just read have found their issues, as far as there are any for them: `case_ids`."""

issues_merged = Signal()
"""An issue, `other`, was merged into `issue`."""

issues_regrouped = Signal()
"""All cases were grouped anew, by the clock or on demand."""


@dataclass(frozen=True)
class IssueBadge:
    """What stands beside the name of an issue in lists."""

    label: str | Promise
    icon: str
    tone: str


issue_badges: ExtensionPoint[["Person", Collection[int]], Mapping[int, IssueBadge]] = ExtensionPoint()
"""The badges of some issues for a viewer, by the issue's number; one statement for all of them."""

issue_panels: ExtensionPoint[["Person", "Issue"], Panel | None] = ExtensionPoint()
"""Parts of the page of an issue; None where there is nothing to show."""

page_tabs: ExtensionPoint[[HttpRequest, "Person", str], Sequence[Tab]] = ExtensionPoint()
"""The pages that stand beside each other as tabs: of the viewer's, with the name of the present one."""


def badges_of(*, viewer: "Person", issues: Collection[int]) -> dict[int, list[IssueBadge]]:
    """The badges of these issues."""
    given = issue_badges(viewer, issues)
    return {issue: [badges[issue] for badges in given if issue in badges] for issue in issues}


def tabs_for(request: HttpRequest, viewer: "Person", current: str) -> list[Tab]:
    """The tabs on top of the pages of hot issues, and of what belongs to them."""
    return [tab for tabs in page_tabs(request, viewer, current) for tab in tabs]
