"""Average linkage over a sparse graph of similarities, as far as a judge agrees."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scipy import sparse

Judge = Callable[[list[int], list[int], float], bool]
"""Whether two groups, as like as that on average over their pairs, are one."""
Bar = Callable[[list[int], list[int]], bool]
"""Whether two groups are not to be one, however like."""

_CHUNK = 65536


class Linkage:
    """Joins the two nearest groups again and again. Two of which the judge says no grow no further."""

    def __init__(self, near: sparse.csr_array, *, lowest: float, absent: float) -> None:
        """`near`: the similarities, both ways; pairs that are not in it count as `absent`. Below `lowest` none join."""
        self._near, self._lowest, self._absent = near, lowest, absent
        texts = near.shape[0]
        self._owner = np.arange(texts)
        self._members: dict[int, list[int]] = {}
        self._size = np.ones(2 * texts, dtype=np.int64)
        self._open = bytearray(b"\1") * (2 * texts)
        self._heap: list[tuple[float, int, int]] = []

    def groups(self, judge: Judge, bar: Bar | None = None) -> list[list[int]]:
        """What was joined. Two groups that would join but are barred from each other may both join others."""
        made = len(self._owner)
        for similarity, first, second in self._nearest():
            if not (self._open[first] and self._open[second]):
                continue
            members = self._members.get(first, [first]), self._members.get(second, [second])
            agreed = judge(*members, similarity)
            if agreed and bar and bar(*members):
                continue
            self._open[first] = self._open[second] = False
            if agreed:
                self._members.pop(first, None)
                self._members.pop(second, None)
                self._join(made, members[0] + members[1])
                made += 1
        return [sorted(members) for members in self._members.values()]

    def _nearest(self) -> Iterator[tuple[float, int, int]]:
        """Pairs of groups, the most alike first. Pairs of single texts are kept apart: they are many, and known."""
        pairs = self._near.tocoo()
        enough = np.flatnonzero((pairs.data >= self._lowest) & (pairs.coords[0] < pairs.coords[1]))
        order = enough[np.argsort(-pairs.data[enough], kind="stable")]
        for start in range(0, len(order), _CHUNK):
            chunk = order[start : start + _CHUNK]
            ends = (pairs.coords[0][chunk].tolist(), pairs.coords[1][chunk].tolist())
            for value, first, second in zip(pairs.data[chunk].tolist(), *ends, strict=True):
                while self._heap and -self._heap[0][0] >= value:
                    yield self._pop()
                yield value, first, second
        while self._heap:
            yield self._pop()

    def _pop(self) -> tuple[float, int, int]:
        negative, first, second = heapq.heappop(self._heap)
        return -negative, first, second

    def _join(self, made: int, members: list[int]) -> None:
        """Keep a new group, and put the groups near it on the heap."""
        self._members[made] = members
        self._size[made] = len(members)
        self._owner[members] = made
        spans = [slice(self._near.indptr[member], self._near.indptr[member + 1]) for member in members]
        owners = self._owner[np.concatenate([self._near.indices[span] for span in spans])]
        more = np.concatenate([self._near.data[span] for span in spans]) - self._absent
        groups, place = np.unique(owners, return_inverse=True)
        similarity = self._absent + np.bincount(place, weights=more) / (self._size[groups] * len(members))
        for group, value in zip(groups.tolist(), similarity.tolist(), strict=True):
            if value >= self._lowest and group != made and self._open[group]:
                heapq.heappush(self._heap, (-value, group, made))
