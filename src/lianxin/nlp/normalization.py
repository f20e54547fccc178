"""Texts as people type and paste them, made plain for comparing. What is shown is never taken from here."""

import html
import re
import unicodedata

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MAX_UNESCAPES = 3
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """One line in NFKC: entities are characters, invisible characters are gone, spaces of any kind and number are one.

    `‹…>` and `<…>` stay: in this field they are quotation marks, not tags.
    """
    for _turn in range(_MAX_UNESCAPES):
        unescaped = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        if unescaped == text:
            break
        text = unescaped
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))
    return _SPACES.sub(" ", text).strip()
