"""`lianxin import-roster FILE.xlsx`: compare a roster with the register, and apply it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lianxin.kernel.errors import LianxinError
from lianxin.org import queries
from lianxin.org.enums import RosterOutcome, RosterState
from lianxin.org.models import RosterImport
from lianxin.org.roster import workflow

SHOWN = 50


class Command(BaseCommand):
    help = "Import a roster of units, Party organisations and people."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the roster (.xlsx, .xls, .ods, .csv)")
        parser.add_argument("--dry-run", action="store_true", help="only say what it would change")
        parser.add_argument("--json", action="store_true", help="print the outcome of every row as JSON")
        parser.add_argument(
            "--missing-left", type=int, metavar="N", help="people missing from the file have left; N is how many"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(_("File not found: %(file)s") % {"file": options["file"]})
        try:
            roster = workflow.upload_roster(
                actor=None,
                file_name=options["file"].name,
                content=options["file"].read_bytes(),
                missing_left=options["missing_left"] is not None,
                later=False,
            )
        except LianxinError as error:
            raise CommandError(str(error)) from error
        try:
            self._go_through(roster, options)
        finally:
            roster.refresh_from_db(fields=["state"])
            if roster.state != RosterState.APPLIED:
                workflow.discard_roster(actor=None, roster_id=roster.pk)

    def _go_through(self, roster: RosterImport, options: dict[str, Any]) -> None:
        workflow.compare_roster(roster_id=roster.pk)
        roster.refresh_from_db()
        if roster.problem:
            raise CommandError(queries.roster_problem(roster))
        told = _told(roster)
        if not options["dry_run"]:
            try:
                workflow.start_applying(
                    actor=None,
                    roster_id=roster.pk,
                    digest=roster.digest,
                    confirmed=options["missing_left"],
                    later=False,
                )
            except LianxinError as error:
                raise CommandError(str(error)) from error
            workflow.apply_roster(roster_id=roster.pk)
            roster.refresh_from_db()
            if roster.state != RosterState.APPLIED:
                raise CommandError(queries.roster_problem(roster) or _("The data changed after you reviewed it"))
        told["applied"] = roster.state == RosterState.APPLIED
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else _said(told))


def _told(roster: RosterImport) -> dict[str, Any]:
    """What each row comes to; rows that change nothing are only counted."""
    lines = queries.roster_lines(roster).exclude(outcome=RosterOutcome.SAME)
    return {
        "counts": roster.counts,
        "rows": [
            {
                "sheet": line.sheet,
                "row": line.row,
                "about": line.part,
                "outcome": line.outcome,
                "key": line.key,
                "name": line.name,
                "changes": line.changes,
                "reasons": queries.reasons_of(line.reasons),
            }
            for line in lines.iterator(2000)
        ],
    }


def _said(told: dict[str, Any]) -> str:
    counts = [f"{RosterOutcome(name).label}: {n}" for name, n in told["counts"].items() if name != "missing"]
    lines = [" · ".join(counts)]
    rejected = [row for row in told["rows"] if row["outcome"] == RosterOutcome.REJECT]
    for row in rejected[:SHOWN]:
        where = _("%(sheet)s, row %(row)d") % {"sheet": row["sheet"], "row": row["row"]}
        lines.append(f"{where}: {' '.join(row['reasons'])}")
    if len(rejected) > SHOWN:
        lines.append(_("… and %(n)d more; --json lists them all.") % {"n": len(rejected) - SHOWN})
    if not told["applied"]:
        lines.append(_("Trial run: nothing was changed."))
    return "\n".join(lines)
