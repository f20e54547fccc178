"""Texts as vectors whose product is their similarity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from lianxin.nlp.tokenization import Words, all_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    from scipy import sparse

    from lianxin.nlp.embeddings import Vectors

TITLE_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a body of texts, and how rare each is there."""

    column: Mapping[str, int]
    rarity: Vectors
    texts: int

    @classmethod
    def of(cls, texts: Iterable[Iterable[str]]) -> Lexicon:
        """Learn from the texts' words."""
        counts: Counter[str] = Counter()
        number = 0
        for number, text in enumerate(texts, start=1):  # noqa: B007 - how many there were
            counts.update(set(text))
        column = {word: place for place, word in enumerate(counts)}
        held = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        rarity: Vectors = (np.log((number + 1) / (held + 1)) + 1).astype(np.float32)
        return cls(column, rarity, number)

    def weigh(self, texts: Sequence[Words]) -> sparse.csr_array:
        """One unit row a text: a word counts by its rarity and, damped, by its number; in a title threefold."""
        from scipy import sparse  # noqa: PLC0415 - only what computes pays for it

        words = chain.from_iterable(all_words(text) for text in texts)
        columns = np.fromiter((self.column.get(word, -1) for word in words), dtype=np.int32)
        lengths = np.array([(len(text.title), len(text.body)) for text in texts], dtype=np.int32).reshape(-1, 2)
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), lengths.sum(axis=1))
        times = np.repeat(np.tile(np.array([TITLE_WEIGHT, 1], dtype=np.float32), len(texts)), lengths.ravel())
        if (columns < 0).any():
            rows, times, columns = rows[columns >= 0], times[columns >= 0], columns[columns >= 0]
        counted = sparse.coo_array((times, (rows, columns)), shape=(len(texts), len(self.column))).tocsr()
        counted.data = (1 + np.log(counted.data)) * self.rarity[counted.indices]
        return unit_rows(counted)


def unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """The rows at length one; an empty one stays empty."""
    from scipy import sparse  # noqa: PLC0415 - only what computes pays for it

    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return sparse.csr_array(sparse.diags_array((1 / lengths).astype(np.float32)) @ matrix)


def centre_of(vectors: Vectors) -> Vectors:
    """What all the texts have in common."""
    return vectors.mean(axis=0, dtype=np.float64).astype(np.float32)


def centred(vectors: Vectors, centre: Vectors) -> Vectors:
    """Unit rows without what all texts have in common: raw cosines of this model all lie between .86 and .98."""
    moved = vectors - centre
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    lengths[lengths == 0] = 1
    unit: npt.NDArray[np.float32] = (moved / lengths).astype(np.float32)
    return unit
