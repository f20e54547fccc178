"""One issue: whether it exists for the viewer, its cases within their sight, what is being done."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.cases.enums import OPEN_STATES, CaseState
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.enums import Standing
from lianxin.hotissues.models import Decision, Follow, Issue, Membership
from lianxin.hotissues.policies import FEWEST, counted_for, in_hot_units_of
from lianxin.hotissues.queries.episodes import Episode, episodes_of
from lianxin.hotissues.queries.listing import Hot, counts_of, hot_of
from lianxin.hotissues.queries.scope import Scope
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.kernel.periods import Period
from lianxin.org.queries import Person, Unit, units_right_below
from lianxin.ui.formatting import day_of, month_of, short_day, when

MOST_UNITS = 8
NEXT_DUE = 3
MOST_WEEKS = 26
WEEK = 7


@dataclass(frozen=True)
class IssuePage:
    """What stands on the page of an issue, within a unit and a period."""

    issue: Issue
    hot: Hot | None
    places: list[tuple[str, int]]
    leads: list[tuple[str, int]]
    states: list[tuple[str, int]]
    next_due: list[datetime]
    trend: list[tuple[date, int]]
    decisions: Sequence[Decision]
    follows: bool
    span: tuple[datetime, datetime] | None
    episodes: Sequence[Episode]
    """Where there are several: each with quiet before it."""

    @property
    def doing(self) -> list[tuple[str, str]]:
        """What is being done, in words."""
        lines = [
            (pgettext("hot issue", "Place"), _several(self.places)),
            (_("Status"), _several(self.states)),
            (_("Lead units"), _several(self.leads) or "–"),
            (_("Next deadlines"), _("; ").join(when(due) for due in self.next_due) or "–"),
        ]
        if self.span:
            lines.insert(0, (_("Date range"), f"{day_of(self.span[0])} – {day_of(self.span[1])}"))
        return lines

    @property
    def steps(self) -> list[tuple[str, int]]:
        """The trend with its steps in few characters: 11月23日, 2026年11月."""
        weekly = all((after - before).days == WEEK for (before, _m), (after, _n) in pairwise(self.trend))
        return [(short_day(step) if weekly else month_of(step), number) for step, number in self.trend]

    @property
    def chart(self) -> dict[str, Any]:
        """What the picture is drawn from."""
        return {
            "labels": [step for step, _number in self.steps],
            "count": {"name": _("Submitted cases"), "data": [number for _step, number in self.steps]},
        }


def issue_for(*, viewer: Person, issue_id: int) -> Issue:
    """The issue of this number, or the one into which it was merged.

    Raises:
        NotFound: there is none, or fewer than three of its cases lie within the viewer's units.
    """
    issue = Issue.objects.select_related("merged_into").filter(pk=issue_id).first()
    issue = issue.merged_into or issue if issue else None
    if issue is None or _within(viewer, issue).count() < FEWEST:
        raise NotFound(_("Issue not found."))
    return issue


def _within(viewer: Person, issue: Issue) -> QuerySet[Membership]:
    return Membership.objects.filter(counted_for(viewer) & in_hot_units_of(viewer), issue=issue)


def issues_for(*, viewer: Person, among: Collection[int] | None = None) -> QuerySet[Issue]:
    """All issues, or those among some, that exist for a viewer, by name."""
    rows = Membership.objects.filter(counted_for(viewer) & in_hot_units_of(viewer)).values("issue")
    if among is not None:
        rows = rows.filter(issue__in=among)
    enough = rows.annotate(cases=Count("case", distinct=True)).filter(cases__gte=FEWEST).values("issue")
    return Issue.objects.filter(pk__in=enough).order_by("name", "pk")


def cases_of(*, viewer: Person, issue: Issue) -> QuerySet[Case]:
    """Its cases that the viewer may open, newest first."""
    return _cases(viewer, issue, Standing.MEMBER)


def suggested_for(*, viewer: Person, issue: Issue) -> QuerySet[Case]:
    """The cases that may belong to it and that the viewer may open, newest first."""
    return _cases(viewer, issue, Standing.SUGGESTED)


def _cases(viewer: Person, issue: Issue, standing: Standing) -> QuerySet[Case]:
    members = Membership.objects.filter(issue=issue, standing=standing, case__sealed=False)
    cases = Case.objects.staff_visible_to(viewer).filter(~Q(state=CaseState.WITHDRAWN), sealed=False)
    return cases.filter(pk__in=members.values("case")).order_by("-submitted_at", "pk")


def issue_page(*, viewer: Person, issue: Issue, scope: Scope) -> IssuePage:
    """Everything on the page but its cases. What is counted lies in the unit; the heat is that of the period.

    Below three cases in the unit nothing is counted out.
    """
    mine = Membership.objects.filter(scope.here(), issue=issue)
    shown = mine if mine.values("case").distinct().count() >= FEWEST else mine.none()
    rows = list(counts_of(Membership.objects.filter(scope.here_and_then(), issue=issue), scope.middle))
    states: Counter[str] = Counter(dict(shown.values_list("case__state").annotate(Count("case"))))
    due = shown.filter(case__state__in=OPEN_STATES, case__due_at__gte=timezone.now()).order_by("case__due_at")
    waves = episodes_of(shown).get(issue.pk, [])
    return IssuePage(
        issue=issue,
        hot=next(iter(hot_of(rows)), None),
        places=_places(shown, scope.unit),
        leads=_leads(shown),
        states=[(str(state.label), states[state]) for state in CaseState if states[state]],
        next_due=[at for at in due.values_list("case__due_at", flat=True)[:NEXT_DUE] if at],
        trend=_trend(shown),
        decisions=list(issue.decisions.select_related("actor", "other")),
        span=_span(shown),
        episodes=waves if len(waves) > 1 else [],
        follows=Follow.objects.filter(issue=issue, person=viewer).exists(),
    )


def _several(lines: list[tuple[str, int]]) -> str:
    return " · ".join(f"{name} {number}" for name, number in lines)


def _span(memberships: QuerySet[Membership]) -> tuple[datetime, datetime] | None:
    found = memberships.aggregate(first=Min("case__submitted_at"), last=Max("case__submitted_at"))
    return (found["first"], found["last"]) if found["first"] else None


def _places(memberships: QuerySet[Membership], unit: Unit) -> list[tuple[str, int]]:
    """In which of the units right below it was raised; those with fewer than three cases are told together."""
    below = list(units_right_below(unit))
    numbers: Counter[str] = Counter()
    for path, number in memberships.values_list("case__place_unit__path").annotate(Count("case")):
        numbers[next((each.name for each in below if path.startswith(each.path)), unit.name)] += number
    told = [(name, number) for name, number in numbers.most_common() if number >= FEWEST]
    rest = numbers.total() - sum(number for _name, number in told)
    return [*told, (pgettext("hot issue", "elsewhere"), rest)] if told and rest else told or [(unit.name, rest)]


def _leads(memberships: QuerySet[Membership]) -> list[tuple[str, int]]:
    """The units that lead its cases, or led them last."""
    led = memberships.filter(case__lead_unit__isnull=False).values_list("case__lead_unit__name")
    return list(led.annotate(number=Count("case")).order_by("-number", "case__lead_unit__name")[:MOST_UNITS])


def _trend(memberships: QuerySet[Membership]) -> list[tuple[date, int]]:
    """How many cases were raised in each week since the first, or in each month if it is longer than half a year."""
    first = memberships.aggregate(first=Min("case__submitted_at"))["first"]
    if first is None:
        return []
    zone, today = timezone.zone(), timezone.today()
    weekly = (today - first.astimezone(zone).date()).days < WEEK * MOST_WEEKS
    cut = TruncWeek if weekly else TruncMonth
    rows = memberships.annotate(step=cut("case__submitted_at", tzinfo=zone)).values_list("step").annotate(Count("case"))
    raised = {step.date(): number for step, number in rows}
    return [(step, raised.get(step, 0)) for step in _steps(min(raised), today, weekly=weekly)]


def _steps(first: date, today: date, *, weekly: bool) -> list[date]:
    grain = "week" if weekly else "month"
    return Period(first, today).steps(grain)
