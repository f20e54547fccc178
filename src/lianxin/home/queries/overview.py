"""The first page of who answers for a unit without a desk."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.cases.queries import awaits_requester, my_cases
from lianxin.home.queries.home import COUNTED
from lianxin.kernel.periods import Period, named_period
from lianxin.notifications.queries import Line, duties
from lianxin.org.models import Person, Unit
from lianxin.statistics.access import figures_unit_for, open_matters
from lianxin.statistics.aggregation import Scope
from lianxin.statistics.definitions import RATES
from lianxin.statistics.page import Tile, tile_of
from lianxin.statistics.report import report_for
from lianxin.ui.formatting import number

OWN_CASES = 5


@dataclass(frozen=True)
class Overview:
    """The first page of who answers for a unit without a desk: how it is served, and what is open, as counts."""

    unit: Unit
    period: Period
    tiles: list[Tile]
    open_matters: list[tuple[str, str]]
    figures_url: str
    own_awaiting: bool
    duties: list[Line]
    """What waits for them: a pledge to review, a question to answer."""


def overview(*, viewer: Person) -> Overview:
    """The rates of the viewer's unit this month, and how many matters of its people are open."""
    unit, _above = figures_unit_for(viewer=viewer)
    report = report_for(Scope(unit, named_period("month"), viewer=viewer))
    address, matters = reverse("statistics:figures"), open_matters(viewer=viewer)
    labels = {
        "open": _("Open cases"),
        "overdue": _("Overdue"),
        "answer": _("Waiting for answer"),
        "rating": _("Waiting for rating"),
    }
    return Overview(
        unit=unit,
        period=report.scope.period,
        tiles=[tile_of(report, code, f"{address}?figure={code}", current=False) for code in RATES],
        open_matters=[(label, number(matters[name])) for name, label in labels.items()],
        figures_url=address,
        duties=duties(viewer=viewer, leaving_out=COUNTED),
        own_awaiting=any(awaits_requester(case) for case in my_cases(viewer=viewer)[:OWN_CASES]),
    )
