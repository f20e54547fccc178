"""Where one is among the pages of hot issues: addresses that keep what is asked for, and the tabs on top."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from lianxin.hotissues.policies import sees_warnings
from lianxin.hotissues.queries.early_warning.rules import reads_rules
from lianxin.org.queries import Person
from lianxin.ui.components import Tab
from lianxin.ui.navigation import waiting_behind

KEPT = ("unit", "days", "since", "until", "category", "lens")


def address(request: HttpRequest, name: str, *args: Any, **changes: str) -> str:
    """An address that keeps what is asked for in the present one."""
    kept = {key: value for key in KEPT if (value := request.GET.get(key, ""))}
    query = urlencode({key: value for key, value in {**kept, **changes}.items() if value})
    return reverse(f"hotissues:{name}", args=args) + (f"?{query}" if query else "")


def tabs_for(request: HttpRequest, viewer: Person, current: str) -> list[Tab]:
    """List, picture, warnings and rules, as far as they are the viewer's; none for whoever only sees the rules."""
    if not sees_warnings(viewer):
        return []
    tabs = [
        Tab(label=pgettext("hot issues", "Hot issues"), url=address(request, "hot"), current=current == "hot"),
        Tab(
            label=pgettext("hot issues", "Heat map"),
            url=address(request, "picture", lens=""),
            current=current == "picture",
        ),
        Tab(
            label=pgettext("hot issues", "Warnings"),
            url=reverse("hotissues:warnings"),
            current=current == "warnings",
            count=waiting_behind(request, "hotissues:hot") or None,
        ),
    ]
    if reads_rules(viewer):
        tabs.append(
            Tab(label=pgettext("hot issues", "Rules"), url=reverse("hotissues:rules"), current=current == "rules")
        )
    return tabs
