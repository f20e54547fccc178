"""Which category a text belongs to: by the meaning of the categories' names, corrected by what people decided before.

A category's name is known by its leaves, written without the first level ("住房保障与房地产 物业服务"). How near a
category is to a text is the soft maximum over its leaves: many near leaves say more than one. Decided texts then teach
a kernel ridge what the names get wrong; where there are none, the names stand alone.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import sparse

from lianxin.text.embeddings import Vectors
from lianxin.text.normalising import plain
from lianxin.text.vectors import centred

Path = tuple[str, ...]

SOFTNESS = 0.05
"""How far a leaf may be behind the nearest one and still count."""
STIFFNESS = 1.0
"""How much the ridge holds back: less follows single decisions, more follows the names."""
GRAM_SHARE = 0.5
"""How much the letters count beside the meaning when a text is compared with decided ones."""
SHARPNESS = 0.5
"""How much what stands out of a text's nearness to the categories counts before anything was decided."""
SUGGESTED = 3
REMEMBERED = 3000
"""Decisions to learn from at most, the latest: the cost grows with their square."""


def leaf_text(path: Path) -> str:
    """What of a leaf is given to the model."""
    return " ".join(path[1:] or path)


@dataclass(frozen=True, slots=True)
class Tree:
    """Categories to choose from, with the vectors of their leaves."""

    categories: tuple[str, ...]
    owner: tuple[int, ...]
    leaves: tuple[Path, ...]
    vectors: Vectors

    @classmethod
    def of(cls, leaves: Sequence[tuple[str, Path]], vectors: Vectors) -> "Tree":
        """A tree of (category, path of a leaf), with the vector of each leaf's text, as the model made it."""
        categories = tuple(dict.fromkeys(category for category, _path in leaves))
        place = {category: number for number, category in enumerate(categories)}
        return cls(
            categories,
            tuple(place[category] for category, _path in leaves),
            tuple(path for _category, path in leaves),
            centred(vectors, vectors.mean(axis=0)) if len(leaves) > 1 else vectors,
        )

    def nearness(self, texts: Vectors) -> Vectors:
        """How near each text (centred) is to each category."""
        near = np.exp((texts @ self.vectors.T) / SOFTNESS)
        member = np.zeros((len(self.leaves), len(self.categories)), dtype=np.float32)
        member[np.arange(len(self.leaves)), list(self.owner)] = 1
        return SOFTNESS * np.log(near @ member)

    def nearest_leaf(self, text: Vectors, category: int) -> Path:
        """The category's leaf that is nearest to one text."""
        near = text @ self.vectors.T
        return self.leaves[max((n for n, owner in enumerate(self.owner) if owner == category), key=lambda n: near[n])]


def grams(texts: Sequence[str], column: dict[str, int] | None = None) -> tuple[sparse.csr_array, dict[str, int]]:
    """Unit rows of the texts' runs of two and three letters; with `column`, only of those known."""
    learning = column is None
    column = {} if column is None else column
    ends, places, values = [0], [], []
    for text in texts:
        letters = plain(text).lower()
        counts = Counter(letters[at : at + n] for n in (2, 3) for at in range(len(letters) - n + 1))
        for gram, times in counts.items():
            place = column.setdefault(gram, len(column)) if learning else column.get(gram)
            if place is not None:
                places.append(place)
                values.append(sqrt(times))
        ends.append(len(places))
    rows = sparse.csr_array((values, places, ends), shape=(len(texts), len(column)), dtype=np.float32)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return sparse.csr_array(sparse.diags_array((1 / lengths).astype(np.float32)) @ rows), column


class Decided:
    """What people decided before, as a correction of what the names say."""

    def __init__(self, tree: Tree, texts: Sequence[str], vectors: Vectors, labels: Sequence[str]) -> None:
        """Learn from texts, their vectors (centred) and the categories they were given; the latest last."""
        known = [n for n, label in enumerate(labels) if label in tree.categories][-REMEMBERED:]
        self._tree = tree
        self._vectors = vectors[known]
        self.labels = [labels[n] for n in known]
        self._grams, self._column = grams([texts[n] for n in known])
        likeness = self._likeness(self._vectors, self._grams)
        wanted = np.array([[float(label == name) for name in tree.categories] for label in self.labels])
        missing = wanted.reshape(len(known), len(tree.categories)) - _chances(tree.nearness(self._vectors))
        self._pull = np.linalg.solve(likeness + STIFFNESS * np.eye(len(known)), missing)

    def likeness(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        """How like each text is to each decided one."""
        return self._likeness(vectors, grams(texts, self._column)[0])

    def chances(self, texts: Sequence[str], vectors: Vectors) -> Vectors:
        """What the names say of each text and category, corrected; the highest is the suggestion."""
        corrected: Vectors = _chances(self._tree.nearness(vectors)) + self.likeness(texts, vectors) @ self._pull
        return corrected

    def _likeness(self, vectors: Vectors, rows: sparse.csr_array) -> Vectors:
        by_letters: Vectors = (rows @ self._grams.T).toarray()
        return GRAM_SHARE * by_letters + (1 - GRAM_SHARE) * (vectors @ self._vectors.T)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category with its reasons: its leaf that is nearest, and how many of the like decided texts were given it."""

    category: str
    chance: float
    leaf: Path
    like: int
    like_of: int


LIKE = 10
"""Decided texts that a reason counts."""


def suggest(text: str, vector: Vectors, tree: Tree, decided: Decided | None = None) -> list[Suggestion]:
    """The three most fitting categories of one text (its vector centred), the most fitting first."""
    row = vector.reshape(1, -1)
    chances = _chances(tree.nearness(row))[0] if decided is None else decided.chances([text], row)[0]
    counted: Counter[str] = Counter()
    if decided is not None and decided.labels:
        nearest = np.argsort(-decided.likeness([text], row)[0])[:LIKE]
        counted.update(decided.labels[n] for n in nearest)
    return [
        Suggestion(
            tree.categories[n],
            round(float(np.clip(chances[n], 0, 1)), 3),
            tree.nearest_leaf(vector, n),
            counted[tree.categories[n]],
            counted.total(),
        )
        for n in np.argsort(-chances)[:SUGGESTED].tolist()
    ]


def _chances(nearness: Vectors) -> Vectors:
    """Nearness as shares of one: what stands out of a text's row counts."""
    spread = nearness.std(axis=1, keepdims=True)
    behind = (nearness - nearness.max(axis=1, keepdims=True)) / np.where(spread == 0, 1, spread)
    raised = np.exp(SHARPNESS * behind)
    shares: Vectors = raised / raised.sum(axis=1, keepdims=True)
    return shares
