"""Figures that all may see, signed in or not: those of the whole enterprise over the last twelve whole months."""

from dataclasses import dataclass

from lianxin.cases.queries.figures.definitions import SMALLEST
from lianxin.cases.queries.figures.periods import DAY, YEAR, Period, shifted
from lianxin.cases.queries.figures.reading import Scope
from lianxin.cases.queries.figures.sheet import Rate, figures_of, rate_of
from lianxin.kernel import clock
from lianxin.kernel.kept import Kept
from lianxin.org.queries import root_unit

PUBLIC = ("response", "on_time", "resolution", "satisfaction", "coverage")


@dataclass(frozen=True)
class PublicStatistics:
    """The service in numbers. What is below five is left out: no number, no rate.

    `rates` are those of `PUBLIC` over at least five; each carries its figure with label and definition.
    """

    period: Period
    raised: int | None
    closed: int | None
    rates: list[Rate]


@Kept
def _statistics() -> PublicStatistics | None:
    unit = root_unit()
    if unit is None:
        return None
    month = clock.today().replace(day=1)
    period = Period(shifted(month, -YEAR), month - DAY)
    counts = figures_of(Scope(unit, period)).counts
    found = [rate_of(counts, code) for code in PUBLIC]
    return PublicStatistics(
        period=period,
        raised=counts["raised"] if counts["raised"] >= SMALLEST else None,
        closed=counts["closed"] if counts["closed"] >= SMALLEST else None,
        rates=[rate for rate in found if rate.whole >= SMALLEST],
    )


def public_statistics() -> PublicStatistics | None:
    """What all may see of the figures, at most half a minute old; None before the enterprise is set up."""
    return _statistics()
