"""Case numbers: LX-2611-7K4QM is the year and month, four random signs and a check sign. They carry no order.

The check sign makes the sum of all signs, the first twice, the second three times and so on, a multiple of 31: as 31 is
a prime and no two places count alike, a wrong sign and any two that changed places are always found.

Numbers of before (LX-2611-0342) stay valid: they have figures alone.
"""

import re
import secrets
import unicodedata
from datetime import datetime

from lianxin.kernel import timezone

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0, 1, I, L and O, which are taken for one another."""
SIGNS = 4
_VALUE = {sign: value for value, sign in enumerate(ALPHABET)}
_LOOK_ALIKE = str.maketrans("OIL", "011")
_DASHES = re.compile(r"[\s\-‐‑‒–—―−－ー_·.]+")
_TYPED = re.compile(r"[LI1]X([0-9OIL]{4})([0-9A-Z]{4,6})")
_OLD = re.compile(r"\d{4,6}")
_NEW = re.compile(rf"[{ALPHABET}]{{{SIGNS + 1}}}")


def draw_number(at: datetime) -> str:
    """A number for a case raised at this moment. Another case may have it: the database says so (draw again)."""
    month = at.astimezone(timezone.zone()).strftime("%y%m")
    signs = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    return f"LX-{month}-{signs}{check_sign(month, signs)}"


def check_sign(month: str, signs: str) -> str:
    """The last sign of the number with this month ("2611") and these random signs."""
    values = [*(int(figure) for figure in month), *(_VALUE[sign] for sign in signs)]
    return ALPHABET[-sum((place + 2) * value for place, value in enumerate(values)) % len(ALPHABET)]


def numbers_meant(typed: str) -> list[str] | None:
    """The numbers that something typed may stand for; none for one with a slip in it; None where it is no number.

    Width, case, spaces and dashes do not count. 0 and O, 1, I and L are told apart by their place: the month, and a
    number of before, have figures alone; the signs have none of them.
    """
    folded = _DASHES.sub("", unicodedata.normalize("NFKC", typed.strip()).upper())
    found = _TYPED.fullmatch(folded)
    if found is None:
        return None
    month, signs = found[1].translate(_LOOK_ALIKE), found[2]
    meant = []
    if _NEW.fullmatch(signs) and check_sign(month, signs[:SIGNS]) == signs[SIGNS:]:
        meant.append(f"LX-{month}-{signs}")
    figures = signs.translate(_LOOK_ALIKE)
    if _OLD.fullmatch(figures):
        meant.append(f"LX-{month}-{figures}")
    return meant
