"""Where one is among the pages of hot issues: addresses that keep what is asked for, and the tabs on top."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from lianxin.hotissues.policies import sees_hot_issues
from lianxin.org.queries import Person
from lianxin.ui.components import Tab

KEPT = ("unit", "days", "since", "until", "category", "lens")


def address(request: HttpRequest, name: str, *args: Any, **changes: str) -> str:
    """An address that keeps what is asked for in the present one."""
    kept = {key: value for key in KEPT if (value := request.GET.get(key, ""))}
    query = urlencode({key: value for key, value in {**kept, **changes}.items() if value})
    return reverse(f"hotissues:{name}", args=args) + (f"?{query}" if query else "")


def issue_tabs(request: HttpRequest, viewer: Person, current: str) -> Sequence[Tab]:
    """List and picture, for whoever sees hot issues."""
    if not sees_hot_issues(viewer):
        return []
    return [
        Tab(label=pgettext("hot issues", "Hot issues"), url=address(request, "hot"), current=current == "hot"),
        Tab(
            label=pgettext("hot issues", "Heat map"),
            url=address(request, "picture", lens=""),
            current=current == "picture",
        ),
    ]
