"""Where one finds alerts and their rules: behind hot issues, as tabs beside them; the rules also among the settings."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from lianxin.alerts.policies import administers_rules, sees_alerts
from lianxin.alerts.queries.counts import waiting_count
from lianxin.alerts.queries.rules import reads_rules
from lianxin.org.queries import Person
from lianxin.ui.components import Tab
from lianxin.ui.navigation import SETTINGS, Entry, extend, register, visible_to, waiting_behind

HOT_ISSUES = "hotissues:hot"
ALERTS = ("alerts:alerts", "alerts:alert", "alerts:act", "alerts:dismiss")
RULES = ("alerts:rules", "alerts:rule", "alerts:change_rule")


def _keeps_rules(viewer: Person) -> bool:
    """Whether the rules are a place of their own: for the administrator, and for an owner who has no hot list."""
    return administers_rules(viewer) or (not sees_alerts(viewer) and reads_rules(viewer))


def register_navigation() -> None:
    """Alerts wait behind the entry of hot issues; the rules are also among the administrator's settings."""
    extend("desk", HOT_ISSUES, count=lambda viewer: waiting_count(viewer=viewer), also=(*ALERTS, *RULES))
    register(
        Entry(
            area="desk",
            label=_("Warning rules"),
            url_name="alerts:rules",
            icon="alert-triangle",
            order=68,
            visible=visible_to(_keeps_rules),
            also=RULES,
            group=SETTINGS,
        )
    )


def alert_tabs(request: HttpRequest, viewer: Person, current: str) -> Sequence[Tab]:
    """Warnings and rules, as far as they are the viewer's; none for whoever only sees the rules."""
    if not sees_alerts(viewer):
        return []
    tabs = [
        Tab(
            label=pgettext("hot issues", "Warnings"),
            url=reverse("alerts:alerts"),
            current=current == "alerts",
            count=waiting_behind(request, HOT_ISSUES) or None,
        )
    ]
    if reads_rules(viewer):
        tabs.append(Tab(label=pgettext("hot issues", "Rules"), url=reverse("alerts:rules"), current=current == "rules"))
    return tabs
