"""Texts as vectors whose product is their likeness."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from lianxin.text.embeddings import Vectors
from lianxin.text.normalising import plain
from lianxin.text.tokens import cut, pairs

TITLE_WEIGHT = 3
MARKED_WORDS = 150
"""Words of the body that may be an anchor: who writes at length names many things in passing."""


@dataclass(frozen=True, slots=True)
class Message:
    """What someone wrote."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a message's title and of the beginning of its body."""

    title: list[str]
    body: list[str]


def words_of(message: Message, read: int) -> Words:
    """Cut a message: its title and the first `read` characters of its body."""
    return Words(cut(plain(message.title)), cut(plain(message.body)[:read]))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a body of texts, and how rare each is there."""

    column: Mapping[str, int]
    rarity: Vectors
    texts: int

    @classmethod
    def of(cls, texts: Iterable[Iterable[str]]) -> "Lexicon":
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
        rows: list[int] = [0]
        columns: list[int] = []
        values: list[float] = []
        for text in texts:
            counts = Counter(text.body)
            for word in text.title:
                counts[word] += TITLE_WEIGHT
            known = [(self.column[word], times) for word, times in counts.items() if word in self.column]
            columns.extend(place for place, _times in known)
            values.extend(times for _place, times in known)
            rows.append(len(columns))
        places = np.asarray(columns, dtype=np.int32)
        weights = (1 + np.log(np.asarray(values, dtype=np.float32))) * self.rarity[places]
        matrix = sparse.csr_array((weights, places, np.asarray(rows)), shape=(len(texts), len(self.column)))
        return _unit_rows(matrix)


def all_words(text: Words) -> Iterable[str]:
    """Title and body, once."""
    return chain(text.title, text.body)


def marks_of(text: Words) -> set[str]:
    """What may tell a matter from others: the words, and neighbouring words as one (names the dictionary lacks)."""
    body = text.body[:MARKED_WORDS]
    return {*text.title, *body, *pairs(text.title), *pairs(body)}


def _unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
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
