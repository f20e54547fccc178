"""`lianxin group FILE.xlsx --out GROUPS.csv`: which messages of a register are about the same matter."""

import csv
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lianxin.kernel.spreadsheets import Row, WrongFile, read_rows
from lianxin.nlp import embeddings
from lianxin.nlp.embedding_cache import embedded
from lianxin.nlp.entities import Name, Names, spellings
from lianxin.nlp.grouping import group
from lianxin.nlp.tokenization import Message

COLUMNS = {
    "id": ("留言编号", "编号", "诉求编号", "message_id", "id", "number"),
    "title": ("留言主题", "主题", "标题", "title"),
    "body": ("留言详情", "详情", "内容", "诉求内容", "body", "text"),
}


class Command(BaseCommand):
    help = "Group the messages of a register (留言编号, 留言主题, 留言详情) by matter."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the register (.xlsx)")
        parser.add_argument("--out", type=Path, required=True, metavar="GROUPS.csv", help="columns message_id, group")
        parser.add_argument("--names", type=Path, metavar="NAMES.txt", help="names of places, units or equipment")
        parser.add_argument("--words-only", action="store_true", help="do without the sentence model")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"]
        if not source.is_file():
            raise CommandError(_("File not found: %(file)s") % {"file": source})
        try:
            rows = list(read_rows(source, COLUMNS, required=("id", "body")))
        except WrongFile as error:
            raise CommandError(str(error)) from error
        messages = [Message(_text(row, "title"), _text(row, "body")) for row in rows]
        names = self._names(options["names"])
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
            vectors = None
            if embeddings.available() and not options["words_only"]:
                reading = progress.add_task(_("Reading"), total=len(messages))
                vectors = embedded(
                    [embeddings.excerpt(message.title, message.body) for message in messages],
                    source.with_name(f"{source.name}.embeddings.npz"),
                    lambda done: progress.update(reading, completed=done),
                )
            comparing = progress.add_task(_("Comparing"), total=len(messages))
            groups = group(
                messages, vectors, names=names, progress=lambda done: progress.update(comparing, completed=done)
            )
        self._write(options["out"], [_text(row, "id") for row in rows], groups)
        self.stdout.write(
            _("%(messages)d messages, %(groups)d groups containing %(grouped)d messages.")
            % {"messages": len(rows), "groups": len(groups), "grouped": sum(map(len, groups))}
        )

    def _names(self, file: Path | None) -> Names | None:
        """One thing a line, its other spellings behind a comma or tab; an empty line begins another kind of things."""
        if file is None:
            return None
        try:
            lines = file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("%(file)s cannot be read.") % {"file": file}) from error
        kinds = accumulate(int(not line.strip()) for line in lines)
        found = [(tuple(spellings(line)), str(kind)) for line, kind in zip(lines, kinds, strict=True)]
        return Names(Name(each, kind) for each, kind in found if each)

    def _write(self, out: Path, ids: list[str], groups: list[list[int]]) -> None:
        """Every message has its group; one that stands alone is a group of its own."""
        group_of = {member: number for number, members in enumerate(groups, start=1) for member in members}
        alone = len(groups)
        try:
            with out.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(("message_id", "group"))
                for place, message in enumerate(ids):
                    if place not in group_of:
                        alone += 1
                        group_of[place] = alone
                    writer.writerow((message, group_of[place]))
        except OSError as error:
            raise CommandError(_("%(file)s cannot be written.") % {"file": out}) from error


def _text(row: Row, field: str) -> str:
    """A cell as text; a number that Excel keeps as 12.0 is 12."""
    value = row.values.get(field)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()
