"""`lianxin evaluate-categories FILE.xlsx`: how well categories would be suggested on a register that has them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lianxin.kernel.spreadsheets import Row, WrongFile, read_rows
from lianxin.nlp import embeddings
from lianxin.nlp.categories import Path as Leaf
from lianxin.nlp.categories import Tree, Views, leaf_texts
from lianxin.nlp.embedding_cache import embedded
from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.normalization import plain
from lianxin.nlp.trying import Trial, by_letters, leaves_of
from lianxin.nlp.vectors import centre_of, centred

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
        titles, bodies = zip(*(_read(row, len(names)) for row in rows), strict=True)
        texts = [f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)]
        leaves = leaves_of(labels, [] if options["taxonomy"] is None else _taxonomy(options["taxonomy"]))
        named = leaf_texts([path for _category, path in leaves])
        if embeddings.available() and not options["words_only"]:
            kept = options["file"].with_name(f"{options['file'].name}.embeddings.npz")
            views, vectors = _by_meaning([titles, bodies], named, kept)
        else:
            letters, vectors = by_letters(texts, named)
            views = centred(letters, centre_of(letters))[np.newaxis]
        scores = Trial(texts, views, labels, Tree.of(leaves, vectors)).scores().rounded()
        if options["json"]:
            self.stdout.write(json.dumps(scores))
        else:
            self.stdout.write(
                "\n".join(f"{name:16}{'–' if value is None else value}" for name, value in scores.items())
            )


def _rows(file: Path, fields: dict[str, tuple[str, ...]]) -> list[Row]:
    if not file.is_file():
        raise CommandError(_("File not found: %(file)s") % {"file": file})
    try:
        return list(read_rows(file, fields, required=tuple(fields)))
    except WrongFile as error:
        raise CommandError(str(error)) from error


def _taxonomy(file: Path) -> list[Leaf]:
    return [
        path for row in _rows(file, dict(LEVELS)) if (path := tuple(_value(row, n) for n in LEVELS if _value(row, n)))
    ]


def _read(row: Row, columns: int) -> tuple[str, str]:
    """The title and the beginning of the rest; what is empty says what the other says."""
    title, *others = (plain(_value(row, f"text{n}")) for n in range(columns))
    body = " ".join(others)[:READ]
    return title or body, body or title


def _by_meaning(read: Sequence[Sequence[str]], named: Sequence[str], kept: Path) -> tuple[Views, Vectors]:
    """Views of the texts and vectors of the leaves' names; all are kept in the file `kept`."""
    width = len(read[0])
    made = embedded([*(text for texts in read for text in texts), *named], kept)
    blocks = [made[start : start + width] for start in range(0, width * len(read), width)]
    return np.stack([centred(block, centre_of(block)) for block in blocks]), made[width * len(read) :]


def _value(row: Row, field: str) -> str:
    value = row.values.get(field)
    return "" if value is None else str(value).strip()
