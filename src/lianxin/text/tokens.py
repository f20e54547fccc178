"""Words of Chinese texts."""

import re
from collections.abc import Iterator
from itertools import pairwise

import rjieba

from lianxin.text.normalising import plain

_WORD = re.compile(r"\w")


def words(text: str) -> list[str]:
    """The words of a text in their order, in small letters, without punctuation; the same for all ways to type it.

    No guessing of unknown words (`hmm=False`): the same characters give the same words in every sentence, so that what
    was written is found.
    """
    return cut(plain(text))


def cut(text: str) -> list[str]:
    """The words of a text that is plain already."""
    return [word for word in rjieba.cut(text.lower(), False) if _WORD.search(word)]


def pairs(sequence: list[str]) -> Iterator[str]:
    """Neighbouring words written as one: names that the dictionary does not know."""
    return (first + second for first, second in pairwise(sequence))
