"""The hot list: the issues of a unit and a period, the hottest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import CharField, Count, Max, Min, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from lianxin.cases.enums import OPEN_STATES, Identity, Urgency
from lianxin.cases.events import endorsements_of
from lianxin.cases.queries.requesters import people_behind
from lianxin.hotissues.enums import Lens
from lianxin.hotissues.models import Follow, Issue, Membership
from lianxin.hotissues.policies import FEWEST
from lianxin.hotissues.queries.heat import Counted
from lianxin.hotissues.queries.scope import Scope, lens_of_case
from lianxin.org.queries import Person


@dataclass(frozen=True)
class Hot:
    """An issue as it stands on the hot list."""

    issue: Issue
    counted: Counted
    lens: Lens
    open_cases: int
    first: datetime
    last: datetime

    @property
    def is_closed(self) -> bool:
        """Whether none of its cases is open."""
        return not self.open_cases


def raised_by(case: str = "case__") -> Coalesce:
    """By what different people are told apart, of cases that are not confidential: each anonymous one counts as one.

    The database cannot tell confidential requesters apart: see `confidential` and `people_behind`.
    """
    return Coalesce(Cast(f"{case}requester", CharField()), Cast(f"{case}pk", CharField()))


def openly(case: str = "case__") -> Q:
    """Cases of which the database can tell by how many people they were raised."""
    return ~Q(**{f"{case}identity": Identity.CONFIDENTIAL})


def confidential(case: str = "case__") -> Q:
    """Cases of which `people_behind` can."""
    return Q(**{f"{case}identity": Identity.CONFIDENTIAL})


def with_people(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the number of `people` behind all their cases: those the database counted, and those behind its
    `confidential` ones.
    """
    counted = list(rows)
    behind = people_behind(row["confidential"] for row in counted)
    return [{**row, "people": row["people"] + more} for row, more in zip(counted, behind, strict=True)]


def counts_of(memberships: QuerySet[Membership], middle: datetime) -> QuerySet[Membership, Any]:
    """What is counted of each issue's cases among these memberships, in one statement."""
    return (
        memberships.annotate(its_lens=lens_of_case(), raised_by=raised_by())
        .values("issue")
        .annotate(
            cases=Count("case", distinct=True),
            people=Count("raised_by", distinct=True, filter=openly()),
            confidential=ArrayAgg("case", distinct=True, filter=confidential(), default=[]),
            earlier=Count("case", distinct=True, filter=Q(case__submitted_at__lt=middle)),
            reopened=Count("case", distinct=True, filter=Q(case__round__gt=1)),
            unhappy=Count("case", distinct=True, filter=Q(case__ratings__satisfaction__lte=2)),
            danger=Count("case", distinct=True, filter=Q(case__urgency=Urgency.EMERGENCY)),
            open_cases=Count("case", distinct=True, filter=Q(case__state__in=OPEN_STATES)),
            **{lens.value: Count("case", distinct=True, filter=Q(its_lens=lens.value)) for lens in Lens},
            first=Min("case__submitted_at"),
            last=Max("case__submitted_at"),
            shared=ArrayAgg("case", distinct=True, filter=Q(case__publication_consent_at__isnull=False), default=[]),
        )
        .filter(cases__gte=FEWEST)
    )


def hot_list(scope: Scope, *, unsure: bool = False) -> list[Hot]:
    """The issues with three and more cases in the scope, the hottest first.

    `unsure`: instead those that are no more than a guess: too few cases in all, or no name or word of their own.
    """
    sure = Q(issue__sure=True) | Q(issue__confirmed=True)
    rows = counts_of(Membership.objects.filter(scope.here_and_then(), ~sure if unsure else sure), scope.middle)
    return hot_of(list(rows), lens=scope.lens)


def hot_of(rows: Sequence[dict[str, Any]], *, lens: str = "") -> list[Hot]:
    """What was counted, with heat and name: the hottest first, below all of which cases are open what is closed."""
    endorsed = endorsements_of([case for row in rows for case in row["shared"]])
    issues = Issue.objects.in_bulk([row["issue"] for row in rows])
    found = []
    for row in with_people(rows):
        names = ("cases", "people", "earlier", "reopened", "unhappy", "danger")
        counted = Counted(
            **{name: row[name] for name in names}, endorsed=sum(endorsed.get(pk, 0) for pk in row["shared"])
        )
        its_lens = max((Lens.SAFETY, Lens.STABILITY, Lens.LIFE), key=lambda one: row[one.value])
        if lens in ("", its_lens):
            found.append(Hot(issues[row["issue"]], counted, its_lens, row["open_cases"], row["first"], row["last"]))
    return sorted(found, key=lambda hot: (hot.is_closed, -hot.counted.heat, -hot.counted.cases, hot.issue.pk))


def followed_by(*, viewer: Person) -> set[int]:
    """The issues that the viewer follows."""
    return set(Follow.objects.filter(person=viewer).values_list("issue", flat=True))
