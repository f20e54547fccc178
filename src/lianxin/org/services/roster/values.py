"""What stands in the cells of a roster, made plain; what cannot be is refused with its reason."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from lianxin.kernel.spreadsheets import Cell, clean_text, parse_moment, plain
from lianxin.org.enums import RosterReason
from lianxin.org.models import normal_phone

Reason = list[Any]
"""A `RosterReason` with what it says: `[reason, {"value": …}]`."""

_EARLIEST_SERIAL = 10_000
"""Excel's number of a day in 1927; smaller ones are years, or years with months."""
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|((?:19|20)\d{2})(0[1-9]|1[0-2])")
_MOST_SHOWN = 40


class Refused(Exception):  # noqa: N818 - reads as the sentence it is
    """A row cannot be taken."""

    def __init__(self, reason: RosterReason, **said: object) -> None:
        super().__init__(reason)
        self.reason = because(reason, **said)


def because(reason: RosterReason, **said: object) -> Reason:
    """A reason as it is stored."""
    return [reason.value, {name: str(value)[:_MOST_SHOWN] for name, value in said.items()}]


def need(fact: object, reason: RosterReason, **said: object) -> None:
    """Insist on something.

    Raises:
        Refused: it is not there.
    """
    if not fact:
        raise Refused(reason, **said)


def text_of(cells: Mapping[str, Cell], field: str, most: int = 100) -> str:
    """The text of a cell in one line, numbers without a decimal point.

    Raises:
        Refused: it is longer than `most`.
    """
    cell = cells.get(field)
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date().isoformat()
    elif isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell)
    # Most cells are plain, and there are hundreds of thousands of them.
    if not text.isprintable() or "&" in text or "<" in text or "_x" in text:
        text = clean_text(text)
    text = " ".join(text.split())
    if len(text) > most:
        raise Refused(RosterReason.TOO_LONG, value=text[:20])
    return text


def number_of(cells: Mapping[str, Cell], field: str, most: int, known: "Numbers") -> str:
    """A number or code that identifies; one that Excel has taken for a number is looked up without leading zeros.

    Raises:
        Refused: too long; or it is not known, and others have zeros at their beginning that this one may have lost.
    """
    text = "".join(unicodedata.normalize("NFKC", text_of(cells, field, most)).split())
    if not text or isinstance(cells.get(field), str):
        return text
    return known.restored(text)


class Numbers:
    """The numbers or codes of the register and of the file's texts."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._known = set(numbers)
        self._stripped: dict[str, list[str]] = {}
        for number in self._known:
            if number.startswith("0"):
                self._stripped.setdefault(number.lstrip("0"), []).append(number)

    def restored(self, text: str) -> str:
        """A number that came as a number, with the zeros that it lost."""
        if text in self._known or not self._stripped:
            return text
        meant = self._stripped.get(text, [])
        if len(meant) != 1:
            raise Refused(RosterReason.LOST_ZEROS)
        return meant[0]


def phone_of(cells: Mapping[str, Cell]) -> str:
    """A phone number as it is stored.

    Raises:
        Refused: it is none.
    """
    text = text_of(cells, "phone")
    phone = normal_phone(text)
    if phone and not (phone.lstrip("+").isdecimal() and phone.isascii() and 3 <= len(phone) <= 20):  # noqa: PLR2004
        raise Refused(RosterReason.BAD_PHONE, value=text)
    return phone


def day_of(cells: Mapping[str, Cell], field: str) -> date | None:
    """A day; of a month alone its first.

    Raises:
        Refused: it cannot be read as one.
    """
    cell = cells.get(field)
    text = unicodedata.normalize("NFKC", text_of(cells, field))
    if not text:
        return None
    number = isinstance(cell, int | float)
    month = _MONTH.fullmatch(text)
    if month and not (number and "." in text and len(text) < len("2015.07")):
        year, of_year = (month[1], month[2]) if month[1] else (month[3], month[4])
        text, cell = f"{year}-{of_year}-1", None
    elif number and isinstance(cell, int | float) and cell < _EARLIEST_SERIAL:
        raise Refused(RosterReason.BAD_DATE, value=text)
    try:
        return parse_moment(text if cell is None or isinstance(cell, str) else cell).date()
    except (ValueError, OverflowError) as error:
        raise Refused(RosterReason.BAD_DATE, value=text) from error


def word_of(cells: Mapping[str, Cell], field: str, words: Mapping[str, str]) -> str:
    """The meaning of a word, empty where there is none.

    Raises:
        Refused: it is not one of those known.
    """
    text = text_of(cells, field)
    if not text:
        return ""
    meaning = words.get(plain(text))
    if meaning is None:
        raise Refused(RosterReason.UNKNOWN_WORD, value=text)
    return meaning
