"""`lianxin suggest-category --text …`: the three most fitting categories of the enterprise's own tree."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lianxin.cases.queries import category_paths
from lianxin.text import embeddings
from lianxin.text.categories import Tree, leaf_text, suggest
from lianxin.text.normalising import plain
from lianxin.text.trying import by_letters
from lianxin.text.vectors import centre_of, centred


class Command(BaseCommand):
    help = "Suggest the category of a text from the enterprise's own tree."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--text", required=True, help="what was written")
        parser.add_argument("--json", action="store_true", help="print the suggestions as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        text = plain(options["text"])
        paths = category_paths()
        if not paths:
            raise CommandError(_("There is no category yet."))
        leaves = [(" / ".join(path), path) for path in paths]
        leaf_texts = [leaf_text(path) for path in paths]
        if embeddings.available():
            both = embeddings.embed([text, *leaf_texts])
            vector = centred(both[:1], centre_of(both[1:]))[0]
            tree = Tree.of(leaves, both[1:])
        else:
            vectors, leaf_vectors = by_letters([text], leaf_texts)
            vector, tree = vectors[0], Tree.of(leaves, leaf_vectors)
        found = suggest(text, vector, tree)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in found], ensure_ascii=False))
        else:
            self.stdout.write("\n".join(each.category for each in found))
