"""What people write, as it is counted and checked."""

import unicodedata

_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by their category that show nothing: Hangul fillers, the empty Braille pattern."""

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces of any kind, signs without width, marks that stand on no letter."""
    return all(sign in _FILLERS or unicodedata.category(sign) in _UNSEEN for sign in text)


def with_plain_breaks(text: str) -> str:
    """Each line break as one sign, as its writer counts it; a browser sends two."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
