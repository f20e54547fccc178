"""What stands on the first page of each role: the next thing to do on top, then counts that open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianxin.accounts.queries import without_sign_in
from lianxin.cases.queries import (
    CaseFilter,
    Word,
    awaits_requester,
    desk_counts,
    desk_rows,
    first_queue,
    my_first_cases,
    queues_of,
    word_for,
)
from lianxin.home.panels import Panel, panels_for
from lianxin.hotissues.events import IssueBadge, badges_of
from lianxin.hotissues.models import Membership
from lianxin.hotissues.queries import Episode, Hot, Scope, episodes_of, hot_list, hot_unit_for, last_days
from lianxin.notifications.queries import Line, duties, latest
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.queries import Person, organisation_counts, unheld_roles

NEXT_CASES = 6
OWN_CASES = 5
HOT_ISSUES = 8
COUNTED = ("case", "hotissues.warning")
"""What notices are about that stands on first pages with a number of its own."""


NEEDED_ROLES = (Role.DISPATCHER, Role.HANDLER, Role.SUPERVISOR, Role.INSPECTOR, Role.UNIT_LEADER)
"""Without somebody in each of these over the whole enterprise, a case may find nobody."""


@dataclass(frozen=True)
class Tile:
    """A number that opens to what it counts."""

    label: str | Promise
    number: int
    url: str
    tone: str = "plain"


@dataclass(frozen=True)
class Lately:
    """The hot list of a unit as far as it fits on the first page; what is cut off is counted."""

    scope: Scope
    rows: list[tuple[Hot, str, list[IssueBadge], list[Episode]]]
    more: int


@dataclass(frozen=True)
class DeskHome:
    """The first page of whoever works with cases."""

    first: Any
    first_label: str | Promise
    waiting: int
    dangers: int
    tiles: list[Tile]
    upcoming: Sequence[Any]
    list_url: str
    overdue: int
    """What is late at their desk, where nothing waits for them themselves."""
    own_awaiting: bool
    duties: list[Line]
    """What else waits for them: a pledge to review, a question to answer."""
    lately: Lately | None
    """What people talk about, for those who answer for a unit or watch over it; after their own work."""


@dataclass(frozen=True)
class EmployeeHome:
    """The first page of an employee: what waits for them, what they raised, what is new."""

    awaiting: list[tuple[Any, Word]]
    others: list[tuple[Any, Word]]
    news: list[Line]


@dataclass(frozen=True)
class ToDo:
    """One thing that an administrator should see to, or has."""

    text: str | Promise
    done: bool
    url: str


@dataclass(frozen=True)
class AdministrationHome:
    """The first page of one of the three administrators."""

    tiles: list[Tile]
    todos: list[ToDo]
    panels: list[Panel]


def desk_url(queue: str) -> str:
    """The work list of a queue."""
    return f"{reverse('cases:desk')}?{urlencode(CaseFilter(queue=queue).as_query())}"


def desk_home(*, viewer: Person) -> DeskHome:
    """What waits for the viewer at their desk, the most pressing first."""
    counts = desk_counts(viewer=viewer)
    mine = queues_of(viewer)
    waiting = sum(counts[name] for name, kind in mine.items() if kind.awaits)
    overdue = 0 if waiting else counts.get("overdue", 0)
    queue = "overdue" if overdue else first_queue(viewer, counts)
    upcoming = desk_rows(viewer=viewer, chosen=CaseFilter(queue=queue), stop=NEXT_CASES + 1)
    if counts.get("danger"):
        dangers = desk_rows(viewer=viewer, chosen=CaseFilter(queue="danger"), stop=NEXT_CASES + 1)
        known = {case.pk for case in dangers}
        upcoming = [*dangers, *(case for case in upcoming if case.pk not in known)][: NEXT_CASES + 1]
    presses = bool(waiting or overdue or counts.get("danger"))  # else nothing stands large on the page
    return DeskHome(
        first=upcoming[0] if upcoming and presses else None,
        first_label=mine["danger" if counts.get("danger") else queue].label,
        waiting=waiting,
        dangers=counts.get("danger", 0),
        overdue=overdue,
        tiles=[
            Tile(
                kind.label,
                counts[name],
                desk_url(name),
                "danger" if name in ("danger", "overdue") and counts[name] else "plain",
            )
            for name, kind in mine.items()
            if name in counts and (name != "danger" or counts[name])
        ],
        upcoming=upcoming[1:] if presses else upcoming,
        list_url=desk_url(queue),
        own_awaiting=any(awaits_requester(case) for case in my_first_cases(viewer=viewer, most=OWN_CASES)),
        duties=duties(viewer=viewer, leaving_out=COUNTED),
        lately=_lately(viewer) if viewer.holds(Role.UNIT_LEADER, Role.SUPERVISOR) else None,
    )


def _lately(viewer: Person) -> Lately | None:
    unit, _above = hot_unit_for(viewer=viewer)
    scope = Scope(unit, last_days(), viewer=viewer)
    found = hot_list(scope)
    first = found[:HOT_ISSUES]
    ids = [each.issue.pk for each in first]
    badges, waves = (
        badges_of(viewer=viewer, issues=ids),
        episodes_of(Membership.objects.filter(scope.here(), issue__in=ids)),
    )
    rows = [
        (each, reverse("hotissues:issue", args=[each.issue.pk]), badges[each.issue.pk], waves[each.issue.pk])
        for each in first
    ]
    return Lately(scope, rows, len(found) - len(rows)) if rows else None


def employee_home(*, viewer: Person) -> EmployeeHome:
    """What waits for the viewer as a requester, and the newest of the rest."""
    cases = [(case, word_for(case)) for case in my_first_cases(viewer=viewer, most=2 * OWN_CASES)]
    return EmployeeHome(
        awaiting=[line for line in cases if awaits_requester(line[0])],
        others=[line for line in cases if not awaits_requester(line[0])][:OWN_CASES],
        news=latest(viewer=viewer),
    )


def is_administrator(viewer: Person) -> bool:
    """Whether they hold one of the three separated roles."""
    return viewer.holds(*ADMINISTRATORS)


def administration_home(*, viewer: Person) -> AdministrationHome:
    """What an administrator should see to. Not a word of any case stands here."""
    panels = panels_for(viewer)
    if viewer.holds(Role.SYSTEM_ADMIN):
        return _system_home(viewer, panels)
    if viewer.holds(Role.SECURITY_ADMIN):
        return _security_home(viewer, panels)
    todos = [ToDo(_("Review recent changes"), False, reverse("org:trail"))]
    return AdministrationHome(tiles=[], todos=todos, panels=panels)


def _system_home(viewer: Person, panels: list[Panel]) -> AdministrationHome:
    units, people, party = organisation_counts(viewer=viewer)
    return AdministrationHome(
        tiles=[
            Tile(_("Units"), units, reverse("org:units")),
            Tile(_("People"), people, reverse("org:people")),
            Tile(_("Party organisations"), party, reverse("org:party")),
        ],
        panels=panels,
        todos=[
            *([] if panels else _organisation_todos(units, people)),
            ToDo(_("Review categories and SLA rules"), False, reverse("cases:categories")),
            ToDo(_("Review the early warning rules"), False, reverse("alerts:rules")),
        ],
    )


def _organisation_todos(units: int, people: int) -> list[ToDo]:
    return [
        ToDo(_("Add the units below the enterprise"), units > 1, reverse("org:units")),
        ToDo(_("Add people and their units"), people > len(ADMINISTRATORS), reverse("org:people")),
    ]


def _security_home(viewer: Person, panels: list[Panel]) -> AdministrationHome:
    missing = [] if panels else unheld_roles(viewer=viewer, roles=NEEDED_ROLES)
    without = without_sign_in(viewer=viewer)
    todos = [
        ToDo(_("Grant the role: %(role)s") % {"role": role.label}, False, reverse("org:grant_role")) for role in missing
    ]
    text = ngettext(
        "Issue sign-in codes to %(n)d person who cannot sign in yet",
        "Issue sign-in codes to %(n)d people who cannot sign in yet",
        without,
    )
    return AdministrationHome(
        tiles=[Tile(_("People who cannot sign in yet"), without, reverse("accounts:people"))],
        todos=[*todos, ToDo(text % {"n": without}, without == 0, reverse("accounts:people"))],
        panels=panels,
    )
