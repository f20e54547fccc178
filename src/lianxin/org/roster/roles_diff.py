"""The sheet of roles: who is to be granted which role where, tried out by the services that grant and end roles.

Granting has many conditions (the three administrators kept apart, nobody themselves, days, reach). To say beforehand
what a row comes to, its service is called and everything is taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.db.models import Q

from lianxin.kernel.errors import LianxinError
from lianxin.org.enums import Role, RosterOutcome, RosterPart, RosterReason
from lianxin.org.models import Person, RoleGrant, Unit
from lianxin.org.roster.diff_rows import Line, Places, line_of, refuse_repeated
from lianxin.org.roster.fields import Numbers, Refused, RoleRow, folded_name, need
from lianxin.org.roster.parser import Row
from lianxin.org.roster.snapshot import Register
from lianxin.org.services import end_role, grant_role


@dataclass(frozen=True, slots=True)
class RoleAction:
    """Grant a role, or (`grant_id`) give one that is held another last day."""

    person_id: int
    role: Role
    unit_id: int
    started_on: date | None
    ended_on: date | None
    grant_id: int | None = None


def plan_roles(rows: list[Row], register: Register, units: Places, actor: Person | None) -> list[Line]:
    """What each row comes to; nothing that was tried stays."""
    if not rows:
        return []
    known = Numbers(register.people, (row.cells.get("employee_no") for row in rows))
    ids = dict(Unit.objects.values_list("code", "id"))
    form = RoleRow(known)
    lines = [_plan_one(row, form, register, units, ids) for row in rows]
    refuse_repeated(zip(lines, rows, strict=True), key=lambda line: (line.key, line.act or line.row))
    with transaction.atomic():
        for line in _in_order(lines):
            _try(line, actor)
        transaction.set_rollback(True)
    return lines


def apply_roles(lines: list[Line], actor: Person | None) -> None:
    """Carry out what `plan_roles` found.

    Raises:
        LianxinError: a service refused what it took when it was tried.
    """
    for line in _in_order(lines):
        _carry_out(line.act, actor)


def _in_order(lines: list[Line]) -> list[Line]:
    """What ends goes first, so that a role may pass to somebody, or another one be taken up."""
    acting = [line for line in lines if isinstance(line.act, RoleAction)]
    return sorted(acting, key=lambda line: line.act.grant_id is None)


def _plan_one(row: Row, form: RoleRow, register: Register, units: Places, ids: Mapping[str, int]) -> Line:
    line = line_of(RosterPart.ROLES, row)
    form.take(row.cells)
    line.key, line.name = form.cleaned_data.get("employee_no", ""), form.cleaned_data.get("name", "")
    try:
        cells = form.read()
        need(line.key in register.people, RosterReason.NOBODY_SUCH, value=line.key)
        person = register.people[line.key]
        same = not line.name or folded_name(line.name) == folded_name(person.name)
        need(same, RosterReason.NOT_THIS_NAME, value=person.name)
        code = units.find(cells["unit"])
        line.name, line.place = person.name, register.units[code].name
        action = RoleAction(person.id, Role(cells["role"]), ids[code], cells["started_on"], cells["ended_on"])
        _compare(line, action, register.today)
    except Refused as refused:
        line.refuse(refused.reason)
    return line


def _compare(line: Line, action: RoleAction, today: date) -> None:
    lasting = Q(ended_on__isnull=True) | Q(ended_on__gte=today)
    held = RoleGrant.objects.filter(lasting, person_id=action.person_id, role=action.role, unit_id=action.unit_id)
    present = held.order_by("started_on").first()
    if present and present.ended_on == action.ended_on:
        return
    line.outcome, line.act = RosterOutcome.ADD, action
    line.changes = [["role", "", action.role.value]]
    if action.ended_on:
        line.changes.append(["ended_on", "", action.ended_on.isoformat()])
    if present and action.ended_on:
        line.outcome, line.act = RosterOutcome.END, replace(action, grant_id=present.pk)


def _try(line: Line, actor: Person | None) -> None:
    try:
        with transaction.atomic():
            _carry_out(line.act, actor)
    except LianxinError as error:
        line.refuse([RosterReason.ROLE_REFUSED.value, {"value": str(error)}])


def _carry_out(action: RoleAction, actor: Person | None) -> None:
    if action.grant_id:
        end_role(actor=actor, grant_id=action.grant_id, last_day=action.ended_on)
        return
    grant_role(
        actor=actor,
        person_id=action.person_id,
        role=action.role,
        unit_id=action.unit_id,
        started_on=action.started_on,
        ended_on=action.ended_on,
    )
