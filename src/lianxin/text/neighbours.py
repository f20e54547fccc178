"""Who is near whom, without ever holding all pairs."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from scipy import sparse

from lianxin.text.embeddings import Vectors

BLOCK = 512
"""Rows compared with all others at once: 100,000 messages take 200 MB."""


def likeness(
    tokens: sparse.csr_array, meaning: Vectors | None, share: float, rows: slice, transposed: sparse.csr_array
) -> Vectors:
    """How like the rows are to all texts: `share` by words, the rest by meaning."""
    near: Vectors = (tokens[rows] @ transposed).toarray()
    if meaning is not None:
        near *= share
        near += (1 - share) * (meaning[rows] @ meaning.T)
    return near


def near_pairs(
    tokens: sparse.csr_array,
    meaning: Vectors | None,
    *,
    share: float,
    floor: float,
    most: int,
    progress: Callable[[int], object] | None = None,
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Vectors]]:
    """Pairs whose likeness is at least `floor`, seen from the first: of each text at most the `most` nearest."""
    number = tokens.shape[0]
    transposed = sparse.csr_array(tokens.T)
    for start in range(0, number, BLOCK):
        stop = min(start + BLOCK, number)
        near = likeness(tokens, meaning, share, slice(start, stop), transposed)
        near[np.arange(stop - start), np.arange(start, stop)] = -1
        if number > most:
            bound = np.partition(near, -most, axis=1)[:, -most]
            chosen = near >= np.maximum(bound, floor)[:, None]
        else:
            chosen = near >= floor
        first, second = np.nonzero(chosen)
        yield first + start, second, near[first, second]
        if progress:
            progress(stop)
