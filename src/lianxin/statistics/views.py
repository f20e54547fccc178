"""Figures: the page, the cases behind a number, the workbook."""

from io import BytesIO
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.kernel import timezone
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied
from lianxin.kernel.figures import Rate
from lianxin.kernel.files import CONTENT_TYPES, content_disposition
from lianxin.kernel.spreadsheets import Sheet, sheet_name, write_sheets
from lianxin.kernel.tables import Column
from lianxin.org.models import Person, Unit
from lianxin.statistics.access import figure_units, figures_unit_for, sees_figures
from lianxin.statistics.aggregation import Scope
from lianxin.statistics.definitions import EXCLUSIONS, PLACE, RATES, SMALL, VOLUME, WITHOUT
from lianxin.statistics.drilldown import cases_behind
from lianxin.statistics.export import definition_rows, headers, rows_of, title_of
from lianxin.statistics.forms import FiguresForm
from lianxin.statistics.page import figures_page
from lianxin.statistics.report import openable_report, report_for

PER_PAGE = 30
COLUMNS = (
    Column(label=gettext_lazy("Case")),
    Column(label=gettext_lazy("Lead unit")),
    Column(label=gettext_lazy("Status")),
    Column(label=gettext_lazy("Submitted on")),
)


def _asked(request: HttpRequest) -> tuple[Person, FiguresForm, Scope, list[Unit]]:
    """Who asks for what, and which units above it they may see.

    Raises:
        PermissionDenied: they have no role that comes with figures.
        NotFound: the unit is outside their reach.
    """
    viewer = viewer_of(request)
    if not sees_figures(viewer):
        raise PermissionDenied(_("Statistics are available to people responsible for a unit."))
    form = FiguresForm(request.GET)
    unit, above = figures_unit_for(viewer=viewer, code=form.word("unit"))
    return viewer, form, Scope(unit, form.chosen_period, form.narrowing, viewer), list(above)


@never_cache
@require_safe
@sign_in_required
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of a unit and all below it, headed by a question."""
    viewer, form, scope, above = _asked(request)
    reachable = set(figure_units(viewer=viewer).values_list("code", flat=True))
    report = report_for(scope)
    page = figures_page(
        report, openable_report(report), query=request.GET, code=form.figure_code, above=above, reachable=reachable
    )
    context = {
        "page": page,
        "scope": scope,
        "form": FiguresForm(_shown(form, scope)),
        "hidden": {"unit": scope.unit.code, "figure": form.figure_code},
        "narrowed": bool(scope.narrowing) or bool(form.word("since") and not form.word("period")),
        "printed_at": timezone.now(),
        "notes": [VOLUME, EXCLUSIONS, PLACE, SMALL],
    }
    return render(request, "statistics/figures.html", context)


def _shown(form: FiguresForm, scope: Scope) -> dict[str, str]:
    """The form as it should stand on the page: the period that is shown, whatever was asked for."""
    words = {name: form.word(name) for name in ("kind", "category", "channel")}
    named = form.word("period")
    if not named and not (form.word("since") and form.word("until")):
        named = "month"
    return {**words, "period": named, "since": str(scope.period.since), "until": str(scope.period.until)}


@never_cache
@require_safe
@sign_in_required
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a number that the viewer may open."""
    viewer, form, scope, _above = _asked(request)
    measure, lacking = request.GET.get("measure", ""), request.GET.get("lacking", "")
    alone = request.GET.get("alone") == "1"
    found = cases_behind(viewer=viewer, scope=scope, measure=measure, lacking=lacking, alone=alone)
    figure = RATES[form.figure_code]
    back = request.GET.copy()
    for name in ("measure", "lacking", "alone", "page"):
        back.pop(name, None)
    context = {
        "figure": figure,
        "scope": scope,
        "tabs": _tabs(figure, request.GET, measure, lacking),
        "without": WITHOUT.get(lacking, ""),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "columns": COLUMNS,
        "back": back.urlencode(),
    }
    return render(request, "statistics/figure_cases.html", context)


def _tabs(figure: Rate, query: QueryDict, measure: str, lacking: str) -> list[dict[str, Any]]:
    """All cases of a rate, those that it counts, and the others; none for a number that is no part of the rate."""
    part, whole = figure.numerator, figure.denominator
    asked = [(whole.label, whole.name, ""), (part.label, part.name, ""), (figure.others, whole.name, part.name)]
    if (measure, lacking) not in [(name, without) for _label, name, without in asked]:
        return []
    tabs = []
    for label, name, without in asked:
        words = query.copy()
        words.pop("page", None)
        words["measure"], words["lacking"] = name, without
        current = (name, without) == (measure, lacking)
        tabs.append({"label": label, "url": f"?{words.urlencode()}", "current": current, "count": None})
    return tabs


@never_cache
@require_safe
@sign_in_required
def export(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook, with their definitions; title, sheet and file say what they are about."""
    *_viewer, scope, _above = _asked(request)
    file, title = BytesIO(), title_of(scope)
    write_sheets(
        file,
        [
            Sheet(
                sheet_name(_("Statistics"), *scope.narrowing.names, scope.unit.name),
                headers(),
                rows_of(report_for(scope)),
                (14, 28),
                title=f"{_('Statistics')} · {title}",
                frozen=2,
            ),
            Sheet(_("Definition"), [_("Metric"), _("Definition")], definition_rows(), (24, 120)),
        ],
    )
    days = f"{scope.period.since:%Y%m%d}-{scope.period.until:%Y%m%d}"
    name = "_".join([_("Statistics"), scope.unit.name, days, *scope.narrowing.names])
    return HttpResponse(
        file.getvalue(),
        content_type=CONTENT_TYPES["xlsx"],
        headers={"Content-Disposition": content_disposition(f"{name}.xlsx")},
    )
