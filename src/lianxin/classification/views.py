"""What the software's suggestions add to the pages of cases."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lianxin.classification.queries.suggestions import HitRate, hit_rates
from lianxin.kernel.extension_points import Panel
from lianxin.kernel.tables import Column

COLUMNS = (
    Column(label=_("Month")),
    Column(label=_("Suggested for")),
    Column(label=_("Cases"), numeric=True),
    Column(label=_("First suggestion used"), numeric=True),
    Column(label=_("One of the first three used"), numeric=True),
)


@dataclass(frozen=True)
class HitRates:
    """A table of how often suggestions were taken."""

    columns: tuple[Any, ...]
    rows: list[HitRate]


def panel_of_categories() -> Panel | None:
    """How often what was suggested was taken, below the category tree."""
    rates = hit_rates()
    return Panel("classification/_hit_rates.html", HitRates(COLUMNS, rates)) if rates else None
