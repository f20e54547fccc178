"""`lianxin alerts`: the alerts that nobody has settled, for scripts and for reading."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.models import Alert
from lianxin.alerts.queries.inbox import title_of, unsettled
from lianxin.alerts.queries.reasons import reason, reason_parts


class Command(BaseCommand):
    help = "Print the early warnings that nobody has settled: reason and numbers, nothing about a person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="everything, with the numbers, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(unsettled())
        if options["json"]:
            self.stdout.write(json.dumps([_as_dict(each) for each in found], ensure_ascii=False, indent=2))
            return
        for each in found:
            said = f"{RuleKind(each.rule_id).label} · {title_of(each, each.issue)}: {reason(each)}"
            self.stdout.write(f"{each.raised_at:%Y-%m-%d %H:00}  {each.get_state_display()}  {said}")
        if not found:
            self.stdout.write(_("No open warnings."))


def _as_dict(alert: Alert) -> dict[str, Any]:
    return {
        "rule": alert.rule_id,
        "state": alert.state,
        "about": title_of(alert, alert.issue),
        "unit": alert.unit.code if alert.unit else None,
        "raised": alert.raised_at.isoformat(timespec="hours"),
        "reason": reason(alert),
        "numbers": {part.label: part.said for part in reason_parts(alert)},
    }
