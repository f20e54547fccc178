"""Where one can go. Each context registers its entries in `apps.ready()`, so no page links to nowhere."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Literal, TypeAlias

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.access import viewer_of

Area: TypeAlias = Literal["employee", "me", "desk", "top"]
"""The employee's bottom bar, their page "Me", the staff's navigation, or the right end of the top bar (the inbox)."""


def everyone(_request: HttpRequest) -> bool:
    return True


def visible_to(test: Callable[[Any], bool] = lambda _viewer: True) -> Callable[[HttpRequest], bool]:
    """Visible to whoever is signed in and passes the test."""
    return lambda request: request.user.is_authenticated and test(viewer_of(request))


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
        visible: whether whoever makes the request may go there; asked once a request.
        count: how many things wait there for the person who is signed in (shown as a badge); asked once a request.
        main: drawn as the one thing to do (说一说 in the employee's bar).
        also: further url names, with namespace, on whose pages the entry counts as the present one.
        holds: the area whose entries stand on its page; what waits there is counted here.
        group: stands for its first visible entry in the navigation; the others are tabs on its pages.
    """

    area: Area
    label: str | Promise
    url_name: str
    icon: str
    order: int = 100
    visible: Callable[[HttpRequest], bool] = everyone
    count: Callable[[Any], int] | None = None
    main: bool = False
    also: tuple[str, ...] = ()
    holds: Area | None = None
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


def register(entry: Entry, *, also_for_employees: bool = False) -> None:
    """Add a place to go; registering the same url name in the same area again replaces it.

    `also_for_employees`: an entry of the desk that employees find on their page "Me", too: their bar has four places.
    """
    _entries[entry.area, entry.url_name] = entry
    if also_for_employees:
        register(replace(entry, area="me"))


def frame_of(request: HttpRequest) -> str:
    """The base template for whoever makes the request: the desk's, if something stands there for them alone."""
    own = (
        entry
        for (area, url_name), entry in _entries.items()
        if area == "desk" and not _entries.keys() & {("employee", url_name), ("me", url_name)}
    )
    at_desk = request.user.is_authenticated and any(_is_visible(request, entry) for entry in own)
    return "ui/desk.html" if at_desk else "ui/employee.html"


def extend(area: Area, url_name: str, *, count: Callable[[Any], int], also: tuple[str, ...] = ()) -> None:
    """Let an entry of a lower context lead to more: pages on which it counts as the present one, and what waits there.

    The entry is registered already, as apps become ready in the order of `INSTALLED_APPS`.
    """
    entry = _entries[area, url_name]
    _entries[area, url_name] = replace(entry, also=(*entry.also, *also), count=_sum_of(entry.count, count))


def _sum_of(first: Callable[[Any], int] | None, second: Callable[[Any], int]) -> Callable[[Any], int]:
    return (lambda viewer: first(viewer) + second(viewer)) if first else second


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
    return here == entry.url_name or here in entry.also or any(_is_current(request, each) for each in _held(entry))


def _held(entry: Entry) -> list[Entry]:
    return [each for each in _entries.values() if entry.holds and each.area == entry.holds]


def _place(request: HttpRequest, entry: Entry) -> Place:
    return Place(
        label=str(entry.label),
        url=reverse(entry.url_name),
        icon=entry.icon,
        badge=sum(waiting_behind(request, each.url_name) for each in [entry, *_held(entry)]),
        main=entry.main,
        current=_is_current(request, entry),
    )


def waiting_behind(request: HttpRequest, url_name: str) -> int:
    """How many things wait behind an entry that the request may see; counted at most once a request."""
    counts: dict[str, int] = vars(request).setdefault("_navigation_counts", {})
    if url_name not in counts:
        viewer = getattr(getattr(request, "user", None), "person", None)
        asked = {
            entry.count
            for entry in _entries.values()
            if entry.url_name == url_name and entry.count and viewer and _is_visible(request, entry)
        }  # what stands in two areas is counted once
        counts[url_name] = sum(count(viewer) for count in asked)
    return counts[url_name]
