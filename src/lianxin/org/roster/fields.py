"""The cells of a roster as form fields: each row is a form, and a cell that cannot be taken says why."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Self, cast

from django import forms
from django.core.exceptions import ValidationError

from lianxin.kernel.email_address import normal_email
from lianxin.kernel.spreadsheets import Cell, UnclearNumber, clean_text, parse_moment, plain
from lianxin.org.enums import RosterPart, RosterReason
from lianxin.org.models import is_phone, normal_phone
from lianxin.org.roster.columns import (
    MEMBERS,
    NOTHING,
    PARTY_KINDS,
    PEOPLE_STATES,
    PLACE_STATES,
    ROLE_NAMES,
    UNIT_KINDS,
)

Reason = list[Any]
"""A `RosterReason` with what it says: `[reason, {"value": …}]`."""

_EARLIEST_SERIAL = 10_000
"""Excel's number of a day in 1927; smaller ones are years, or years with months."""
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|((?:19|20)\d{2})(0[1-9]|1[0-2])")
_WAS_A_NUMBER = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+|\d\.\d+[Ee]\d+|\d+\.0+")
"""Texts that only come from numbers: `1.00123E+11`, `20230001.0`."""
_EXACT = 10**15
"""Excel keeps fifteen digits; a longer number is not what was typed."""
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


def wrong(reason: RosterReason, **said: object) -> ValidationError:
    """The error of a cell that cannot be taken."""
    return ValidationError(str(reason.label), code=reason.value, params=said)


def folded_name(name: str) -> str:
    """A person's name for comparing: without spaces, whatever the width, capitals and the kind of dot."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[·•‧∙⋅・.．\s]", "", folded)


def text_of(cell: Cell, most: int = 100) -> str:
    """The text of a cell in one line, numbers without a decimal point.

    Raises:
        ValidationError: it is longer than `most`.
    """
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
        raise wrong(RosterReason.TOO_LONG, value=text[:20])
    return text


class Numbers:
    """The numbers or codes of the register, and those that stand in the file as texts; capitals do not matter."""

    def __init__(self, recorded: Iterable[str], in_file: Iterable[object] = ()) -> None:
        self._recorded = {number.casefold(): number for number in recorded}
        self._known = dict(self._recorded)
        for cell in in_file:
            if isinstance(cell, str) and (text := squeezed(cell)):
                self._known.setdefault(text.casefold(), text)
        self._stripped: dict[str, list[str]] = {}
        for number in self._known.values():
            if number.startswith("0"):
                self._stripped.setdefault(number.lstrip("0"), []).append(number)

    def spelling(self, text: str) -> str:
        """A text as the register spells it, or the first row that has it."""
        return self._known.get(text.casefold(), text)

    def restored(self, text: str, *, unclear: bool) -> str:
        """What came as a number, with the zeros that it lost.

        Raises:
            ValidationError: others have zeros at their beginning that this one may have lost; or it is unclear what
                the sheet shows, and nobody is recorded under it.
        """
        if text in self._known and not (unclear and (text not in self._recorded or text in self._stripped)):
            return self._known[text]
        if unclear:
            raise wrong(RosterReason.STORED_AS_NUMBER, value=text)
        if not self._stripped:
            return text
        meant = self._stripped.get(text, [])
        if len(meant) != 1:
            raise wrong(RosterReason.LOST_ZEROS)
        return meant[0]


def squeezed(text: str) -> str:
    """A number or code without spaces, full-width characters as ordinary ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class CellField(forms.Field):
    """Text in one line."""

    widget = forms.TextInput

    def __init__(self, most: int = 100) -> None:
        super().__init__(required=False)
        self.most = most

    def to_python(self, value: Any) -> Any:
        return text_of(value, self.most)


class IdentifierField(CellField):
    """A number or code that identifies. One that Excel has taken for a number or a day is looked up, or refused."""

    known: Numbers

    def to_python(self, value: Any) -> str:
        if isinstance(value, str):
            text = squeezed(text_of(value, self.most))
            if _WAS_A_NUMBER.fullmatch(text):
                raise wrong(RosterReason.STORED_AS_NUMBER, value=text)
            return self.known.spelling(text)
        if value is None:
            return ""
        if isinstance(value, bool | date | time | timedelta) or not 0 <= value < _EXACT or value != int(value):
            raise wrong(RosterReason.STORED_AS_NUMBER, value=text_of(value))
        return self.known.restored(str(int(value)), unclear=isinstance(value, UnclearNumber))


class PhoneField(CellField):
    """A phone number as it is stored; empty: as it is; None: none any more."""

    def to_python(self, value: Any) -> str | None:
        text = text_of(value, self.most)
        if plain(text) in NOTHING:
            return None
        phone = normal_phone(text)
        if phone and not is_phone(phone):
            raise wrong(RosterReason.BAD_PHONE, value=text)
        return phone


class EmailField(CellField):
    """An email address; empty: as it is; None: none any more."""

    def to_python(self, value: Any) -> str | None:
        text = text_of(value, self.most)
        if plain(text) in NOTHING:
            return None
        try:
            return normal_email(text) if text else ""
        except ValueError as error:
            raise wrong(RosterReason.BAD_EMAIL, value=text) from error


class DayField(CellField):
    """A day; of a month alone its first."""

    def to_python(self, value: Any) -> date | None:
        text = unicodedata.normalize("NFKC", text_of(value))
        if not text:
            return None
        number = isinstance(value, int | float)
        month = _MONTH.fullmatch(text)
        if month and not (number and "." in text and len(text) < len("2015.07")):
            year, of_year = (month[1], month[2]) if month[1] else (month[3], month[4])
            text, value = f"{year}-{of_year}-1", None
        elif number and value < _EARLIEST_SERIAL:
            raise wrong(RosterReason.BAD_DATE, value=text)
        try:
            return parse_moment(text if value is None or isinstance(value, str) else value).date()
        except (ValueError, OverflowError) as error:
            raise wrong(RosterReason.BAD_DATE, value=text) from error


class WordField(CellField):
    """The meaning of a word, empty where there is none."""

    def __init__(self, words: Mapping[str, str]) -> None:
        super().__init__()
        self.words = words

    def to_python(self, value: Any) -> str:
        text = text_of(value)
        if text and plain(text) not in self.words:
            raise wrong(RosterReason.UNKNOWN_WORD, value=text)
        return self.words.get(plain(text), "")


class MemberField(CellField):
    """Political status: the kind of membership, empty where nothing is said, None where it is none."""

    def to_python(self, value: Any) -> str | None:
        text = text_of(value)
        return MEMBERS.get(plain(text)) if text else ""


class RowForm(forms.Form):
    """The cells of a row by field. Fields are read in this order, and the first that cannot be taken is told.

    One form takes all rows of a sheet, one after the other: to make one for each is half of the time of a comparison.
    """

    identifier: ClassVar[str]
    missing: ClassVar[Mapping[str, RosterReason]]

    def __init__(self, known: Numbers) -> None:
        super().__init__(data={})
        cast("IdentifierField", self.fields[self.identifier]).known = known

    def take(self, cells: Mapping[str, Cell]) -> Self:
        """Go on to the cells of a row."""
        self.data = cells
        self.full_clean()
        return self

    def read(self) -> dict[str, Any]:
        """What the cells of the row mean.

        Raises:
            Refused: one of them cannot be taken, or one that is needed is empty.
        """
        for errors in self.errors.as_data().values():
            raise Refused(RosterReason(errors[0].code or ""), **(errors[0].params or {}))
        for name, reason in self.missing.items():
            need(self.cleaned_data[name], reason)
        return self.cleaned_data


class UnitRow(RowForm):
    identifier = "code"
    missing: ClassVar = {"code": RosterReason.CODE_MISSING, "name": RosterReason.NAME_MISSING}
    name = CellField()
    code = IdentifierField(40)
    kind = WordField(UNIT_KINDS)
    parent = CellField(200)
    merged_into = CellField(200)
    status = WordField(PLACE_STATES)


class PartyRow(RowForm):
    identifier = "code"
    missing: ClassVar = {"code": RosterReason.CODE_MISSING, "name": RosterReason.NAME_MISSING}
    name = CellField()
    code = IdentifierField(40)
    kind = WordField(PARTY_KINDS)
    parent = CellField(200)
    unit = CellField(200)
    status = WordField(PLACE_STATES)


class PersonRow(RowForm):
    identifier = "employee_no"
    missing: ClassVar = {"employee_no": RosterReason.NUMBER_MISSING, "name": RosterReason.NAME_MISSING}
    employee_no = IdentifierField(30)
    name = CellField(50)
    phone = PhoneField()
    email = EmailField(254)
    unit = CellField(200)
    department = CellField(200)
    team = CellField(200)
    job_title = CellField(50)
    post = CellField()
    political_status = MemberField()
    party_organisation = CellField(200)
    party_post = CellField()
    started_on = DayField()
    left_on = DayField()
    status = WordField(PEOPLE_STATES)


class RoleRow(RowForm):
    identifier = "employee_no"
    missing: ClassVar = {
        "employee_no": RosterReason.NUMBER_MISSING,
        "role": RosterReason.ROLE_MISSING,
        "unit": RosterReason.UNIT_MISSING,
    }
    employee_no = IdentifierField(30)
    name = CellField(50)
    role = WordField(ROLE_NAMES)
    unit = CellField(200)
    started_on = DayField()
    ended_on = DayField()


ROWS: Mapping[RosterPart, type[RowForm]] = {
    RosterPart.UNITS: UnitRow,
    RosterPart.PARTY: PartyRow,
    RosterPart.PEOPLE: PersonRow,
    RosterPart.ROLES: RoleRow,
}
