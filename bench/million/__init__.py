"""A million cases: an enterprise of 600 units and 20,000 people, loaded once and kept, and what its pages cost.

Beside it the same enterprise after its first month, with a thousand cases, so that growth shows.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from bench.million.stock import MILLION, THOUSAND, Size, kept
from bench.site import ROOT

Cost: TypeAlias = dict[str, Any]
"""The fields of `pages.Cost`."""
PAGE, SEARCH, FIGURE, SCANNER = 50.0, 100.0, 300.0, 1000.0
"""Milliseconds at the median."""
QUERIES = 12
GROWTH = 1.5
FULLER = 1.1
"""A list with so many times the rows of the other is more work for that alone."""


@dataclass(frozen=True)
class Line:
    """What one page costs with a thousand cases and with a million."""

    name: str
    small: Cost
    large: Cost

    @property
    def growth(self) -> float:
        """How many times what it costs with a thousand."""
        return float(self.large["median"] / self.small["median"])

    @property
    def is_fuller(self) -> bool:
        """Whether the page lists more rows than with a thousand cases, so that the two are not the same work."""
        return bool(self.large["rows"] > FULLER * max(1, self.small["rows"]))

    @property
    def reach(self) -> float:
        """What its median should not exceed."""
        of_kind = {"scanner": SCANNER, "figures": FIGURE, "search": SEARCH, "text": SEARCH}
        return next((reach for word, reach in of_kind.items() if word in self.name), PAGE)

    @property
    def misses(self) -> str:
        """What it does not reach."""
        is_page = self.reach in {PAGE, SEARCH}
        missed = {
            "time": self.large["median"] > self.reach,
            "queries": is_page and self.large["queries"] > QUERIES,
            "growth": self.growth > GROWTH and not self.is_fuller,
        }
        return ", ".join(name for name, is_missed in missed.items() if is_missed)


def measure(words: Sequence[str] = ()) -> None:
    """Print the table, of all pages or of those whose name holds one of the words; it is a table in Markdown, too."""
    small, large = (list(_costs(size, words)) for size in (THOUSAND, MILLION))
    lines = [Line(other["name"], one, other) for one, other in zip(small, large, strict=True)]
    print("\na million cases: milliseconds of server time a page, beside the same with a thousand cases")
    heads = "median | 95 % | queries | CPU | PG CPU | rows | median at 1,000 | rows | growth | misses"
    print(f"\n{'| page':62}| {heads} |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    for line in lines:
        cost = line.large
        numbers = (f"{cost['median']:.1f}", f"{cost['late']:.1f}", f"{cost['queries']:.0f}", f"{cost['cpu']:.1f}")
        counted = (str(cost["rows"] or ""), f"{line.small['median']:.1f}", str(line.small["rows"] or ""))
        more = (f"{cost['database']:.1f}", *counted, f"{line.growth:.2f}", line.misses)
        print(f"| {line.name:60}| {' | '.join([*numbers, *more])} |")
    missed = [line for line in lines if line.misses]
    print(f"\n{len(lines) - len(missed)} of {len(lines)} within reach: pages {PAGE:.0f} ms and {QUERIES} queries,")
    print(f"searches {SEARCH:.0f} ms, figures {FIGURE:.0f} ms, scanner {SCANNER:.0f} ms, growth {GROWTH}")


def _costs(size: Size, words: Sequence[str]) -> Iterator[Cost]:
    with kept(size):
        asking = [sys.executable, "-m", "bench.million.pages", *words]
        made = subprocess.run(asking, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        for line in made.stdout.splitlines():
            yield json.loads(line)
