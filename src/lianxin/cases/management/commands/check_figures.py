"""`lianxin check-figures`: compare the sums behind the figures with the truth."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lianxin.cases.services.figures import check_figures


class Command(BaseCommand):
    help = "Compare the sums behind the figures with cases, deadlines and ratings; fails if anything differs."

    def handle(self, *args: Any, **options: Any) -> None:
        differences = check_figures()
        if differences:
            self.stdout.write("\n".join(differences))
            raise CommandError(_("The sums differ from the truth. `lianxin rebuild-figures` makes them anew."))
        self.stdout.write(_("The sums agree with the truth."))
