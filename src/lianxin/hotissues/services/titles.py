"""What an issue is called, from words that several of its cases share: one person's words alone name nothing."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lianxin.nlp.entities import Names
from lianxin.nlp.normalization import plain
from lianxin.nlp.phrases import LONGEST, Phrase, first_clause, is_telling, phrases
from lianxin.nlp.tokenization import Message, Words, all_words, words_of
from lianxin.nlp.vectors import Lexicon

KEYWORDS = 5
READ = 300
"""Characters of each body that are looked at."""
SHORT = 4
"""A phrase shorter than this is completed by a further word."""
SHARE = 0.4
"""A key word is used by at least this share of the cases, and by two."""
OWN = 10
"""What a name of the enterprise's own counts among key words; any other as many as it has characters, at most 3."""
OWN_SHARE = 0.6
"""A name of the enterprise's own stands first if so many of the cases have it."""
MOST_LETTERS = 40
IN_TITLES = 0.6
"""How much it counts how many titles have a word, beside how many messages have it."""
SHARED = 0.22
"""A word of fewer cases than this takes from a name what it costs to read it."""
TOGETHER = 0.3
"""What a phrase gains that all titles have as it stands."""
TELLING = 1.25
"""What a phrase gains that says what is the matter, and not only where."""
COMMON_COUNTS = 0.15
"""What a word counts that every message has, beside one of each hundredth."""


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
        self._words = [words_of(message, READ, self._names.cut) for message in messages]
        self._lexicon = Lexicon.of(all_words(text) for text in self._words)

    def name(self, members: Sequence[int], *, without: Collection[str] = ()) -> Naming:
        """The name of a group. Words that hold one of `without` (people's names) are passed over.

        A name of the enterprise's own that is a key word stands first.
        """
        texts, written = [self._words[n] for n in members], [self._written[n] for n in members]
        keywords = self._keywords(texts, without)
        phrase = self._phrase(texts, written, without)
        held = Counter(word for text in texts for word in set(all_words(text)))
        own = [
            word
            for word in keywords
            if word in self._names and word not in phrase and held[word] >= OWN_SHARE * len(texts)
        ][:1]
        if len(phrase) < SHORT:
            phrase = _common_beginning(written, without) or phrase
        parts = [*own, phrase] if phrase else keywords[:2]
        if phrase and (len(phrase) < SHORT or phrase in self._names):
            parts += [word for word in keywords if word not in phrase and phrase not in word][:1]
        name = " ".join(_as_written(part, written) for part in parts)
        return Naming(name[:MOST_LETTERS], [_as_written(word, written) for word in keywords])

    def _phrase(self, texts: Sequence[Words], titles: Sequence[str], without: Collection[str]) -> str:
        """The phrase of a title whose words most of the group have, if they have each of them twice."""
        held = Counter(word for text in texts for word in set(all_words(text)))
        in_titles = Counter(word for text in texts for word in set(text.title))
        times: Counter[str] = Counter()
        best: dict[str, Phrase] = {}
        for title in titles:
            found: dict[str, Phrase] = {}
            for phrase in phrases(title, self._names, lambda word: 2 * in_titles[word] >= len(texts)):
                found[phrase.text] = max(found.get(phrase.text, phrase), phrase, key=lambda each: each.quality)
            times.update(found.keys())
            for text, phrase in found.items():
                best[text] = max(best.get(text, phrase), phrase, key=lambda each: each.quality)

        def score(text: str) -> float:
            phrase, worth = best[text], 0.0
            for word in phrase.content:
                if held[word] < 2:  # noqa: PLR2004 - one person's word
                    return 0.0
                share = IN_TITLES * in_titles[word] + (1 - IN_TITLES) * held[word]
                worth += min(len(word), 3) * (share / len(texts) - SHARED) * self._rarity(word)
            return worth * phrase.quality * (1 + TOGETHER * times[text] / len(texts)) * (TELLING if phrase.tells else 1)

        fitting = (text for text in sorted(best) if not _holds(text, without))
        name = max(fitting, key=score, default="")
        return name if name and score(name) > 0 else ""

    def _rarity(self, word: str) -> float:
        """From 0.15 for what all messages have to 1 for what one in a hundred has, or fewer."""
        rare = float(self._lexicon.rarity[self._lexicon.column[word]]) - 1
        return COMMON_COUNTS + (1 - COMMON_COUNTS) * min(1.0, rare / 4.6)

    def _keywords(self, texts: Sequence[Words], without: Collection[str]) -> list[str]:
        held = Counter(word for text in texts for word in set(all_words(text)))
        least = max(2, SHARE * len(texts))
        scores = {
            word: number
            * float(self._lexicon.rarity[self._lexicon.column[word]])
            * (OWN if word in self._names else min(len(word), 3))
            for word, number in held.items()
            if number >= least
            and len(word) > 1
            and not word.isdigit()
            and is_telling(word)
            and not _holds(word, without)
        }
        return sorted(scores, key=lambda word: (-scores[word], word))[:KEYWORDS]


def _common_beginning(titles: Sequence[str], without: Collection[str]) -> str:
    """The words with which a third of the titles begin, and two at least, if they are few."""
    beginnings = Counter(first_clause(title) for title in titles)
    clause, times = beginnings.most_common(1)[0]
    fits = SHORT <= len(clause) <= LONGEST and not _holds(clause, without)
    return clause if fits and times >= max(2, len(titles) / 3) else ""


def _as_written(text: str, titles: Sequence[str]) -> str:
    """With the capital letters of the first title that has it; words are compared in small ones."""
    for title in titles:
        at = title.lower().find(text)
        if at >= 0:
            return title[at : at + len(text)]
    return text


def _holds(text: str, without: Collection[str]) -> bool:
    return any(name in text for name in without)
