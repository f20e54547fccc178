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
BUDGETS = {
    "page": (100.0, 250.0),
    "search": (200.0, 500.0),
    "figures": (300.0, 600.0),
    "year": (1500.0, 3000.0),
    "scanner": (2000.0, 4000.0),
}
"""Milliseconds at the median and at the 95th percentile."""


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
    def budget(self) -> tuple[float, float]:
        """What its median and its 95th percentile should not exceed."""
        if "figures" in self.name:
            return BUDGETS["year" if "whole enterprise" in self.name or "year" in self.name else "figures"]
        return next((BUDGETS[kind] for kind in ("scanner", "search") if kind in self.name), BUDGETS["page"])

    @property
    def misses(self) -> str:
        """Which of its two budgets it exceeds."""
        measured = (self.large["median"], self.large["late"])
        named = zip(("median", "95 %"), measured, self.budget, strict=True)
        return ", ".join(name for name, cost, budget in named if cost > budget)


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
    print(f"\n{len(lines) - len(missed)} of {len(lines)} within budget (median, 95 %): {BUDGETS}")


def _costs(size: Size, words: Sequence[str]) -> Iterator[Cost]:
    with kept(size):
        asking = [sys.executable, "-m", "bench.million.pages", *words]
        made = subprocess.run(asking, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        for line in made.stdout.splitlines():
            yield json.loads(line)
