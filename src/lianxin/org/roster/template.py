"""The workbook to fill in."""

from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lianxin.kernel.spreadsheets import Sheet, write_sheets
from lianxin.org.enums import RosterPart
from lianxin.org.roster.columns import COLUMNS

_WIDTHS = (20, 26, 10, 70)


def write_template(target: BinaryIO) -> None:
    """Write the template in the reader's language: a sheet for each part, and one that explains the columns."""
    titles = {
        RosterPart.UNITS: pgettext("sheet", "Units"),
        RosterPart.PARTY: pgettext("sheet", "Party organisations"),
        RosterPart.PEOPLE: pgettext("sheet", "People"),
    }
    sheets = [
        Sheet(
            titles[part],
            [str(column.label) for column in columns],
            widths=[18] * len(columns),
            texts=[place for place, column in enumerate(columns) if column.text],
        )
        for part, columns in COLUMNS.items()
    ]
    explained = [
        (titles[part], str(column.label), _("yes") if column.required else "", str(column.hint))
        for part, columns in COLUMNS.items()
        for column in columns
    ]
    headers = [pgettext("sheet", "Sheet"), _("Column"), _("Needed"), _("What to enter")]
    write_sheets(target, [*sheets, Sheet(pgettext("sheet", "How to fill it in"), headers, explained, _WIDTHS)])
