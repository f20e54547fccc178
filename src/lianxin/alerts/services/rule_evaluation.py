"""What the rules find: statements over whole windows, none of them about a person.

Each rule looks only at cases that made no alert of the same rule before, or (growth, dissatisfaction) needs enough
of them: so what was settled stays quiet until the facts are new. Sealed and withdrawn cases count nowhere.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.models import Alert, AlertCase, AlertRule, Peril
from lianxin.alerts.services.statistics import growth_chance, growth_expected
from lianxin.cases.enums import OPEN_STATES, CaseKind, CaseState
from lianxin.cases.queries.publication import Case
from lianxin.hotissues.models import Membership
from lianxin.hotissues.policies import FEWEST, counted
from lianxin.hotissues.queries.listing import confidential, openly, raised_by, with_people
from lianxin.kernel import timezone
from lianxin.nlp.risk_detection import DangerKind

COMES_BACK = 30
"""A matter comes back by a case that was raised in so many days."""
PRESSING = (DangerKind.CRISIS, DangerKind.LIFE, DangerKind.VIOLENCE)
HAZARDOUS = (DangerKind.LIFE, DangerKind.HAZARD)
Issues = Collection[int] | None
"""The issues to look at; None for all."""


@dataclass(frozen=True)
class Found:
    """What a rule found: about what (fields of `Alert`), the numbers, and the cases that made it."""

    rule: str
    subject: Mapping[str, Any]
    rows: list[UUID]
    numbers: Mapping[str, Any] = field(default_factory=dict)


def dangers_in(rule: AlertRule, cases: Collection[UUID] | None = None) -> list[Found]:
    """Open cases of the last days, of these or of all, whose words speak of somebody in danger now."""
    warned = Alert.objects.filter(rule=rule, case=OuterRef("case"))
    perils = Peril.objects.filter(
        ~Exists(warned),
        kinds__overlap=[*PRESSING],
        case__sealed=False,
        case__state__in=OPEN_STATES,
        case__submitted_at__gte=_back(rule.days),
    )
    if cases is not None:
        perils = perils.filter(case__in=cases)
    rows = perils.order_by("case__submitted_at", "case").values_list("case", "kinds")
    return [Found(rule.kind, {"case_id": pk}, [pk], {"cases": 1, "danger": kinds[0]}) for pk, kinds in rows]


def many_people(rule: AlertRule, issues: Issues = None) -> list[Found]:
    """Issues that so many different people raised within the window."""
    rows = _sure(_members(rule, issues)).filter(case__submitted_at__gte=_back(rule.days))
    return [
        Found(
            rule.kind,
            {"issue_id": row["issue"]},
            row["rows"],
            {"cases": row["cases"], "fewest": rule.fewest, "days": rule.days},
        )
        for row in _grouped(rows, Q(most__gte=rule.fewest))
        if row["people"] >= rule.fewest
    ]


def growing(rule: AlertRule, issues: Issues = None) -> list[Found]:
    """Issues raised more often than their past lets expect, by at least so many people.

    What has no past has none to grow against: it is for `many_people`. `alpha` is that of one look at one issue; that
    it takes several people who were in no such alert keeps it rare.
    """
    first = Case.objects.filter(sealed=False, is_test=False).aggregate(first=Min("submitted_at"))["first"]
    since, before_days, alpha = _back(rule.days), rule.before_days or 0, float(rule.alpha or 0)
    known = min(before_days, (since - first).days) if first else 0
    if known < 1:
        return []
    window, new = Q(case__submitted_at__gte=since), Q(~Exists(_earlier(rule.kind, OuterRef("case"))))
    rows = _sure(_members(None, issues)).filter(case__submitted_at__gte=since - timedelta(days=known))
    found: QuerySet[Membership, Any] = (
        rows.annotate(who=raised_by())
        .values("issue")
        .annotate(
            people=Count("who", distinct=True, filter=openly() & window & new),
            confidential=ArrayAgg("case", filter=confidential() & window & new, default=[]),
            most=Count("case", distinct=True, filter=window & new),
            cases=Count("case", filter=window),
            past=Count("case", filter=~window),
            rows=ArrayAgg("case", filter=window, default=[]),
        )
        .filter(Q(most__gte=rule.fewest, past__gte=1))
    )
    growing = []
    for row in with_people(found):
        if row["people"] < rule.fewest:
            continue
        chance = growth_chance(row["cases"], rule.days, row["past"], known)
        if chance <= alpha:
            numbers = {name: row[name] for name in ("cases", "past")}
            numbers |= {"fewest": rule.fewest, "days": rule.days, "before_days": known, "probability": chance}
            numbers["expected"] = growth_expected(rule.days, row["past"], known)
            growing.append(Found(rule.kind, {"issue_id": row["issue"]}, row["rows"], numbers))
    return growing


def repeated_hazards(rule: AlertRule, issues: Issues = None) -> list[Found]:
    """Issues with several cases about hazards, open or of the last days."""
    spoken = Peril.objects.filter(case=OuterRef("case"), kinds__overlap=[*HAZARDOUS])
    hazard = Q(case__kind=CaseKind.HAZARD) | Exists(spoken)
    recent = Q(case__state__in=OPEN_STATES) | Q(case__submitted_at__gte=_back(rule.days))
    found = _grouped(_members(rule, issues).filter(recent, hazard), Q(cases__gte=rule.fewest))
    return [
        Found(rule.kind, {"issue_id": row["issue"]}, row["rows"], {"cases": row["cases"], "days": rule.days})
        for row in found
    ]


def hazards_at_a_place(rule: AlertRule) -> list[Found]:
    """Places with several cases about hazards in one category (a leaf), open or of the last days."""
    spoken = Peril.objects.filter(case=OuterRef("pk"), kinds__overlap=[*HAZARDOUS])
    cases = Case.objects.filter(
        Q(kind=CaseKind.HAZARD) | Exists(spoken),
        Q(state__in=OPEN_STATES) | Q(submitted_at__gte=_back(rule.days)),
        ~Q(state=CaseState.WITHDRAWN),
        ~Exists(_earlier(rule.kind, OuterRef("pk"))),
        sealed=False,
        is_test=False,
        category__numchild=0,
    )
    grouped = cases.order_by().values("place_unit", "category").annotate(rows=ArrayAgg("pk"), cases=Count("pk"))
    return [
        Found(
            rule.kind,
            {"unit_id": row["place_unit"], "category_id": row["category"]},
            row["rows"],
            {"cases": row["cases"], "days": rule.days},
        )
        for row in grouped.filter(Q(cases__gte=rule.fewest))
    ]


def coming_back(rule: AlertRule, issues: Issues = None) -> list[Found]:
    """Issues of three and more cases, all of which had ended for so many days, but no longer than so many, when a new
    one came.
    """
    least, most = timedelta(days=rule.days), timedelta(days=rule.before_days or 0)
    is_open = Q(case__state__in=OPEN_STATES)
    came = _sure(_members(rule, issues)).filter(is_open, case__submitted_at__gte=_back(COMES_BACK))
    found = (
        _members(None, None)
        .filter(issue__in=came.values("issue"))
        .values("issue")
        .annotate(
            cases=Count("case", filter=is_open),
            past=Count("case", filter=~is_open),
            ended=Max("case__closed_at", filter=~is_open),
            begun=Min("case__submitted_at", filter=is_open),
            warned=Count("case", filter=is_open & Q(Exists(_earlier(rule.kind, OuterRef("case"))))),
            rows=ArrayAgg("case"),
        )
        .filter(ended__isnull=False, warned=0, past__gte=FEWEST)
    )
    return [
        Found(
            rule.kind,
            {"issue_id": row["issue"]},
            row["rows"],
            {"cases": row["cases"], "past": row["past"], "days": (row["begun"] - row["ended"]).days},
        )
        for row in found
        if least <= row["begun"] - row["ended"] <= most
    ]


OF_ISSUES = {
    RuleKind.HAZARD: repeated_hazards,
    RuleKind.PEOPLE: many_people,
    RuleKind.GROWTH: growing,
    RuleKind.RETURNED: coming_back,
}
"""The rules that look at issues, in the order in which they look."""


def _back(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


def _earlier(kind: str, case: OuterRef) -> QuerySet[AlertCase]:
    return AlertCase.objects.filter(alert__rule=kind, case=case)


def _members(unwarned_by: AlertRule | None, issues: Issues) -> QuerySet[Membership]:
    """The memberships that count, of these issues, without what made an alert of the rule before."""
    rows = Membership.objects.filter(counted(), issue__merged_into__isnull=True)
    if issues is not None:
        rows = rows.filter(issue__in=issues)
    return rows if unwarned_by is None else rows.filter(~Exists(_earlier(unwarned_by.kind, OuterRef("case"))))


def _sure(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Without issues that are no more than a guess."""
    return rows.filter(Q(issue__sure=True) | Q(issue__confirmed=True))


def _grouped(rows: QuerySet[Membership], having: Q) -> list[dict[str, Any]]:
    """By issue: how many `cases`, by how many `people`, and which (`rows`).

    `having` may ask for `most`, as many people as it can be at most.
    """
    grouped = rows.annotate(who=raised_by()).values("issue")
    counted: QuerySet[Membership, Any] = grouped.annotate(
        cases=Count("case"),
        people=Count("who", distinct=True, filter=openly()),
        confidential=ArrayAgg("case", filter=confidential(), default=[]),
        most=Count("case", distinct=True),
        rows=ArrayAgg("case"),
    )
    return with_people(counted.filter(having))
