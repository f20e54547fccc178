"""`lianxin import-messages FILE.xlsx`: take over an older register of messages."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lianxin.cases.services.legacy_import import Summary, import_register
from lianxin.kernel.spreadsheets import WrongFile
from lianxin.org.queries import Unit, units_below

SHOWN_REJECTED = 50


class Command(BaseCommand):
    help = (
        "Import a register of messages: 留言主题, 留言时间, 留言详情, and where they are 答复意见, 答复时间 and others."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the register (.xlsx)")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        parser.add_argument(
            "--unit", "--place-unit", metavar="CODE", default="", help="the unit the messages are about"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(_("File not found: %(file)s") % {"file": options["file"]})
        unit = _unit(options["unit"])
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task(_("Rows"), total=None)
            try:
                summary = import_register(
                    options["file"], unit=unit, progress=lambda rows: progress.update(task, completed=rows)
                )
            except WrongFile as error:
                raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(asdict(summary), ensure_ascii=False) if options["json"] else _told(summary))


def _unit(code: str) -> Unit | None:
    if not code:
        if not units_below().exists():
            raise CommandError(_("No units yet. Please set up the organisation first."))
        return None
    unit = units_below().filter(code=code).first()
    if unit is None:
        raise CommandError(_("There is no unit with the code %(code)s.") % {"code": code})
    return unit


def _told(summary: Summary) -> str:
    lines = [
        _("%(n)d rows read, %(created)d cases created, %(skipped)d duplicates skipped, %(rejected)d rejected.")
        % {
            "n": summary.rows,
            "created": summary.created,
            "skipped": summary.skipped_duplicates,
            "rejected": len(summary.rejected),
        },
        _("%(n)d have a reply: %(fast)d within 15 days, %(slow)d within 60 days.")
        % {"n": summary.with_reply, "fast": summary.replied_within_15_days, "slow": summary.replied_within_60_days},
    ]
    if summary.median_days_to_reply is not None:
        lines.append(_("Half of the replies came within %(days).1f days.") % {"days": summary.median_days_to_reply})
    lines += [_("Row %(row)s: %(reason)s") % refused for refused in summary.rejected[:SHOWN_REJECTED]]
    if len(summary.rejected) > SHOWN_REJECTED:
        lines.append(_("… and %(n)d more; --json lists them all.") % {"n": len(summary.rejected) - SHOWN_REJECTED})
    return "\n".join(lines)
