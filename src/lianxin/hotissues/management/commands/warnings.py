"""`lianxin warnings`: the warnings that nobody has settled, for scripts and for reading."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lianxin.hotissues.enums import RuleKind
from lianxin.hotissues.models import EarlyWarning
from lianxin.hotissues.queries.early_warning.inbox import title_of, unsettled
from lianxin.hotissues.queries.early_warning.reasons import reason, reason_parts


class Command(BaseCommand):
    help = "Print the early warnings that nobody has settled: reason and numbers, nothing about a person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="everything, with the numbers, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(unsettled())
        if options["json"]:
            self.stdout.write(json.dumps([_told(each) for each in found], ensure_ascii=False, indent=2))
            return
        for each in found:
            said = f"{RuleKind(each.rule_id).label} · {title_of(each, each.issue)}: {reason(each)}"
            self.stdout.write(f"{each.raised_at:%Y-%m-%d %H:00}  {each.get_state_display()}  {said}")
        if not found:
            self.stdout.write(_("No open warnings."))


def _told(warning: EarlyWarning) -> dict[str, Any]:
    return {
        "rule": warning.rule_id,
        "state": warning.state,
        "about": title_of(warning, warning.issue),
        "unit": warning.unit.code if warning.unit else None,
        "raised": warning.raised_at.isoformat(timespec="hours"),
        "reason": reason(warning),
        "numbers": {part.label: part.said for part in reason_parts(warning)},
    }
