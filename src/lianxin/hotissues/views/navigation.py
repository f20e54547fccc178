"""Where one finds hot issues, warnings and their rules in the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.hotissues.policies import administers_rules, sees_hot_issues
from lianxin.hotissues.queries.early_warning.counts import waiting_count
from lianxin.hotissues.queries.early_warning.rules import reads_rules
from lianxin.kernel.access import viewer_of
from lianxin.ui.navigation import SETTINGS, Entry, register

ISSUES = ("issue", "picture", "rename", "merge", "confirm", "cases")
WARNINGS = ("warnings", "warning", "act_on_warning", "dismiss_warning")
RULES = ("rules", "rule", "change_rule")


def _sees(request: HttpRequest) -> bool:
    return request.user.is_authenticated and sees_hot_issues(viewer_of(request))


def _keeps_rules(request: HttpRequest) -> bool:
    """Whether the rules are a place of their own: for the administrator, and for an owner who has no hot list."""
    if not request.user.is_authenticated:
        return False
    viewer = viewer_of(request)
    return administers_rules(viewer) or (not sees_hot_issues(viewer) and reads_rules(viewer))


def register_navigation() -> None:
    """One entry for list, picture and warnings; the rules also among the administrator's settings."""
    register(
        Entry(
            area="desk",
            label=_("Hot issues"),
            url_name="hotissues:hot",
            icon="flame",
            order=20,
            visible=_sees,
            count=lambda viewer: waiting_count(viewer=viewer),
            also=tuple(f"hotissues:{name}" for name in (*ISSUES, *WARNINGS, *RULES)),
        )
    )
    register(
        Entry(
            area="desk",
            label=_("Warning rules"),
            url_name="hotissues:rules",
            icon="alert-triangle",
            order=68,
            visible=_keeps_rules,
            also=tuple(f"hotissues:{name}" for name in RULES),
            group=SETTINGS,
        )
    )
