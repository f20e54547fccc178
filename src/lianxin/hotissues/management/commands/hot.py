"""`lianxin hot --unit CODE --days N`: the hot list of a unit, for scripts and for reading."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lianxin.hotissues.queries import DAYS, Hot, Scope, hot_list, last_days
from lianxin.org.queries import Unit, root_unit


class Command(BaseCommand):
    help = "Print the hot issues of a unit with all below it: the same as on the page, without any case."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", metavar="CODE", default="", help="a unit's code; default: the whole enterprise")
        parser.add_argument("--days", metavar="N", type=int, default=DAYS, help=f"the last N days; default: {DAYS}")
        parser.add_argument("--json", action="store_true", help="everything, with the parts of the heat, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1:
            raise CommandError(_("At least one day, please."))
        code = options["unit"]
        unit = Unit.objects.filter(code=code).first() if code else root_unit()
        if unit is None:
            raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code or "–"})
        scope = Scope(unit, last_days(options["days"]))
        found = hot_list(scope)
        if options["json"]:
            told = {
                "unit": unit.code,
                "since": str(scope.period.since),
                "until": str(scope.period.until),
                "issues": [_told(hot) for hot in found],
            }
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{unit.name} {scope.period}")
        for hot in found:
            counted = hot.counted
            self.stdout.write(
                f"{counted.heat:>5}  {hot.issue.title} ({hot.issue.pk}): {counted.cases}, {hot.lens.label}"
            )


def _told(hot: Hot) -> dict[str, Any]:
    return {
        "number": hot.issue.pk,
        "name": hot.issue.title,
        "keywords": hot.issue.keywords,
        "lens": hot.lens.value,
        "heat": hot.counted.heat,
        "parts": [
            {"part": str(part.label), "counted": str(part.said), "adds": part.points} for part in hot.counted.parts
        ],
        "cases": hot.counted.cases,
        "open": hot.open_cases,
        "first": hot.first.isoformat(timespec="hours"),
        "last": hot.last.isoformat(timespec="hours"),
    }
