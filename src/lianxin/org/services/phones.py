"""The duty phones of a unit."""

import re
import unicodedata

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kernel.errors import ValidationFailed
from lianxin.org.models import DutyPhone, Person, Unit
from lianxin.org.policies import Target, require
from lianxin.org.services.record import collapse_spaces, note
from lianxin.org.services.trees import fetch_living

MAX_PHONES = 5
NAME_LENGTH = 30
NUMBER_LENGTH = 30
_LINE = re.compile(r"(?P<name>.*?[^\d\s+(])[\s:,;、-]*(?P<number>\+?(?:\(\d{2,5}\))?\s?\d(?:[\d \-]{1,20})\d)")
"""A name, which may hold digits (“门卫3号楼”), and behind it the number, which may be grouped."""


@transaction.atomic
def set_duty_phones(*, actor: Person | None, unit_id: int, phones: str) -> list[DutyPhone]:
    """Replace the duty phones of a unit: one a line, its name and then its number. None: it inherits those from above.

    Raises:
        NotFound, PermissionDenied: no such unit, or it is outside the actor's reach.
        ValidationFailed: a line is no name and number, or there are too many lines (field `phones`).
    """
    unit = fetch_living(Unit, unit_id)
    require(actor, "manage_units", Target(unit.path))
    lines = [line for line in map(collapse_spaces, phones.splitlines()) if line]
    if len(lines) > MAX_PHONES:
        raise ValidationFailed({"phones": _("At most %(n)d numbers, please.") % {"n": MAX_PHONES}})
    entered = [_read(line) for line in lines]
    before = unit.duty_phones.count()
    unit.duty_phones.all().delete()
    rows = [DutyPhone(unit=unit, name=name, number=number, position=n) for n, (name, number) in enumerate(entered)]
    DutyPhone.objects.bulk_create(rows)
    note(actor, unit, "phones", numbers=[before, len(rows)])
    return rows


def _read(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(unicodedata.normalize("NFKC", line).strip())
    name = found["name"].strip(" :,;-、") if found else ""
    if not found or not any(map(str.isalpha, name)) or len(name) > NAME_LENGTH or len(found["number"]) > NUMBER_LENGTH:
        said = _("“%(line)s” is not a name and number. For example: Duty room 0571-88880000") % {"line": line}
        raise ValidationFailed({"phones": said})
    return name, found["number"].strip()
