"""Where a new message belongs among the matters already known, within milliseconds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import numpy as np

from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.entities import Names
from lianxin.nlp.grouping import Texts
from lianxin.nlp.tokenization import Message
from lianxin.nlp.vectors import centred


@dataclass(frozen=True, slots=True)
class Bounds:
    """Average similarity to a matter's messages, with evidence, from which a new one is taken or suggested."""

    sure: float
    near: float


WITH_MEANING = Bounds(sure=0.53, near=0.4)
WORDS_ONLY = Bounds(sure=0.5, near=0.32)
LOOKED_AT = 5
"""Of the matters nearest by similarity, so many are looked at for evidence."""
AHEAD = 0.02
"""Between two matters nearer to each other than this, a person decides."""
WEAK_ANCHOR = 0.5
"""An anchor that coincides with its matter less than this is no reason to give."""


class Outcome(StrEnum):
    """What becomes of a new message."""

    ASSIGNED = "assigned"
    SUGGESTED = "suggested"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Assignment:
    """A matter's place in the list that the index was made of (-1: none), and why."""

    outcome: Outcome
    matter: int
    similarity: float
    anchor: str


class Matters:
    """The known matters, ready to be asked. Built from all messages, so that it knows which words are rare."""

    def __init__(
        self,
        messages: Sequence[Message],
        vectors: Vectors | None,
        matters: Sequence[Sequence[int]],
        *,
        names: Names | None = None,
    ) -> None:
        """`matters`: of each matter the places of its messages in `messages`, as `grouping.group` gives them."""
        from scipy import sparse  # noqa: PLC0415 - only what computes pays for it

        self._texts = texts = Texts(messages, vectors, names=names)
        self._bounds = WORDS_ONLY if vectors is None else WITH_MEANING
        self._borne = [texts.marks.borne_by(members) for members in matters]
        self._told = [Counter(texts.told[member] for member in members if texts.told[member]) for members in matters]
        owner = np.repeat(np.arange(len(matters)), [len(members) for members in matters])
        rows = np.array([member for members in matters for member in members], dtype=np.int64)
        share = np.array([1 / len(members) for members in matters for _member in members], dtype=np.float32)
        average = sparse.csr_array((share, (owner, rows)), shape=(len(matters), len(messages)))
        self._words = average @ texts.tokens
        self._meaning = None if texts.meaning is None else average @ texts.meaning

    def similarity(self, message: Message, vector: Vectors | None) -> Vectors:
        """How like the message is to each matter's messages on average."""
        texts = self._texts
        words = texts.lexicon.weigh([texts.words(message)])
        near: Vectors = self._words @ words.toarray()[0]
        if self._meaning is not None and texts.centre is not None and vector is not None:
            meaning = self._meaning @ centred(vector.reshape(1, -1), texts.centre)[0]
            near = texts.recipe.share * near + (1 - texts.recipe.share) * meaning
        return near

    def assign(self, message: Message, vector: Vectors | None = None) -> Assignment:
        """The matter that a message belongs to, if any: assigned, or only suggested to a person."""
        if not self._borne:
            return Assignment(Outcome.ALONE, -1, 0.0, "")
        texts = self._texts
        near = self.similarity(message, vector)
        own = texts.marks.of(texts.words(message))
        nearest = list(islice(self._open_to(message, near), LOOKED_AT))
        if not nearest:
            return Assignment(Outcome.ALONE, -1, 0.0, "")
        proved = {matter: float(near[matter]) + texts.evidence(self._borne[matter], own) for matter in nearest}
        best, *others = sorted(nearest, key=lambda matter: -proved[matter])
        if proved[best] < self._bounds.near:
            return Assignment(Outcome.ALONE, -1, proved[best], "")
        anchor, strength = texts.marks.anchor(self._borne[best])
        shown = anchor if strength >= WEAK_ANCHOR and texts.marks.bears(own, anchor) else ""
        clear = proved[best] >= max([self._bounds.sure, *(proved[other] + AHEAD for other in others)])
        outcome = Outcome.ASSIGNED if clear else Outcome.SUGGESTED
        return Assignment(outcome, best, proved[best], shown)

    def _open_to(self, message: Message, near: Vectors) -> Iterator[int]:
        """The matters, the nearest first, but for those that are about other things than the message names."""
        told = self._texts.names.told(message)
        about = Counter({told: 1} if told else {})
        for matter in np.argsort(-near).tolist():
            if not self._texts.names.elsewhere(about, self._told[matter]):
                yield matter
