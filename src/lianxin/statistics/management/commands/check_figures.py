"""`lianxin check-figures`: compare the facts behind the figures with the cases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lianxin.statistics.facts import compare_facts


class Command(BaseCommand):
    help = "Compare the facts behind the figures with cases, deadlines and ratings; fails if anything differs."

    def handle(self, *args: Any, **options: Any) -> None:
        differing = compare_facts()
        if differing:
            self.stdout.write("\n".join(differing))
            raise CommandError(
                _("The facts of these cases are out of date; run `lianxin rebuild-figures` to fix them.")
            )
        self.stdout.write(_("The facts agree with the cases."))
