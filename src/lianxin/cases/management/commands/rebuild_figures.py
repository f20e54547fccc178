"""`lianxin rebuild-figures`: make the sums behind the figures anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lianxin.cases.services.figures import rebuild_figures


class Command(BaseCommand):
    help = "Make the sums behind the figures anew out of cases, deadlines and ratings; figures wait meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        things = rebuild_figures(progress=lambda table: self.stdout.write(f"{table} …"))
        seconds = time.perf_counter() - began
        self.stdout.write(_("%(n)d things counted in %(seconds).1f s.") % {"n": things, "seconds": seconds})
