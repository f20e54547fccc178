"""What is recorded, read at once: units, Party organisations and people by code and number."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from django.db.models import F, Q

from lianxin.kernel import timezone
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.models import Employment, Membership, PartyOrganisation, Person, Post, RoleGrant, Unit


@dataclass(slots=True)
class Node:
    """A unit or Party organisation, as it is or will be; places are named by code. `unit` only of the latter."""

    code: str
    name: str
    kind: str
    parent: str = ""
    ended: bool = False
    path: str = ""
    unit: str = ""
    merged_into: str = ""
    id: int = 0

    def copy(self) -> "Node":
        return replace(self)


class Stay(NamedTuple):
    """An employment: the open one, or the last of who has left."""

    id: int
    unit: str
    job_title: str
    started_on: date


class Enrolment(NamedTuple):
    """An open membership."""

    id: int
    party_organisation: str
    kind: str
    started_on: date


class Held(NamedTuple):
    """An open post, at a unit or in a Party organisation."""

    id: int
    name: str
    place: str
    party: bool
    started_on: date


@dataclass(slots=True)
class Known:
    """Somebody as they are recorded."""

    id: int
    employee_no: str
    name: str
    phone: str
    left_on: date | None
    stay: Stay | None = None
    enrolment: Enrolment | None = None
    posts: list[Held] = field(default_factory=list)
    email: str = ""


@dataclass
class Register:
    """All of it, as of today."""

    units: dict[str, Node]
    party: dict[str, Node]
    people: dict[str, Known]
    role_units: set[str]
    """Units at which roles are held or will be."""
    administrators: dict[Role, set[int]]
    """Who holds an administrator's role for the whole enterprise without an end."""
    today: date


def read_register() -> Register:
    """Read what is recorded, in a handful of queries."""
    units, unit_codes = _nodes(list(Unit.objects.order_by("path")))
    organisations = list(PartyOrganisation.objects.order_by("path"))
    party, party_codes = _nodes(organisations)
    for organisation in organisations:
        party[organisation.code].unit = unit_codes[organisation.unit_id]
    people = _people(unit_codes, party_codes)
    today = timezone.today()
    lasting = RoleGrant.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today))
    administrators: dict[Role, set[int]] = {role: set() for role in ADMINISTRATORS}
    chief = lasting.filter(role__in=ADMINISTRATORS, unit__depth=1, started_on__lte=today, ended_on__isnull=True)
    for role, person_id in chief.values_list("role", "person_id"):
        administrators[Role(role)].add(person_id)
    held_at = {unit_codes[unit_id] for unit_id in lasting.values_list("unit_id", flat=True)}
    return Register(units, party, people, held_at, administrators, today)


def _nodes(rows: "list[Unit] | list[PartyOrganisation]") -> tuple[dict[str, Node], dict[int, str]]:
    by_path = {row.path: row.code for row in rows}
    nodes = {
        row.code: Node(
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent=by_path.get(row.path[: -row.steplen], ""),
            ended=row.ended_on is not None,
            path=row.path,
            id=row.pk,
        )
        for row in rows
    }
    return nodes, {row.pk: row.code for row in rows}


def _people(unit_codes: dict[int, str], party_codes: dict[int, str]) -> dict[str, Known]:
    people = {
        pk: Known(pk, number, name, phone or "", left_on, email=email)
        for pk, number, name, phone, left_on, email in Person.objects.order_by("id").values_list(
            "id", "employee_no", "name", "phone", "left_on", "email"
        )
    }
    stays = Employment.objects.filter(Q(ended_on__isnull=True) | Q(ended_on=F("person__left_on"))).order_by(
        "started_on", "id"
    )
    for person_id, pk, unit_id, title, since in stays.values_list(
        "person_id", "id", "unit_id", "job_title", "started_on"
    ):
        people[person_id].stay = Stay(pk, unit_codes[unit_id], title, since)
    memberships = Membership.objects.filter(ended_on__isnull=True).order_by("id")
    for person_id, pk, party_id, kind, since in memberships.values_list(
        "person_id", "id", "party_organisation_id", "kind", "started_on"
    ):
        people[person_id].enrolment = Enrolment(pk, party_codes[party_id], kind, since)
    posts = Post.objects.filter(ended_on__isnull=True).order_by("id")
    for person_id, pk, name, unit_id, party_id, since in posts.values_list(
        "person_id", "id", "name", "unit_id", "party_organisation_id", "started_on"
    ):
        place = unit_codes[unit_id] if unit_id else party_codes[party_id]
        people[person_id].posts.append(Held(pk, name, place, unit_id is None, since))
    return {known.employee_no: known for known in people.values()}
