"""The workbook to fill in."""

from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.kernel.spreadsheets import Sheet, write_sheets
from lianxin.org.enums import RosterPart
from lianxin.org.roster.columns import COLUMNS

_WIDTHS = (20, 26, 10, 70)


def write_template(target: BinaryIO, *, for_roles: bool = False) -> None:
    """Write the template in the reader's language: a sheet for each part, and one that explains the columns.

    That of roles is for the security administrator alone (`for_roles`), the others are for the system administrator.
    """
    titles = {
        RosterPart.UNITS: pgettext("sheet", "Units"),
        RosterPart.PARTY: pgettext("sheet", "Party organisations"),
        RosterPart.PEOPLE: pgettext("sheet", "People"),
        RosterPart.ROLES: pgettext("sheet", "Roles"),
    }
    parts = {part: columns for part, columns in COLUMNS.items() if (part == RosterPart.ROLES) == for_roles}
    sheets = [
        Sheet(
            titles[part],
            [str(column.label) for column in columns],
            widths=[18] * len(columns),
            texts=[place for place, column in enumerate(columns) if column.text],
            dates=[place for place, column in enumerate(columns) if column.date],
            choices={at: [str(word) for word in column.choices] for at, column in enumerate(columns) if column.choices},
        )
        for part, columns in parts.items()
    ]
    explained = [
        (titles[part], str(column.label), _("yes") if column.required else "", str(column.hint))
        for part, columns in parts.items()
        for column in columns
    ]
    headers = [pgettext("sheet", "Sheet"), _("Column"), _("Required"), _("What to enter")]
    write_sheets(target, [*sheets, Sheet(pgettext("sheet", "How to fill it in"), headers, explained, _WIDTHS)])
