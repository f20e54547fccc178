"""What an issue is called, from words that several of its cases share: one person's words alone name nothing."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lianxin.nlp.entities import Names
from lianxin.nlp.normalization import plain
from lianxin.nlp.tokenization import Message, Words, all_words, cut, words_of
from lianxin.nlp.vectors import Lexicon

KEYWORDS = 5
READ = 300
"""Characters of each body that are looked at."""
LONGEST = 10
"""Words of the longest phrase."""
SHORT = 6
"""A phrase shorter than this is completed by a further word."""
SHARE = 0.4
"""A key word is used by at least this share of the cases, and by two."""
OWN = 10
"""What a name of the enterprise's own counts among key words; any other as many as it has characters, at most 3."""
MOST_LETTERS = 40
ENOUGH = 12
"""A phrase longer than this says no more."""
LATER = 0.7
"""What a clause is worth beside the one before it: people begin with the matter."""
_BREAK = re.compile(r"[,;:!?…。、，；：！？\s]+")
"""What ends a clause: a name does not run over it."""
_HANGING = frozenset("的了在和与是就都也又还把被让给对从到比请等着很太才能会要有")
"""Words that a name neither begins nor ends with, standing alone."""


@dataclass(frozen=True)
class Naming:
    """A name and key words, the most telling first."""

    name: str
    keywords: list[str]


class Namer:
    """Names groups of messages; it knows all messages, and so which words are rare, and the enterprise's own names."""

    def __init__(self, messages: Sequence[Message], names: Names | None = None) -> None:
        self._names = names or Names([])
        self._written = [plain(message.title) for message in messages]
        self._titles = [list(self._clauses(title)) for title in self._written]
        self._words = [words_of(message, READ, self._names.cut) for message in messages]
        self._lexicon = Lexicon.of(all_words(text) for text in self._words)

    def name(self, members: Sequence[int], *, without: Collection[str] = ()) -> Naming:
        """The name of a group. Words that hold one of `without` (people's names) are passed over.

        A name of the enterprise's own that is a key word stands first.
        """
        keywords = self._keywords([self._words[member] for member in members], without)
        phrase = _phrase([self._titles[member] for member in members], without)
        own = [word for word in keywords if word in self._names and word not in phrase][:1]
        parts = [*own, phrase] if phrase else keywords[:2]
        if phrase and (len(phrase) < SHORT or phrase in self._names):
            parts += [word for word in keywords if word not in phrase and phrase not in word][:1]
        written = [self._written[member] for member in members]
        name = " ".join(_as_written(part, written) for part in parts)
        return Naming(name[:MOST_LETTERS], [_as_written(word, written) for word in keywords])

    def _clauses(self, title: str) -> Iterator[list[str]]:
        """The words of a title, clause by clause; a name is one word, whatever stands in it."""
        clause: list[str] = []
        for piece, is_name in self._names.pieces(title):
            if is_name:
                clause.append(piece)
                continue
            first, *others = _BREAK.split(piece)
            clause += cut(first)
            for other in others:
                yield clause
                clause = cut(other)
        yield clause

    def _keywords(self, texts: Sequence[Words], without: Collection[str]) -> list[str]:
        held = Counter(word for text in texts for word in set(all_words(text)))
        least = max(2, SHARE * len(texts))
        scores = {
            word: number
            * float(self._lexicon.rarity[self._lexicon.column[word]])
            * (OWN if word in self._names else min(len(word), 3))
            for word, number in held.items()
            if number >= least and len(word) > 1 and not word.isdigit() and not _holds(word, without)
        }
        return sorted(scores, key=lambda word: (-scores[word], word))[:KEYWORDS]


def _phrase(titles: Sequence[list[list[str]]], without: Collection[str]) -> str:
    """The longest words in a row that at least two and a third of the titles have in common, within a clause."""
    counts: Counter[tuple[str, ...]] = Counter()
    places: Counter[tuple[str, ...]] = Counter()
    for title in titles:
        found = {row: place for place, clause in reversed(list(enumerate(title))) for row in _rows(clause)}
        counts.update(found.keys())
        places.update(found)
    least = max(2, len(titles) / 3)
    best, most = "", 0.0
    for row, number in sorted(counts.items()):
        text = _joined(row)
        score = number * (min(len(text), ENOUGH) - 1) * LATER ** (places[row] / number)
        if number >= least and score > most and not text.isdigit() and not _holds(text, without):
            best, most = text, score
    return best


def _rows(clause: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All words in a row that neither begin nor end with a hanging one."""
    for first, word in enumerate(clause):
        for last in range(first, min(first + LONGEST, len(clause))):
            if word not in _HANGING and clause[last] not in _HANGING:
                yield tuple(clause[first : last + 1])


def _joined(row: Sequence[str]) -> str:
    """Words as they are written: Latin ones with a space between them."""
    text = row[0]
    for before, word in pairwise(row):
        text += f" {word}" if before[-1].isascii() and word[0].isascii() else word
    return text


def _as_written(text: str, titles: Sequence[str]) -> str:
    """With the capital letters of the first title that has it; words are compared in small ones."""
    for title in titles:
        at = title.lower().find(text)
        if at >= 0:
            return title[at : at + len(text)]
    return text


def _holds(text: str, without: Collection[str]) -> bool:
    return any(name in text for name in without)
