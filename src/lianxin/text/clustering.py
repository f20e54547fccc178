"""Average linkage over a sparse graph of likenesses."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lianxin.text.embeddings import Vectors

Near = dict[int, dict[int, float]]


@dataclass(slots=True)
class Tree:
    """What was joined, in order: node `texts + n` joins the two nodes `joins[n]`, as like as `heights[n]`."""

    texts: int
    joins: list[tuple[int, int]] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)

    def members(self, node: int) -> list[int]:
        """The texts below a node."""
        found, open_nodes = [], [node]
        while open_nodes:
            at = open_nodes.pop()
            if at < self.texts:
                found.append(at)
            else:
                open_nodes.extend(self.joins[at - self.texts])
        return found


def graph(pairs: Iterable[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Vectors]]) -> Near:
    """Who is near whom, both ways."""
    near: Near = {}
    for first, second, values in pairs:
        for a, b, value in zip(first.tolist(), second.tolist(), values.tolist(), strict=True):
            near.setdefault(a, {})[b] = value
            near.setdefault(b, {})[a] = value
    return near


def link(near: Near, texts: int, *, lowest: float, absent: float) -> Tree:
    """Join the two nearest nodes again and again while they are as like as `lowest` on average over their pairs.

    Pairs that are not in the graph count as `absent`. `near` is used up.
    """
    tree = Tree(texts)
    size = dict.fromkeys(range(texts), 1)
    heap = [(-value, a, b) for a, others in near.items() for b, value in others.items() if a < b and value >= lowest]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if a not in size or b not in size:
            continue
        node = texts + len(tree.joins)
        tree.joins.append((a, b))
        tree.heights.append(-negative)
        weight_a, weight_b = size.pop(a), size.pop(b)
        size[node] = weight_a + weight_b
        near_a, near_b = near.pop(a), near.pop(b)
        mine = near[node] = {}
        for other in (near_a.keys() | near_b.keys()) - {a, b}:
            sum_a, sum_b = weight_a * near_a.get(other, absent), weight_b * near_b.get(other, absent)
            value = (sum_a + sum_b) / (weight_a + weight_b)
            theirs = near[other]
            theirs.pop(a, None)
            theirs.pop(b, None)
            mine[other] = theirs[node] = value
            if value >= lowest:
                heapq.heappush(heap, (-value, other, node))
    return tree
