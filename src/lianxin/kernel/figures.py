"""Figures: what is counted (`Measure`), what is divided by what (`Rate`), and the rows they are counted from.

A context keeps one *fact* row for each thing that counts (a model based on `Fact`) with one boolean column for each
measure. Pages, exports, commands and the appraisal read the same rows through the same `Measure` and `Rate` objects.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from typing import Any, Self, TypeVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils.functional import Promise

from lianxin.kernel.periods import Period

Text = str | Promise
Counts = Mapping[str, int]
"""How often each measure was counted, by its name."""
SMALL_NUMBER = 5
"""A rate over fewer is shown as its two numbers; where everybody may read, it is not shown at all."""
Z_95 = 1.959963984540054
"""The normal quantile of an interval that holds in 95 of a hundred."""
F_ = TypeVar("F_", bound="Fact")


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something that is counted: the facts whose boolean column of this name is set.

    `label` names its number beside a bar or at the head of a column.
    """

    name: str
    label: Text
    definition: Text


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Numerator ÷ denominator, two measures over the same cohort.

    `question` heads its page; `cohort` says which things of the period are meant; `others` names what is counted in the
    denominator alone.
    """

    code: str
    label: Text
    question: Text
    numerator: Measure
    denominator: Measure
    cohort: Text
    others: Text
    higher_is_better: bool = True

    def of(self, counts: Counts) -> "RateValue":
        """The rate out of counts."""
        return RateValue(self, counts[self.numerator.name], counts[self.denominator.name])


@dataclass(frozen=True)
class RateValue:
    """A rate with its two numbers."""

    rate: Rate
    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """A fraction of one; None over nothing."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def is_small(self) -> bool:
        """Whether it is shown as its two numbers only."""
        return self.denominator < SMALL_NUMBER

    @property
    def shown(self) -> float | None:
        """The fraction where it may be told: of fewer than five the two numbers stand alone, everywhere."""
        return None if self.is_small else self.value

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which two fractions the true rate lies, 95 times in a hundred; None over nothing."""
        return wilson_interval(self.numerator, self.denominator) if self.denominator else None


def wilson_interval(numerator: int, denominator: int) -> tuple[float, float]:
    """Between which two rates the true one lies, 95 times in a hundred, where so many of so many were seen (Wilson)."""
    share, weight = numerator / denominator, Z_95**2 / denominator
    middle = share + weight / 2
    reach = Z_95 * sqrt(share * (1 - share) / denominator + weight / (4 * denominator))
    return (middle - reach) / (1 + weight), (middle + reach) / (1 + weight)


class Subscript(Func):
    """An element of a PostgreSQL array: `Subscript(array, position)`, counted from 1."""

    template = "(%(expressions)s]"
    arg_joiner = ")["
    output_field = models.BigIntegerField()


def unit_below(unit_id: int) -> Subscript:
    """The unit right below `unit_id` at which a fact counts, as the tree stood then; NULL for the unit's own."""
    position = Func(F("unit_trail"), Value(unit_id), function="array_position", output_field=IntegerField())
    return Subscript(F("unit_trail"), position + 1)


def first_day_of_step(grain: str) -> Any:
    """The first day of the step of a trend ("week" from Monday, "month") in which a fact lies."""
    return TruncMonth("day") if grain == "month" else TruncWeek("day")


def is_in(period: Period) -> "ExpressionWrapper[Q]":
    """Whether a fact lies in the period, of facts until its end."""
    return ExpressionWrapper(Q(day__gte=period.since), output_field=BooleanField())


class FactQuerySet(QuerySet[F_]):
    """Facts of a unit and a period, and how often each measure counts in them."""

    def of_unit(self, unit_id: int) -> Self:
        """The facts of a unit and of all that stood below it then."""
        return self.filter(unit_trail__contains=[unit_id])

    def within(self, since: date, until: date) -> Self:
        """The facts of some days, both ends included."""
        return self.filter(day__gte=since, day__lte=until)

    def due_by(self, now: datetime) -> Self:
        """Without those that only count from a later moment on (open deadlines that have not passed)."""
        return self.filter(Q(counts_from__isnull=True) | Q(counts_from__lt=now))

    def count_by(self, measures: Collection[str], *by: str) -> QuerySet[F_, dict[str, Any]]:
        """How often each measure counts, one row for each combination of the values of `by`."""
        # Named apart from the columns, which an annotation may not hide.
        counts = {f"n_{name}": Count("pk", filter=Q(**{name: True})) for name in measures}
        return self.order_by().values(*by).annotate(**counts)


class Fact(models.Model):
    """One thing that counts, on a day, for a unit and all that stood above it then (`unit_trail`, from the root down).

    `counts_from`: the deadline of something still open, which counts only once that moment has passed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)  # random: it must not tell what was counted before what
    day = models.DateField()
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    unit_trail = ArrayField(models.BigIntegerField())
    counts_from = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["day"], name="%(class)s_day"),
            GinIndex(fields=["unit_trail"], name="%(class)s_trail"),
        ]
