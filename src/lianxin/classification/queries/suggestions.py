"""What is suggested for a case, as it is told to whoever accepts it, and how often that was taken."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.cases.enums import Field, Urgency
from lianxin.cases.events import Offer
from lianxin.cases.models import Case
from lianxin.classification.models import CaseMeaning, Suggestion
from lianxin.kernel import timezone
from lianxin.nlp.risk_detection import DangerKind

MONTHS = 6
TOP = 3
FEWEST = 5


@dataclass(frozen=True)
class HitRate:
    """How often what was suggested for a field was taken in a month.

    Denominator (`suggested`): cases accepted (for the lead unit: dispatched for the first time) in the month for which
    something had been suggested. Numerators: those whose first (`first`), or any (`top`), suggestion was taken. What is
    corrected later does not count again; sealed cases are in none of it.
    """

    field: Field
    month: date
    suggested: int
    first: int
    top: int

    @property
    def percentages(self) -> tuple[int, int] | None:
        """The two rates in per cent; None over fewer than five cases, where the numbers themselves say more."""
        if self.suggested < FEWEST:
            return None
        return round(100 * self.first / self.suggested), round(100 * self.top / self.suggested)


def offered_for(case: Case) -> Mapping[str, list[dict[str, Any]]]:
    """What the worker suggests for each field of a case, the first choice first; nothing for a sealed one. One row."""
    if case.sealed:
        return {}
    return CaseMeaning.objects.filter(case=case.pk).values_list("offered", flat=True).first() or {}


def offers_of(offered: Mapping[str, list[dict[str, Any]]], field: Field) -> list[Offer]:
    """The suggestions for one field with their reasons."""
    reason = {Field.CATEGORY: _why_category, Field.URGENCY: _why_urgency, Field.LEAD_UNIT: _why_unit}[field]
    return [Offer(str(each["value"]), reason(each)) for each in offered.get(field, [])]


def offers_for(cases: Collection[Case]) -> Mapping[UUID, Mapping[Field, list[Offer]]]:
    """The suggestions for all fields of some cases: a provider of `cases.events.suggestions`. One statement."""
    read = [case.pk for case in cases if not case.sealed]
    rows = CaseMeaning.objects.filter(case__in=read).values_list("case", "offered") if read else []
    return {pk: {field: offers_of(offered or {}, field) for field in Field} for pk, offered in rows}


def _why_category(each: Mapping[str, Any]) -> str:
    if not each["like"]:
        return _("The category name is close to the text.")
    said = ngettext(
        "%(n)d of the %(of)d most similar cases used this category.",
        "%(n)d of the %(of)d most similar cases used this category.",
        each["like"],
    )
    return said % {"n": each["like"], "of": each["like_of"]}


def _why_unit(each: Mapping[str, Any]) -> str:
    return _("It was the lead unit for %(n)d of the %(of)d most similar cases.") % {
        "n": each["like"],
        "of": each["like_of"],
    }


def _why_urgency(each: Mapping[str, Any]) -> str:
    """The most pressing of what the words speak of, and the words."""
    if not each["kinds"]:
        return _("This is a safety hazard.") if each["value"] != Urgency.NORMAL else ""
    said = {
        DangerKind.CRISIS: _("Someone may be thinking of self-harm: reach them first. Text: %(words)s"),
        DangerKind.LIFE: _("People may be in danger now. Text: %(words)s"),
        DangerKind.VIOLENCE: _("Someone may be threatened or hurt. Text: %(words)s"),
        DangerKind.HAZARD: _("Something may injure people. Text: %(words)s"),
        DangerKind.HARDSHIP: _("People who cannot wait. Text: %(words)s"),
    }[DangerKind(each["kinds"][0])]
    return said % {"words": "、".join(f"“{word}”" for word in each["words"])}


def hit_rates(*, months: int = MONTHS) -> list[HitRate]:
    """How often suggestions were taken, by field and month, the latest month first. Counts only, of all units."""
    today = timezone.today()
    number = today.year * 12 + today.month - months
    since = datetime(number // 12, number % 12 + 1, 1, tzinfo=timezone.zone())
    rows = (
        Suggestion.objects.filter(at__gte=since)
        .annotate(month=TruncMonth("at", tzinfo=timezone.zone()))
        .values("field", "month")
        .annotate(suggested=Count("pk"), first=Count("pk", Q(rank=1)), top=Count("pk", Q(rank__lte=TOP)))
        .order_by("-month")
    )
    order: Sequence[str] = Field.values
    found = [
        HitRate(Field(row["field"]), row["month"].date(), row["suggested"], row["first"], row["top"]) for row in rows
    ]
    return sorted(found, key=lambda row: (-row.month.toordinal(), order.index(row.field)))
