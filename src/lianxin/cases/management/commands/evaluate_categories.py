"""`lianxin evaluate-categories FILE.xlsx`: how well categories would be suggested on a register that has them."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lianxin.kernel.spreadsheets import Row, WrongFile, read_rows
from lianxin.text import embeddings
from lianxin.text.categories import Tree, leaf_text
from lianxin.text.keeping import embedded
from lianxin.text.normalising import plain
from lianxin.text.trying import Trial, by_letters, leaves_of
from lianxin.text.vectors import centre_of, centred

READ = 300
"""Characters of the later columns that are read."""
LEVELS = {
    "first": ("一级分类", "一级", "first"),
    "second": ("二级分类", "二级", "second"),
    "third": ("三级分类", "三级", "third"),
}


class Command(BaseCommand):
    help = "Measure the suggestion of categories on a labelled register: macro-F1 without, with few and many examples."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the register (.xlsx)")
        parser.add_argument("--text-columns", required=True, metavar="A,B", help="columns of the text, the title first")
        parser.add_argument("--label-column", required=True, metavar="C", help="column of the category")
        parser.add_argument("--taxonomy", type=Path, metavar="TREE.xlsx", help="一级分类, 二级分类, 三级分类")
        parser.add_argument("--json", action="store_true", help="print the scores as JSON")
        parser.add_argument("--words-only", action="store_true", help="do without the sentence model")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [name.strip() for name in options["text_columns"].split(",")]
        fields: dict[str, tuple[str, ...]] = {f"text{n}": (name,) for n, name in enumerate(names)} | {
            "label": (options["label_column"],)
        }
        rows = [row for row in _rows(options["file"], fields) if _value(row, "label")]
        labels = [_value(row, "label") for row in rows]
        if len(set(labels)) < 2:  # noqa: PLR2004 - nothing to choose
            raise CommandError(_("The register needs at least two categories."))
        texts = [_read(row, len(names)) for row in rows]
        paths = [] if options["taxonomy"] is None else _taxonomy(options["taxonomy"])
        leaves = leaves_of(labels, paths)
        leaf_texts = [leaf_text(path) for _category, path in leaves]
        if embeddings.available() and not options["words_only"]:
            kept = options["file"].with_name(f"{options['file'].name}.embeddings.npz")
            both = embedded([*texts, *leaf_texts], kept)
            vectors, leaf_vectors = both[: len(texts)], both[len(texts) :]
        else:
            vectors, leaf_vectors = by_letters(texts, leaf_texts)
        tree = Tree.of(leaves, leaf_vectors)
        scores = Trial(texts, centred(vectors, centre_of(vectors)), labels, tree).scores().rounded()
        if options["json"]:
            self.stdout.write(json.dumps(scores))
        else:
            self.stdout.write(
                "\n".join(f"{name:16}{'–' if value is None else value}" for name, value in scores.items())
            )


def _rows(file: Path, fields: dict[str, tuple[str, ...]]) -> list[Row]:
    if not file.is_file():
        raise CommandError(_("There is no such file: %(file)s") % {"file": file})
    try:
        return list(read_rows(file, fields, required=tuple(fields)))
    except WrongFile as error:
        raise CommandError(str(error)) from error


def _taxonomy(file: Path) -> list[tuple[str, ...]]:
    return [
        path for row in _rows(file, dict(LEVELS)) if (path := tuple(_value(row, n) for n in LEVELS if _value(row, n)))
    ]


def _read(row: Row, columns: int) -> str:
    title, *others = (plain(_value(row, f"text{n}")) for n in range(columns))
    return "\n".join([title, " ".join(others)[:READ]])


def _value(row: Row, field: str) -> str:
    value = row.values.get(field)
    return "" if value is None else str(value).strip()
