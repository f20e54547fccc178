"""Which of many messages are about the same concrete matter.

Two messages are alike by their words and by their meaning. Groups grow by average similarity, and two join only if they
are alike and share what others have not: an anchor for the whole, and several bonds between the two. Without that rule
themes ("unpaid wages") would pass for matters, and different matters of one place for one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

import numpy as np

from lianxin.nlp.clustering import Linkage
from lianxin.nlp.entities import Names
from lianxin.nlp.keyphrases import ENOUGH, KeyphraseIndex, PhraseCounts
from lianxin.nlp.nearest_neighbors import Space
from lianxin.nlp.tokenization import Message, Words, all_words, words_of
from lianxin.nlp.vectors import Lexicon, centre_of, centred, unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scipy import sparse

    from lianxin.nlp.embeddings import Vectors


@dataclass(frozen=True, slots=True)
class Recipe:
    """What counts as one matter; fitted on labelled messages (docs/developer/meaning.md).

    Attributes:
        read: characters of the body whose words count.
        share: how much words count beside meaning.
        least: similarity with evidence that makes two groups one.
        firm: less firm than this, a group is a theme or a way of writing: for a person to look at, no hot issue.
        lowest: less like than this on average, nothing is a group.
        floor: less like than this, two messages are as good as unlike.
        absent: how like those are on average.
        neighbours: of each message at most so many are looked at.
    """

    read: int
    share: float
    least: float
    firm: float
    lowest: float
    floor: float
    absent: float
    neighbours: int = 60


WITH_MEANING = Recipe(read=1000, share=0.4, least=0.48, firm=0.7, lowest=0.16, floor=0.12, absent=0.08)
WORDS_ONLY = Recipe(read=300, share=1.0, least=0.4, firm=0.65, lowest=0.1, floor=0.05, absent=0.03)

EVIDENCE = 0.1
"""How much anchor and bonds count beside similarity."""
ENOUGH_TEXTS = 1000
"""Among fewer messages it cannot well be told what is rare, and evidence counts less."""
ANCHORED = 0.75
"""A weaker anchor makes no group firm."""
COPY = 0.7
"""Words as like as this are copied: two copies are no two witnesses."""
SAMPLE = 200
"""So many members of a large group say how firm it is."""
THEME = (0.003, 0.15)
"""Words that between these shares of all messages have tell what a message complains of."""


class Texts:
    """Many messages, read once."""

    def __init__(
        self,
        messages: Sequence[Message],
        vectors: Vectors | None = None,
        *,
        names: Names | None = None,
        recipe: Recipe | None = None,
    ) -> None:
        """`vectors`: their embeddings as stored, one a row; without them, only words count. `names`: known names."""
        self.recipe = recipe or (WORDS_ONLY if vectors is None else WITH_MEANING)
        self.names = names or Names([])
        self.told = [self.names.told(message) for message in messages]
        cut = [self.words(message) for message in messages]
        self.lexicon = Lexicon.of(all_words(text) for text in cut)
        self.tokens = self.lexicon.weigh(cut)
        self.marks = KeyphraseIndex(cut, self.names)
        self.centre = None if vectors is None else centre_of(vectors)
        self.meaning = None if vectors is None or self.centre is None else centred(vectors, self.centre)
        self._weight = EVIDENCE * min(1.0, log(max(1, len(messages))) / log(ENOUGH_TEXTS))

    def words(self, message: Message) -> Words:
        """The words of a message, as they are compared."""
        return words_of(message, self.recipe.read, self.names.cut)

    def groups(self, progress: Callable[[int], object] | None = None) -> list[list[int]]:
        """The groups of two and more, as places of their messages, the largest first. Who stands alone is in none.

        `progress` is told how many messages were compared.
        """
        recipe = self.recipe
        if self.tokens.shape[0] < 2:  # noqa: PLR2004 - a pair
            return []
        space = Space.of(self.tokens, self.meaning, recipe.share)
        near = space.near(floor=recipe.floor, most=recipe.neighbours, progress=progress)
        del space
        linkage = Linkage(near, lowest=recipe.lowest, absent=recipe.absent)
        found = linkage.groups(self._one_matter, self._elsewhere if any(self.told) else None)
        return sorted(found, key=lambda members: (-len(members), members))

    def _elsewhere(self, first: list[int], second: list[int]) -> bool:
        here, there = (Counter(filter(None, map(self.told.__getitem__, part))) for part in (first, second))
        return self.names.elsewhere(here, there)

    def _one_matter(self, first: list[int], second: list[int], similarity: float) -> bool:
        least = self.recipe.least
        if similarity >= least or similarity + self._weight * (1 + ENOUGH) < least:
            return similarity >= least
        return similarity + self.evidence(self.marks.borne_by(first), self.marks.borne_by(second)) >= least

    def evidence(self, first: PhraseCounts, second: PhraseCounts) -> float:
        """What two groups share and others have not, as so much more similarity."""
        return self._weight * (self.marks.strength(first + second) + self.marks.bonds(first, second))

    def is_firm(self, members: Sequence[int]) -> bool:
        """Whether a group is one matter beyond doubt: well anchored, and of one mind where nobody copied.

        Its firmness is the anchor times (similarity + similarity in the words for what is complained of), on average
        over pairs that are no copies.
        """
        anchor = self.marks.strength(self.marks.borne_by(members))
        chosen = list(members[:SAMPLE])
        words = self._product(self.tokens, chosen)
        alike = words * self.recipe.share
        if self.meaning is not None:
            alike += (1 - self.recipe.share) * (self.meaning[chosen] @ self.meaning[chosen].T)
        told = alike + self._product(self._themes, chosen)
        first, second = np.triu_indices(len(chosen), 1)
        pairs = told[first, second][words[first, second] < COPY]
        firmness = anchor * (float(pairs.mean()) if len(pairs) else 1.0)
        return anchor >= ANCHORED and firmness >= self.recipe.firm

    def _product(self, rows: sparse.csr_array, chosen: list[int]) -> Vectors:
        product: Vectors = (rows[chosen] @ rows[chosen].T).toarray()
        return product

    @cached_property
    def _themes(self) -> sparse.csr_array:
        held = np.bincount(self.tokens.indices, minlength=self.tokens.shape[1])
        least, most = (share * self.tokens.shape[0] for share in THEME)
        return unit_rows(self.tokens[:, np.flatnonzero((held > least) & (held < most))])


def group(
    messages: Sequence[Message],
    vectors: Vectors | None = None,
    *,
    names: Names | None = None,
    recipe: Recipe | None = None,
    progress: Callable[[int], object] | None = None,
) -> list[list[int]]:
    """The groups of messages, as `Texts.groups` gives them."""
    return Texts(messages, vectors, names=names, recipe=recipe).groups(progress)
