"""What tells a matter from others: rare words, and neighbouring words as one (names that the dictionary does not know).

No list of places and no form of code is built in: a name shows by being shared by few.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from lianxin.nlp.tokenization import Words

Numbers = npt.NDArray[np.int64]

READ = 150
"""Words of the body that may be marks: who writes at length names many things in passing."""
COMMON = 0.03
"""What more than this share of all messages have marks nothing."""
FEW = 10
"""What no more than so many have may always be a mark: among few messages, all is common."""
FAINT = 0.1
"""What binds two groups less than this is chance."""
ENOUGH = 3.0
"""More bonds than this prove no more."""
_ROW, _WORD = 20, 21
"""A mark of a text is one number: so many bits for the text, so many for each word."""


@dataclass(frozen=True, slots=True)
class PhraseCounts:
    """The marks that messages of a group bear, how many bear each, and how many messages there are."""

    marks: Numbers
    counts: Numbers
    size: int

    def __add__(self, other: "PhraseCounts") -> "PhraseCounts":
        """Of two groups together."""
        marks, place = np.unique(np.concatenate([self.marks, other.marks]), return_inverse=True)
        counts = np.bincount(place, weights=np.concatenate([self.counts, other.counts]), minlength=len(marks))
        return PhraseCounts(marks, counts.astype(np.int64), self.size + other.size)


class KeyphraseIndex:
    """The marks of many messages."""

    def __init__(self, texts: Sequence[Words], names: Container[str] = ()) -> None:
        """`names`: the words that are known names.

        Raises ValueError for more than a million messages, or two million different words.
        """
        self._names = names
        self._number: dict[str, int] = {}
        parts = [part for text in texts for part in (text.title, text.body[:READ])]
        for word in chain.from_iterable(parts):
            self._number.setdefault(word, len(self._number))
        self._words = list(self._number)
        if len(texts) >> _ROW or len(self._words) + 1 >> _WORD:
            raise ValueError("too many messages to be compared at once")
        borne = self._borne(parts)
        first = np.flatnonzero(np.diff(borne >> _ROW, prepend=-1))
        held = np.diff(first, append=len(borne))
        telling = (held > 1) & (held <= max(COMMON * len(texts), FEW))
        self._known, self._held = borne[first[telling]] >> _ROW, held[telling]
        row = borne[np.repeat(telling, held)] & ((1 << _ROW) - 1)
        order = np.argsort(row, kind="stable")
        self._marks = np.repeat(np.arange(len(self._held)), self._held)[order]
        self._ends = np.searchsorted(row[order], np.arange(len(texts) + 1))

    def _borne(self, parts: Sequence[Sequence[str]]) -> Numbers:
        """Of titles and bodies in turn: each mark of each text once, in order, as one number of mark and text."""
        words = np.fromiter((self._number.get(word, -1) for part in parts for word in part), dtype=np.int64)
        part = np.repeat(np.arange(len(parts)), [len(each) for each in parts])
        beside = np.flatnonzero((part[1:] == part[:-1]) & (words[1:] >= 0) & (words[:-1] >= 0))
        pairs = ((words[beside] + 1) << _WORD) + words[beside + 1]
        known = np.flatnonzero(words >= 0)
        borne = np.concatenate([(words[known] << _ROW) + part[known] // 2, (pairs << _ROW) + part[beside] // 2])
        borne.sort()
        return borne[np.diff(borne, prepend=-1) > 0]

    def of(self, text: Words) -> PhraseCounts:
        """The marks of a text that may be a new one."""
        own = self._borne((text.title, text.body[:READ])) >> _ROW
        marks = np.flatnonzero(np.isin(self._known, own, assume_unique=True))
        return PhraseCounts(marks, np.ones(len(marks), dtype=np.int64), 1)

    def borne_by(self, members: Sequence[int]) -> PhraseCounts:
        """The marks of a group, given by the places of its messages."""
        marks = [self._marks[self._ends[member] : self._ends[member + 1]] for member in members]
        return PhraseCounts(*np.unique(np.concatenate(marks), return_counts=True), len(members))

    def name(self, mark: int) -> str:
        """A mark as it is written."""
        first, second = divmod(int(self._known[mark]), 1 << _WORD)
        return self._words[second] if first == 0 else self._words[first - 1] + self._words[second]

    def bears(self, group: PhraseCounts, name: str) -> bool:
        """Whether a group has a mark of that name."""
        return any(self.name(mark) == name for mark in group.marks)

    def strength(self, group: PhraseCounts) -> float:
        """How well a group's best mark coincides with it, from 0 to 1: the harmonic mean of the share of the group that
        has it and the share of those who have it that are in the group.
        """
        return float(self._agreement(group).max(initial=0.0))

    def anchor(self, group: PhraseCounts) -> tuple[str, float]:
        """That mark by its name, and its strength; empty where there is none.

        Of several a known name counts first, then the longest.
        """
        agreement = self._agreement(group)
        best = agreement.max(initial=0.0)
        names = [self.name(mark) for mark in group.marks[agreement == best]] if best else [""]
        return max(names, key=lambda name: (name in self._names, len(name), name)), float(best)

    def _agreement(self, group: PhraseCounts) -> npt.NDArray[np.float64]:
        """How well each mark coincides with the group; what one message alone has does not."""
        inside = np.maximum(self._held[group.marks], group.counts)
        return np.where(group.counts > 1, 2 * group.counts / (group.size + inside), 0.0)

    def bonds(self, first: PhraseCounts, second: PhraseCounts) -> float:
        """How much two groups share that others have not, from 0 to `ENOUGH`.

        Each shared mark counts by the smaller of the shares of the two groups that have it, times the share of all who
        have it that are in the two. Marks that have a character in common are one: a name counts once, however long.
        """
        marks, here, there = np.intersect1d(first.marks, second.marks, assume_unique=True, return_indices=True)
        one, other = first.counts[here], second.counts[there]
        inside = (one + other) / np.maximum(self._held[marks], one + other)
        strength = np.minimum(one / first.size, other / second.size) * inside
        strong = strength >= FAINT
        named = [
            (-value, -len(name), name)
            for value, name in zip(strength[strong].tolist(), map(self.name, marks[strong]), strict=True)
        ]
        total, seen = 0.0, set[str]()
        for negative, _length, name in sorted(named):
            if seen.isdisjoint(name):
                seen.update(name)
                total -= negative
        return min(total, ENOUGH)
