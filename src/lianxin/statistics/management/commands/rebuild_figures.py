"""`lianxin rebuild-figures`: make the facts behind the figures anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from lianxin.statistics.facts import rebuild_facts


class Command(BaseCommand):
    help = "Make the facts behind the figures anew out of cases, deadlines and ratings; everybody goes on working."

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        things = rebuild_facts(progress=lambda done, total: self.stdout.write(f"{done} / {total}"))
        seconds = time.perf_counter() - began
        self.stdout.write(_("%(n)d facts in %(seconds).1f s.") % {"n": things, "seconds": seconds})
