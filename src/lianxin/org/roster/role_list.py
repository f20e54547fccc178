"""One role for many people: a typed list, or those who hold another role, made a workbook that is compared as any."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.spreadsheets import Sheet, write_sheets
from lianxin.nlp.subjects import name_key
from lianxin.org.enums import Role, RosterPart
from lianxin.org.models import Person, RosterImport, Unit, active_on
from lianxin.org.queries import grants_at
from lianxin.org.queries.people import people_named, people_numbered
from lianxin.org.roster.columns import COLUMNS
from lianxin.org.roster.fields import folded_name
from lianxin.org.roster.workflow import upload_roster
from lianxin.org.services.trees import fetch_living

_BETWEEN = re.compile(r"[\s,，;；、]+")


def upload_role_list(
    *,
    actor: Person,
    role: Role,
    unit_id: int,
    people: str = "",
    same_role: Role | None = None,
    same_unit_id: int | None = None,
    started_on: date | None = None,
    ended_on: date | None = None,
    later: bool = True,
) -> RosterImport:
    """Have a role for many people compared, to be looked at and applied as a workbook of roles.

    `people`: one a line, by employee number, phone or name; further words of a line must be the person's name.
    `same_role`: those who hold this role today, at `same_unit_id` alone where it is given. The others as `grant_role`
    and `upload_roster`.

    Raises:
        NotFound, PermissionDenied: no such unit, or the actor may not.
        ValidationFailed: nobody is named, or the unit has been ended.
    """
    with transaction.atomic():  # the unit is locked while it is read
        unit = fetch_living(Unit, unit_id, "unit")
    rows = list(dict.fromkeys([*_typed(people), *_holding(actor, same_role, same_unit_id)]))
    if not rows:
        raise ValidationFailed({"people": _("Please enter people, or choose a role that they hold.")})
    headers = [str(column.label) for column in COLUMNS[RosterPart.ROLES]]
    given = (str(role.label), unit.code, started_on, ended_on)
    content = BytesIO()
    write_sheets(content, [Sheet(pgettext("sheet", "Roles"), headers, [(*row, *given) for row in rows])])
    title = ngettext("%(role)s, %(unit)s: list of %(n)d person", "%(role)s, %(unit)s: list of %(n)d people", len(rows))
    return upload_roster(
        actor=actor,
        file_name=title % {"role": role.label, "unit": unit.name, "n": len(rows)},
        content=content.getvalue(),
        for_roles=True,
        typed=True,
        later=later,
    )


def _typed(people: str) -> Iterator[tuple[str, str]]:
    """Employee number and name of each line, as they are to be compared; who is not found is told there."""
    lines = [words for line in people.splitlines() if (words := [word for word in _BETWEEN.split(line) if word])]
    numbered = people_numbered({word for words in lines for word in words})
    named = people_named({name_key("".join(words)) for words in lines})
    for words in lines:
        meant = {person.pk: person for word in words for person in numbered.get(word.upper(), ())}
        rest = " ".join(word for word in words if word.upper() not in numbered)
        if not meant:
            rest = " ".join(words)
            meant = {person.pk: person for person in named.get(name_key("".join(words)), ())}
        if len(meant) == 1:
            (person,) = meant.values()
            yield person.employee_no, person.name if not rest or folded_name(person.name) in folded_name(rest) else rest
        elif any(character.isdigit() for character in words[0]):
            yield words[0], " ".join(words[1:])
        else:
            yield "", " ".join(words)


def _holding(actor: Person, role: Role | None, unit_id: int | None) -> Iterator[tuple[str, str]]:
    if role is not None:
        unit = fetch_living(Unit, unit_id, "same_unit") if unit_id else None
        grants = grants_at(viewer=actor, unit=unit, role=role).filter(active_on(timezone.today()))
        yield from ((grant.person.employee_no, grant.person.name) for grant in grants)
