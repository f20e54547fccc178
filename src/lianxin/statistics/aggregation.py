"""Counting: the facts of a unit and a period, broken down."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseKind, Channel
from lianxin.cases.models import Case, Category
from lianxin.kernel import timezone
from lianxin.kernel.figures import Counts, first_day_of_step, is_in, unit_below
from lianxin.kernel.periods import Period
from lianxin.org.models import Person, Unit
from lianxin.statistics.definitions import MEASURES
from lianxin.statistics.models import CaseFact, CaseFactQuerySet

ZERO: Counts = dict.fromkeys(MEASURES, 0)


@dataclass(frozen=True)
class Narrowing:
    """To which kind, category (with all below it; or `uncategorised`) and channel figures are narrowed."""

    kind: str = ""
    category: Category | None = None
    channel: str = ""
    uncategorised: bool = False

    def __bool__(self) -> bool:
        return bool(self.kind or self.category or self.channel or self.uncategorised)

    @property
    def names(self) -> list[str]:
        """What they are narrowed to, in words."""
        category = _("uncategorised") if self.uncategorised else self.category and self.category.name
        kind = self.kind and CaseKind(self.kind).label
        channel = self.channel and Channel(self.channel).label
        return [str(word) for word in (kind, category, channel) if word]

    def as_lookups(self) -> dict[str, Any]:
        """The narrowing as conditions on facts."""
        lookups: dict[str, Any] = {}
        if self.kind:
            lookups["kind"] = self.kind
        if self.category:
            lookups["category__path__startswith"] = self.category.path
        if self.uncategorised:
            lookups["category__isnull"] = True
        if self.channel:
            lookups["channel"] = self.channel
        return lookups


@dataclass(frozen=True)
class Scope:
    """What is asked for: a unit with all below it, a period, narrowed or not.

    `viewer`: cases that name them do not exist for them, so they are left out; None for commands. `openable`: only what
    they may open.
    """

    unit: Unit
    period: Period
    narrowing: Narrowing = Narrowing()
    viewer: Person | None = None
    openable: bool = False

    @property
    def grain(self) -> str:
        """The steps of the trend: "week" or "month"."""
        return self.period.grain

    def facts(self, since: date, until: date) -> CaseFactQuerySet:
        """The facts in scope of some days."""
        facts = CaseFact.objects.filter(**self.narrowing.as_lookups()).visible_to(self.viewer)
        if self.openable and self.viewer:
            facts = facts.filter(case__in=Case.objects.visible_to(self.viewer).values("pk"))
        return facts.of_unit(self.unit.pk).within(since, until).due_by(timezone.now())


def _breakdown() -> defaultdict[Any, Counter[str]]:
    return defaultdict(Counter)


@dataclass(frozen=True)
class Aggregation:
    """Counts of a scope, whole and by each heading; `before` is what the period is compared with."""

    now: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    steps: Mapping[date, Counter[str]] = field(default_factory=_breakdown)
    units: Mapping[int | None, Counter[str]] = field(default_factory=_breakdown)
    units_before: Mapping[int | None, Counter[str]] = field(default_factory=_breakdown)
    kinds: Mapping[str, Counter[str]] = field(default_factory=_breakdown)
    categories: Mapping[int | None, Counter[str]] = field(default_factory=_breakdown)
    channels: Mapping[str, Counter[str]] = field(default_factory=_breakdown)


def aggregate(scope: Scope) -> Aggregation:
    """Count everything in a scope: one query for trend and units, one for kinds, categories and channels."""
    period, found = scope.period, Aggregation()
    over_time = (
        scope.facts(period.before.since, period.until)
        .exclude(day__gt=period.before.until, day__lt=period.since)
        .annotate(current=is_in(period), step=first_day_of_step(scope.grain), below=unit_below(scope.unit.pk))
        .count_by(MEASURES, "current", "step", "below")
    )
    for row in over_time:
        counts = _counts(row)
        if row["current"]:
            found.now.update(counts)
            found.steps[row["step"]].update(counts)
            found.units[row["below"]].update(counts)
        else:
            found.before.update(counts)
            found.units_before[row["below"]].update(counts)
    by_facet = scope.facts(period.since, period.until).count_by(MEASURES, "kind", "category", "channel")
    for row in by_facet:
        counts = _counts(row)
        found.kinds[row["kind"]].update(counts)
        found.categories[row["category"]].update(counts)
        found.channels[row["channel"]].update(counts)
    return found


def _counts(row: Mapping[str, Any]) -> dict[str, int]:
    return {name: row[f"n_{name}"] for name in MEASURES}
