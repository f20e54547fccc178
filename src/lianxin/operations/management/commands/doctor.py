"""`lianxin doctor`: what is well, what is not, and what to do about it."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from lianxin.kernel.cli_messages import say
from lianxin.operations.queries import Level, examine

SIGNS = {Level.OK: "✓", Level.WARN: "!", Level.FAIL: "✗"}


class Command(BaseCommand):
    help = "Check database, worker, mail, calendar, disk, clock and more. Status 1 when something is broken."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, json: bool, **options: Any) -> None:
        findings = examine()
        if json:
            self.stdout.write(as_json([asdict(finding) for finding in findings]))
        else:
            for finding in findings:
                line = f"{SIGNS[finding.level]} {finding.check:<10} {finding.says}"
                say(line, line)
                if finding.advice:
                    advice = f"             → {finding.advice}"
                    say(advice, advice)
        if any(finding.level == Level.FAIL for finding in findings):
            sys.exit(1)


def as_json(findings: list[dict[str, Any]]) -> str:
    return json.dumps({"findings": findings}, ensure_ascii=False, indent=1)
