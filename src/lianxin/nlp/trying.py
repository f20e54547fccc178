"""How well categories would be suggested on a register whose categories are known.

Each text is judged as the site would judge it: the categories of the others that count as decided are known, all other
texts are there to be read but not their categories. Only categories that the register uses can be chosen.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt

from lianxin.nlp.categories import Path, Tree, Views, grams
from lianxin.nlp.classifier import Decided
from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.measuring import macro_f1

FOLDS = 5
DRAWS = 5
"""Few examples are drawn so often, and the scores averaged."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Macro-F1: by the names alone, after so many examples a category, and cross-validated (stratified, 5-fold).

    None where a category has too few texts for it.
    """

    zero_shot: float
    shots_5: float | None
    shots_10: float | None
    shots_20: float | None
    cross_validated: float | None

    def rounded(self) -> dict[str, float | None]:
        """For people and for JSON: four digits."""
        return {name: None if value is None else round(value, 4) for name, value in asdict(self).items()}


def leaves_of(labels: Sequence[str], paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """The leaves of the tree that lie under one of the labels, with that label; a label without leaves is its own."""
    wanted = dict.fromkeys(labels)
    found = [(label, path) for path in paths if (label := next((level for level in path if level in wanted), None))]
    covered = {label for label, _path in found}
    return found + [(label, (label,)) for label in wanted if label not in covered]


class Trial:
    """A register with known categories, and the tree to choose from."""

    def __init__(self, texts: Sequence[str], views: Views, labels: Sequence[str], tree: Tree) -> None:
        """`views`: of the texts, centred."""
        self._texts, self._views, self._labels, self._tree = texts, views, np.array(labels), tree

    def scores(self) -> Scores:
        """All of them; the same at every run."""
        everything = np.arange(len(self._labels))
        return Scores(
            macro_f1(self._labels.tolist(), self._told(everything[:0], everything)),
            self._after(5),
            self._after(10),
            self._after(20),
            self._cross_validated(),
        )

    def _after(self, shots: int) -> float | None:
        counts = np.unique(self._labels, return_counts=True)[1]
        if counts.min() <= shots:
            return None
        scores = []
        for draw in range(DRAWS):
            order = np.random.default_rng(draw).permutation(len(self._labels))
            seen = np.concatenate([order[self._labels[order] == name][:shots] for name in np.unique(self._labels)])
            rest = np.setdiff1d(order, seen)
            scores.append(macro_f1(self._labels[rest].tolist(), self._told(seen, rest)))
        return fmean(scores)

    def _cross_validated(self) -> float | None:
        counts = np.unique(self._labels, return_counts=True)[1]
        if counts.min() < FOLDS:
            return None
        order = np.random.default_rng(0).permutation(len(self._labels))
        fold = np.empty(len(order), dtype=int)
        for name in np.unique(self._labels):
            chosen = order[self._labels[order] == name]
            fold[chosen] = np.arange(len(chosen)) % FOLDS
        given = np.empty(len(order), dtype=object)
        for turn in range(FOLDS):
            given[fold == turn] = self._told(np.flatnonzero(fold != turn), np.flatnonzero(fold == turn))
        return macro_f1(self._labels.tolist(), given.tolist())

    def _told(self, seen: npt.NDArray[np.int64], asked: npt.NDArray[np.int64]) -> list[str]:
        """The categories of the texts `asked`, of which those of the texts `seen` are known."""
        both = np.concatenate([asked, seen])
        labels = [None] * len(asked) + self._labels[seen].tolist()
        decided = Decided(self._tree, [self._texts[n] for n in both], self._views[:, both], labels)
        chances = decided.predict_proba([self._texts[n] for n in asked], self._views[:, asked])
        chances[decided.unlabelled] = decided.guessed
        told: list[str] = np.array(self._tree.categories)[chances.argmax(axis=1)].tolist()
        return told


def by_letters(texts: Sequence[str], leaves: Sequence[str]) -> tuple[Vectors, Vectors]:
    """Vectors of texts and of names of leaves without the sentence model: of the letters that the names have."""
    rows, column = grams(leaves)
    return grams(texts, column)[0].toarray(), rows.toarray()
