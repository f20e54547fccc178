"""Which category a text belongs to: by the meaning of the categories' names, corrected by what people decided before.

A category is known by its leaves, each under two names: without the first level ("住房保障与房地产 物业服务"), and by
its last level alone where no other leaf has that. How near a category is to a text is the soft maximum over its leaves:
many near leaves say more than one. `learning` adds what texts say of each other.

A text may be given by several vectors (its title, its body): `Views`, one block of rows for each.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Protocol

import numpy as np

from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.normalization import plain
from lianxin.nlp.vectors import centred

if TYPE_CHECKING:
    from scipy import sparse

Path = tuple[str, ...]
Views = Vectors
"""Texts as the model saw them, all centred: views × texts × dimensions."""

SOFTNESS = 0.05
"""How far a leaf may be behind the nearest one and still count."""
SUGGESTED = 3


def leaf_texts(paths: Sequence[Path]) -> list[str]:
    """What of the leaves is given to the model: first the one name of each, then the other."""
    last = Counter(path[-1] for path in paths)
    return [" ".join(path[1:] or path) for path in paths] + [
        path[-1] if last[path[-1]] == 1 else "".join(path[-2:]) for path in paths
    ]


@dataclass(frozen=True, slots=True)
class Tree:
    """Categories to choose from, with the vectors of their leaves' names."""

    categories: tuple[str, ...]
    owner: tuple[int, ...]
    leaves: tuple[Path, ...]
    names: tuple[Vectors, ...]

    @classmethod
    def of(cls, leaves: Sequence[tuple[str, Path]], vectors: Vectors) -> "Tree":
        """A tree of (category, path of a leaf), with the vectors of their `leaf_texts`, as the model made them."""
        categories = tuple(dict.fromkeys(category for category, _path in leaves))
        place = {category: number for number, category in enumerate(categories)}
        names = (vectors[: len(leaves)], vectors[len(leaves) :])
        return cls(
            categories,
            tuple(place[category] for category, _path in leaves),
            tuple(path for _category, path in leaves),
            tuple(centred(each, each.mean(axis=0)) if len(leaves) > 1 else each for each in names),
        )

    def nearness(self, views: Views) -> Vectors:
        """How near each text is to each category: the mean over the texts' views and the leaves' names."""
        member = np.zeros((len(self.leaves), len(self.categories)), dtype=np.float32)
        member[np.arange(len(self.leaves)), list(self.owner)] = 1
        near = [SOFTNESS * np.log(np.exp((view @ name.T) / SOFTNESS) @ member) for view in views for name in self.names]
        mean: Vectors = np.mean(near, axis=0)
        return mean

    def nearest_leaf(self, views: Views, category: int) -> Path:
        """The category's leaf that is nearest to one text."""
        near = sum((name @ view[0] for view in views for name in self.names), np.zeros(len(self.leaves)))
        return self.leaves[max((n for n, owner in enumerate(self.owner) if owner == category), key=lambda n: near[n])]


def shares(nearness: Vectors, spread: float | None = None) -> Vectors:
    """Nearness as shares of one for each text: what is nearer by a `spread` (the text's own, if none) counts e-fold."""
    away = nearness - nearness.mean(axis=1, keepdims=True)
    unit = away.std(axis=1, keepdims=True) if spread is None else np.full((1, 1), spread)
    return softmax(away / np.where(unit == 0, 1, unit))


def softmax(rows: Vectors) -> Vectors:
    """Rows as positive shares of one."""
    raised = np.exp(rows - rows.max(axis=1, keepdims=True))
    part: Vectors = raised / raised.sum(axis=1, keepdims=True)
    return part


def grams(texts: Sequence[str], column: dict[str, int] | None = None) -> tuple["sparse.csr_array", dict[str, int]]:
    """Unit rows of the texts' runs of two and three letters; with `column`, only of those known."""
    from scipy import sparse  # noqa: PLC0415 - only what computes pays for it

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


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category with its reasons: its leaf that is nearest, and how many of the like decided texts were given it."""

    category: str
    chance: float
    leaf: Path
    like: int
    like_of: int


class Known(Protocol):
    """What was decided before (`classifier.Decided`)."""

    labels: list[str]

    def predict_proba(self, texts: Sequence[str], views: Views) -> Vectors:
        """What speaks for each category, text by text."""

    def similarity(self, texts: Sequence[str], views: Views) -> Vectors:
        """How like each text is to each decided one."""


LIKE = 10
"""Decided texts that a reason counts."""


def suggest(text: str, vector: Vectors, tree: Tree, decided: Known | None = None) -> list[Suggestion]:
    """The three most fitting categories of one text (its vector centred), the most fitting first."""
    views = vector.reshape(1, 1, -1)
    chances = (shares(tree.nearness(views)) if decided is None else decided.predict_proba([text], views))[0]
    counted: Counter[str] = Counter()
    if decided is not None and decided.labels:
        nearest = np.argsort(-decided.similarity([text], views)[0])[:LIKE]
        counted.update(decided.labels[n] for n in nearest)
    return [
        Suggestion(
            tree.categories[n],
            round(float(np.clip(chances[n], 0, 1)), 3),
            tree.nearest_leaf(views, n),
            counted[tree.categories[n]],
            counted.total(),
        )
        for n in np.argsort(-chances)[:SUGGESTED].tolist()
    ]
