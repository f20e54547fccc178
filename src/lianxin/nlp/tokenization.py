"""Words of Chinese texts."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from sys import intern

from lianxin.nlp.normalization import plain

_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Message:
    """What someone wrote."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a message's title and of the beginning of its body."""

    title: list[str]
    body: list[str]


def words(text: str) -> list[str]:
    """The words of a text in their order, in small letters, without punctuation; the same for all ways to type it.

    No guessing of unknown words (`hmm=False`): the same characters give the same words in every sentence, so that what
    was written is found.
    """
    return cut(plain(text))


def cut(text: str) -> list[str]:
    """The words of a text that is plain already. Each word is held in memory once, in however many texts it stands."""
    return [intern(word) for word in pieces(text.lower()) if word[0].isalnum() or _WORD.search(word)]


def pieces(text: str) -> list[str]:
    """All of a text, cut where the dictionary says."""
    import rjieba  # noqa: PLC0415 - it reads its dictionary then; only who cuts texts waits for that

    return rjieba.cut(text, False)


def tagged(text: str) -> list[tuple[str, str]]:
    """As `pieces`, each with the kind of word that it is by the dictionary ("n" a noun, "v" a verb)."""
    import rjieba  # noqa: PLC0415

    return rjieba.tag(text, False)


def pairs(sequence: list[str]) -> Iterator[str]:
    """Neighbouring words written as one: names that the dictionary does not know."""
    return (first + second for first, second in pairwise(sequence))


def words_of(message: Message, read: int, cut: Callable[[str], list[str]] = cut) -> Words:
    """Cut a message: its title and the first `read` characters of its body."""
    return Words(cut(plain(message.title)), cut(plain(message.body)[:read]))


def all_words(text: Words) -> Iterable[str]:
    """Title and body, once."""
    return chain(text.title, text.body)
