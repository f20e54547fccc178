"""Figures that all may see, signed in or not: those of the whole enterprise over the last twelve whole months."""

from dataclasses import dataclass

from django.core.cache import cache

from lianxin.kernel import timezone
from lianxin.kernel.figures import SMALL_NUMBER, RateValue
from lianxin.kernel.periods import DAY, YEAR, Period, shifted
from lianxin.org.queries import root_unit
from lianxin.statistics.aggregation import Scope
from lianxin.statistics.definitions import RATES
from lianxin.statistics.report import report_for

PUBLIC = ("response", "on_time", "resolution", "satisfaction", "coverage")


@dataclass(frozen=True)
class PublicStatistics:
    """The service in numbers. What is below five is left out: no number, no rate.

    `rates` are those of `PUBLIC` over at least five; each carries its label and definition.
    """

    period: Period
    raised: int | None
    closed: int | None
    rates: list[RateValue]


def _statistics() -> PublicStatistics | None:
    unit = root_unit()
    if unit is None:
        return None
    month = timezone.today().replace(day=1)
    period = Period(shifted(month, -YEAR), month - DAY)
    counts = report_for(Scope(unit, period)).counts
    found = [RATES[code].of(counts) for code in PUBLIC]
    return PublicStatistics(
        period=period,
        raised=counts["raised"] if counts["raised"] >= SMALL_NUMBER else None,
        closed=counts["closed"] if counts["closed"] >= SMALL_NUMBER else None,
        rates=[rate for rate in found if rate.denominator >= SMALL_NUMBER],
    )


def public_statistics() -> PublicStatistics | None:
    """What all may see of the figures, at most half a minute old; None before the enterprise is set up."""
    return cache.get_or_set("public-statistics", _statistics, timeout=30)
