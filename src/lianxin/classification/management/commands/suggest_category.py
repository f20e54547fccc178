"""`lianxin suggest-category --text …`: the three most fitting categories of the enterprise's own tree."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from lianxin.classification.queries.training_data import training_set
from lianxin.nlp import embeddings
from lianxin.nlp.normalization import plain


class Command(BaseCommand):
    help = "Suggest the category of a text from the enterprise's own tree, as its dispatchers filed such cases before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--text", required=True, help="what was written")
        parser.add_argument("--json", action="store_true", help="print the suggestions as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        known, text = training_set(), plain(options["text"])
        if not known.tree.leaves:
            raise CommandError(_("No categories yet."))
        vector = embeddings.embed([text])[0] if known.common is not None else None
        found = known.categories(text, known.place(text, vector))
        if options["json"]:
            rows = [asdict(each) | {"category": " / ".join(each.leaf)} for each in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(" / ".join(each.leaf) for each in found))
