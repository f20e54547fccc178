"""What texts say of each other's categories, beside what the categories' names say of them.

A kernel ridge learns from decided texts what the names get wrong. Texts that nobody has decided are read along: each is
given, for the time being, the category that the names and the other texts point to, the more weight the surer that is;
the fewer decisions there are, the more such texts count. Where nothing was decided at all and the categories are few,
they still show how people here put what the names say in other words.

Learning never hurts: what is learnt from decisions is mixed with what would be said without any, in the shares that
tell the decided texts best, each of them held out.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lianxin.nlp.categories import Tree, Views, grams, shares, softmax
from lianxin.nlp.embeddings import Vectors

if TYPE_CHECKING:
    from scipy import sparse

REGULARIZATION = 0.2
"""How much the ridge holds back: less follows single decisions, more follows the many."""
GRAM_SHARE = 0.5
"""How much the letters count beside the meaning when texts are compared."""
NAMES = 0.5
"""How much the names count."""
UNDECIDED = 0.5
"""How much a text counts that nobody has decided, as long as nothing was decided; a decided one counts 1."""
DECIDED_ENOUGH = 10
"""Decisions for each category that halve that."""
FIRST_SURE, SURE = 0.3, 0.08
"""How far behind the best a category counts a third: at first, by the names (in spreads); then in shares."""
ROUNDS = 4
"""How often the undecided texts are given categories anew. More rounds let errors feed on each other."""
LEAST_WEIGHT = 1e-3
SETTLING = 20
"""As many texts' weight holds back how near texts usually are to each category."""
FEW_CATEGORIES = 20
"""With more categories than that, how near texts usually are does not count, and no undecided text is read along: with
50 categories both led astray."""
SHARES = tuple(number / 10 for number in range(11))
"""How much the decisions may count beside what would be said without them."""
SHARPNESS = (0.04, 0.08, 0.16, 0.32)
"""How far behind the best a category counts a third, when it is asked how well decided texts are told."""
MAX_TEXTS = 2000
"""Texts to learn from at most, decided ones first, the latest first: the cost grows with their cube (seconds here)."""


class Decided:
    """Texts that people gave categories, and unlabelled ones that are learnt from as well."""

    def __init__(self, tree: Tree, texts: Sequence[str], views: Views, labels: Sequence[str | None]) -> None:
        """Learn from texts, their views (centred) and the categories they were given, None for undecided; latest last.

        Texts with a category that the tree does not have are left out.
        """
        place = {name: number for number, name in enumerate(tree.categories)}
        decided = [n for n, label in enumerate(labels) if label in place][-MAX_TEXTS:]
        few = len(tree.categories) <= FEW_CATEGORIES
        undecided = [n for n, label in enumerate(labels) if label is None and few]
        others = undecided[max(0, len(undecided) - MAX_TEXTS + len(decided)) :]
        self._tree, self._decided = tree, len(decided)
        self.labels = [label for n in decided if (label := labels[n])]
        self.unlabelled = others
        """Places of the undecided texts that were read, among those given."""
        chosen = decided + others
        self._views = views[:, chosen]
        self._grams, self._column = grams([texts[n] for n in chosen])
        near = tree.nearness(self._views)
        self._usual = few * near.sum(axis=0) / (len(chosen) + SETTLING)
        self._spread = float((near - self._usual).std(axis=1).mean()) if chosen else None
        self._learn(near - self._usual, [place[label] for label in self.labels], few=few)

    def predict_proba(self, texts: Sequence[str], views: Views) -> Vectors:
        """What the names say of each text and category, corrected; the highest is the suggestion."""
        similarity = self._similarity(views, grams(texts, self._column)[0])
        corrected: Vectors = (
            NAMES * shares(self._tree.nearness(views) - self._usual, self._spread) + similarity @ self._pull
        )
        return corrected

    def similarity(self, texts: Sequence[str], views: Views) -> Vectors:
        """How like each text is to each decided one."""
        return self._similarity(views, grams(texts, self._column)[0])[:, : self._decided]

    def _learn(self, near: Vectors, given: list[int], *, few: bool) -> None:
        """Learn with the decisions and without, and mix the two."""
        similarity = self._similarity(self._views, self._grams)
        learnt, told = self._fit(near, similarity, given)
        without, told_without = (
            self._fit(near, similarity, []) if few else (np.zeros_like(learnt), NAMES * shares(near, self._spread))
        )
        first = self._decided
        self.share = best_share(told[:first], told_without[:first], given)
        """How much what was learnt from decisions counts."""
        self._pull: Vectors = self.share * learnt + (1 - self.share) * without
        self.guessed = (self.share * told + (1 - self.share) * told_without)[first:]
        """Of the texts that were read along: what the names and all other texts say of each."""

    def _fit(self, near: Vectors, similarity: Vectors, given: list[int]) -> tuple[Vectors, Vectors]:
        """The ridge for texts of which the first have the categories `given`; what it says of each from all others."""
        wide, first = near.shape[1], len(given)
        names = shares(near, self._spread)
        wanted = shares(near, (self._spread or 1) * FIRST_SURE)
        wanted[:first] = np.eye(wide)[given]
        fewness = DECIDED_ENOUGH / (DECIDED_ENOUGH + first / max(wide, 1))
        weight = np.ones(len(wanted))
        for _round in range(ROUNDS if len(wanted) > first else 1):
            weight[first:] = UNDECIDED * fewness * wanted[first:].max(axis=1) ** 2
            held = np.linalg.inv(similarity + np.diag(REGULARIZATION / weight.clip(LEAST_WEIGHT))).astype(np.float32)
            pull: Vectors = held @ (wanted - NAMES * names)
            without_itself: Vectors = wanted - pull / np.diag(held)[:, np.newaxis]
            wanted[first:] = softmax(without_itself[first:] / SURE)
        return pull, without_itself

    def _similarity(self, views: Views, rows: "sparse.csr_array") -> Vectors:
        by_letters: Vectors = (rows @ self._grams.T).toarray()
        by_meaning = np.einsum("vid,vjd->ij", views, self._views, optimize=True) / max(len(views), 1)
        return GRAM_SHARE * by_letters + (1 - GRAM_SHARE) * by_meaning


def best_share(learnt: Vectors, without: Vectors, given: Sequence[int]) -> float:
    """The share of `learnt` with which decided texts are told best, by the likelihood of their category.

    Both say of each text what all others say. Each category counts the same, however many texts it has.
    """
    if not given:
        return 0.0
    own = np.array(given)
    weight = 1 / np.bincount(own)[own]

    def likelihood(share: float) -> float:
        mixed: Vectors = (share * learnt + (1 - share) * without).astype(np.float32)
        rows = np.arange(len(own))
        shares = (softmax((mixed / sharp).astype(np.float32)) for sharp in SHARPNESS)
        told = (np.log(one[rows, own].clip(1e-9)) @ weight for one in shares)
        return float(max(told))

    return max(SHARES, key=likelihood)
