"""Whether two texts are the same text, copied and perhaps touched up."""

from lianxin.nlp.normalization import plain

SHINGLE = 5
SAME_TEXT = 0.8
"""From this on two texts are the same one; less is found in different texts about one matter."""


def shingles(text: str) -> frozenset[str]:
    """All runs of five characters; of a shorter text the text itself, of an empty one nothing."""
    letters = plain(text).lower()
    if not letters:
        return frozenset()
    return frozenset(letters[at : at + SHINGLE] for at in range(max(1, len(letters) - SHINGLE + 1)))


def jaccard(first: str, second: str) -> float:
    """How much two texts share: common runs of five characters ÷ all of them, between 0 and 1; 0 if one is empty."""
    one, other = shingles(first), shingles(second)
    return len(one & other) / len(one | other) if one and other else 0.0


def is_same_text(first: str, second: str) -> bool:
    """Whether the one is the other, give or take a few words."""
    return jaccard(first, second) >= SAME_TEXT
