"""Where one can go. Each context registers its entries in `apps.ready()`, so no page links to nowhere."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from operator import attrgetter
from typing import Literal, TypeAlias

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.rows import Statement, numbers

Area: TypeAlias = Literal["employee", "desk", "top"]
"""The employee's bottom bar, the staff's navigation, or the right end of the top bar (the inbox)."""


def everyone(_request: HttpRequest) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Group:
    """Places that share one entry; on their pages they stand beside each other as tabs."""

    label: str | Promise
    icon: str


ORGANISATION = Group(label=_("Organisation"), icon="sitemap")
SETTINGS = Group(label=_("Settings"), icon="settings")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One place to go.

    Args:
        url_name: reversed without arguments when the entry is shown.
        order: lower stands first; ties keep the order of registration.
        visible: whether whoever makes the request may go there; asked once a request, so it should cost no query.
        badge: a statement that counts the things that wait there; no words: nothing does. All are run together.
        main: drawn as the one thing to do (说一说 in the employee's bar).
        also: further url names, with namespace, on whose pages the entry counts as the present one.
        group: stands for its first visible entry in the navigation; the others are tabs on its pages.
    """

    area: Area
    label: str | Promise
    url_name: str
    icon: str
    order: int = 100
    visible: Callable[[HttpRequest], bool] = everyone
    badge: Callable[[HttpRequest], Statement | int] | None = None
    main: bool = False
    also: tuple[str, ...] = ()
    group: Group | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry as this request sees it."""

    label: str
    url: str
    icon: str
    badge: int
    main: bool
    current: bool


_entries: dict[tuple[Area, str], Entry] = {}


def register(entry: Entry) -> None:
    """Add a place to go; registering the same url name in the same area again replaces it."""
    _entries[entry.area, entry.url_name] = entry


def places(request: HttpRequest, area: Area) -> list[Place]:
    """What whoever makes the request sees in `area`, in order; a group is one place."""
    shown: list[Place] = []
    groups: list[Group] = []
    entries = _visible(request, area)
    for entry in entries:
        if entry.group is None:
            shown.append(_place(request, entry))
        elif entry.group not in groups:
            groups.append(entry.group)
            members = [_place(request, each) for each in entries if each.group is entry.group]
            current = any(member.current for member in members)
            shown.append(
                replace(members[0], label=str(entry.group.label), icon=entry.group.icon, current=current)
                if len(members) > 1
                else members[0]
            )
    return shown


def beside(request: HttpRequest, area: Area) -> list[Place]:
    """The places of the group to which the present page belongs; none for a page that stands alone."""
    entries = _visible(request, area)
    group = next((entry.group for entry in entries if entry.group and _is_current(request, entry)), None)
    members = [_place(request, entry) for entry in entries if group and entry.group is group]
    return members if len(members) > 1 else []


def _visible(request: HttpRequest, area: Area) -> list[Entry]:
    entries = (entry for entry in _entries.values() if entry.area == area and _is_visible(request, entry))
    return sorted(entries, key=attrgetter("order"))


def _is_visible(request: HttpRequest, entry: Entry) -> bool:
    """Asked once a request, however many bars, tabs and badges want to know."""
    asked: dict[tuple[Area, str], bool] = vars(request).setdefault("_visible_entries", {})
    key = entry.area, entry.url_name
    if key not in asked:
        asked[key] = entry.visible(request)
    return asked[key]


def _is_current(request: HttpRequest, entry: Entry) -> bool:
    here = request.resolver_match.view_name if request.resolver_match else ""
    return here == entry.url_name or here in entry.also


def _place(request: HttpRequest, entry: Entry) -> Place:
    return Place(
        label=str(entry.label),
        url=_address(entry.url_name, settings.ROOT_URLCONF),
        icon=entry.icon,
        badge=waiting_behind(request, entry.url_name),
        main=entry.main,
        current=_is_current(request, entry),
    )


@cache
def _address(url_name: str, _addresses: str) -> str:
    """Where an entry leads; the addresses of a site (`ROOT_URLCONF`) do not change while it runs."""
    return reverse(url_name)


def waiting_behind(request: HttpRequest, url_name: str) -> int:
    """How many things wait behind an entry that the request may see; counted once a request, with all others."""
    return _badges(request).get(url_name, 0)


def _badges(request: HttpRequest) -> dict[str, int]:
    counted: dict[str, int] | None = getattr(request, "_counted_badges", None)
    if counted is None:
        given = {e.url_name: e.badge(request) for e in _entries.values() if e.badge and _is_visible(request, e)}
        asked = {name: badge for name, badge in given.items() if isinstance(badge, Statement)}
        counted = {name: badge for name, badge in given.items() if isinstance(badge, int)}
        counted |= dict(zip(asked, numbers(*asked.values()), strict=True))
        request._counted_badges = counted  # type: ignore[attr-defined] # noqa: SLF001 - ours, for this request
    return counted
