"""Who is near whom, without ever holding all pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from scipy import sparse

    from lianxin.nlp.embeddings import Vectors

BLOCK = 256
"""Rows compared with all others at once: 100,000 messages take 200 MB."""
FREQUENT = 384
"""So many of the words that most messages have are compared as dense columns, which is several times faster."""


@dataclass(frozen=True, slots=True)
class Space:
    """Texts as rows whose product is their similarity: dense columns (meaning and frequent words) and sparse ones."""

    dense: Vectors
    rest: sparse.csr_array

    @classmethod
    def of(cls, tokens: sparse.csr_array, meaning: Vectors | None, share: float) -> Space:
        """Words count by `share`, meaning by the rest."""
        held = np.bincount(tokens.indices, minlength=tokens.shape[1])
        order = np.argsort(-held, kind="stable")
        frequent, rare = order[:FREQUENT], order[FREQUENT:]
        wide = 0 if meaning is None else meaning.shape[1]
        dense = np.empty((tokens.shape[0], len(frequent) + wide), dtype=np.float32)
        dense[:, : len(frequent)] = np.sqrt(share) * tokens[:, frequent].toarray()
        if meaning is not None:
            dense[:, len(frequent) :] = np.sqrt(1 - share) * meaning
        return cls(dense, (np.float32(np.sqrt(share)) * tokens[:, rare]).tocsr())

    def near(self, *, floor: float, most: int, progress: Callable[[int], object] | None = None) -> sparse.csr_array:
        """Texts whose similarity is at least `floor`, seen from either: of each at most the `most` nearest."""
        from scipy import sparse  # noqa: PLC0415 - only what computes pays for it

        number = self.dense.shape[0]
        transposed = self.rest.T.tocsr()
        found: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Vectors]] = []
        for start in range(0, number, BLOCK):
            stop = min(start + BLOCK, number)
            near = self.dense[start:stop] @ self.dense.T
            shared = (self.rest[start:stop] @ transposed).tocoo()
            near[shared.coords] += shared.data
            near[np.arange(stop - start), np.arange(start, stop)] = -1
            first, second = np.nonzero(near >= floor)
            values = near[first, second]
            order = np.lexsort((-values, first))
            before = np.searchsorted(first, np.arange(stop - start))
            nearest = order[np.arange(len(order)) - before[first] < most]
            found.append(((first[nearest] + start).astype(np.int32), second[nearest].astype(np.int32), values[nearest]))
            if progress:
                progress(stop)
        first, second, values = (np.concatenate(part) for part in zip(*found, strict=True))
        graph = sparse.csr_array((values, (first, second)), shape=(number, number))
        return graph.maximum(graph.T).tocsr()
