"""Figures: each defined once (`definitions`, `counting`), read in one statement (`reading`), for every use."""

from lianxin.cases.queries.figures.conduct import conduct_total
from lianxin.cases.queries.figures.definitions import (
    COUNTS,
    EXCLUSIONS,
    FIGURES,
    PLACE,
    SMALL,
    SMALLEST,
    VOLUME,
    Figure,
)
from lianxin.cases.queries.figures.opening import cases_behind
from lianxin.cases.queries.figures.periods import NAMED, Period, named_period
from lianxin.cases.queries.figures.public import PublicStatistics, public_statistics
from lianxin.cases.queries.figures.reading import NOTHING, Counts, Narrowing, Scope
from lianxin.cases.queries.figures.sheet import Line, Rate, Sheet, figures_of, rate_of, rates
from lianxin.cases.queries.figures.telling import definition_of, definition_rows, headers, rows_of, told
from lianxin.cases.queries.figures.viewing import figure_units, figures_unit_for, open_matters, sees_figures

__all__ = [
    "COUNTS",
    "EXCLUSIONS",
    "FIGURES",
    "NAMED",
    "NOTHING",
    "PLACE",
    "SMALL",
    "SMALLEST",
    "VOLUME",
    "Counts",
    "Figure",
    "Line",
    "Narrowing",
    "Period",
    "PublicStatistics",
    "Rate",
    "Scope",
    "Sheet",
    "cases_behind",
    "conduct_total",
    "definition_of",
    "definition_rows",
    "figure_units",
    "figures_of",
    "figures_unit_for",
    "headers",
    "named_period",
    "open_matters",
    "public_statistics",
    "rate_of",
    "rates",
    "rows_of",
    "sees_figures",
    "told",
]
