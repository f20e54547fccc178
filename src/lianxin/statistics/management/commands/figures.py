"""`lianxin figures`: the figures of a unit over a period, for scripts and for reading."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lianxin.kernel.periods import Period, named_period
from lianxin.org.models import Unit
from lianxin.org.queries import root_unit
from lianxin.statistics.aggregation import Scope
from lianxin.statistics.definitions import COUNTS
from lianxin.statistics.export import definition_of, report_as_dict
from lianxin.statistics.report import Report, rate_values, report_for
from lianxin.ui.formatting import ratio


class Command(BaseCommand):
    help = "Print the figures of a unit with all below it: the same as on the page and in the workbook."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", metavar="CODE", default="", help="a unit's code; default: the whole enterprise")
        parser.add_argument("--from", dest="since", metavar="DATE", type=date.fromisoformat, help="first day")
        parser.add_argument("--to", dest="until", metavar="DATE", type=date.fromisoformat, help="last day")
        parser.add_argument("--json", action="store_true", help="everything, with all breakdowns, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        this_month = named_period("month")
        period = Period(options["since"] or this_month.since, options["until"] or this_month.until)
        if period.since > period.until:
            raise CommandError(_("The period ends before it begins."))
        report = report_for(Scope(_unit(options["unit"]), period))
        self.stdout.write(
            json.dumps(report_as_dict(report), ensure_ascii=False, indent=2) if options["json"] else _words(report)
        )


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first() if code else root_unit()
    if unit is None:
        raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code or "–"})
    return unit


def _words(report: Report) -> str:
    lines = [f"{report.scope.unit.name} {report.scope.period}"]
    lines += [f"{label}: {report.counts[name]}" for name, label in COUNTS.items()]
    for found in rate_values(report.counts):
        numbers = found.numerator, found.denominator
        lines.append(f"{found.rate.label}: {ratio(*numbers)} ({numbers[0]} / {numbers[1]})")
        lines.append(f"    {definition_of(found.rate)}")
    return "\n".join(lines)
