"""Where a new message belongs among the matters already known, within milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from lianxin.text import grouping
from lianxin.text.embeddings import Vectors
from lianxin.text.grouping import Anchors
from lianxin.text.vectors import Lexicon, Message, Words, all_words, centre_of, centred, marks_of, words_of


@dataclass(frozen=True, slots=True)
class Bounds:
    """Average likeness to a matter's messages from which a new one is taken.

    Attributes:
        sure: assigned.
        marked: assigned if it bears the matter's anchor.
        near: suggested.
    """

    sure: float
    marked: float
    near: float


WITH_MEANING = Bounds(sure=0.39, marked=0.2, near=0.16)
WORDS_ONLY = Bounds(sure=0.44, marked=0.22, near=0.14)
WEAK_ANCHOR = 0.5
"""An anchor that coincides with its matter less than this proves nothing."""


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
    likeness: float
    anchor: str


class Matters:
    """The known matters, ready to be asked. Built from all messages, so that it knows which words are rare."""

    def __init__(self, messages: Sequence[Message], vectors: Vectors | None, matters: Sequence[Sequence[int]]) -> None:
        """`matters`: of each matter the places of its messages in `messages`, as `grouping.group` gives them."""
        self._recipe = grouping.WORDS_ONLY if vectors is None else grouping.WITH_MEANING
        cut = [words_of(message, self._recipe.read) for message in messages]
        anchors = Anchors(cut)
        self._anchors = [anchors.best(members) for members in matters]
        self._lexicon = Lexicon.of(all_words(text) for text in cut)
        rows = [member for members in matters for member in members]
        self._owner = np.repeat(np.arange(len(matters)), [len(members) for members in matters])
        self._sizes = np.bincount(self._owner, minlength=len(matters))
        self._tokens = self._lexicon.weigh([cut[row] for row in rows])
        self._centre = None if vectors is None else centre_of(vectors)
        self._meaning = None if vectors is None or self._centre is None else centred(vectors[rows], self._centre)
        self._bounds = WORDS_ONLY if vectors is None else WITH_MEANING

    def _cut(self, message: Message) -> Words:
        return words_of(message, self._recipe.read)

    def likeness(self, message: Message, vector: Vectors | None) -> Vectors:
        """How like the message is to each of the matters' messages, in their order."""
        words = self._lexicon.weigh([self._cut(message)])
        near: Vectors = self._tokens @ words.toarray()[0]
        if self._meaning is not None and self._centre is not None and vector is not None:
            meaning = self._meaning @ centred(vector.reshape(1, -1), self._centre)[0]
            near = self._recipe.share * near + (1 - self._recipe.share) * meaning
        return near

    def assign(self, message: Message, vector: Vectors | None = None) -> Assignment:
        """The matter that a message belongs to, if any: assigned, or only suggested to a person."""
        if not len(self._sizes):
            return Assignment(Outcome.ALONE, -1, 0.0, "")
        sums = np.bincount(self._owner, weights=self.likeness(message, vector), minlength=len(self._sizes))
        return self._judge((sums / self._sizes).astype(np.float32), marks_of(self._cut(message)))

    def _judge(self, average: Vectors, marks: set[str]) -> Assignment:
        """What follows from the average likeness to each matter and the message's own marks."""
        best = int(np.argmax(average))
        like = float(average[best])
        anchor, strength = self._anchors[best]
        marked = anchor in marks and strength >= WEAK_ANCHOR
        bounds = self._bounds
        if like >= bounds.sure or (marked and like >= bounds.marked):
            outcome = Outcome.ASSIGNED
        elif like >= bounds.near:
            outcome = Outcome.SUGGESTED
        else:
            return Assignment(Outcome.ALONE, -1, like, "")
        return Assignment(outcome, best, like, anchor if marked else "")
