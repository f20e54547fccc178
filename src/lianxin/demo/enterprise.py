"""The sample enterprise: its units, Party organisations, people, posts and roles, made by the services of `org`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from lianxin.demo.names import DATA, invented_names, invented_phone
from lianxin.nlp.entities import spellings
from lianxin.org import services
from lianxin.org.enums import MembershipKind, OwnNameKind, PartyOrganisationKind, Role, UnitKind
from lianxin.org.queries import Person

ROOT = "root"
NUMBERED_FIRST = ("logistics", "property", "hr", "party", "discipline")
"""Whose people have the lowest numbers, and so stand first on the list "sign in as"."""
PLAIN_FIRST = ("repair-1", "shiqiao-1")
"""Where the two employees work who stand first on that list."""
_PARTY_WORDS = {PartyOrganisationKind.GENERAL_BRANCH: "党总支", PartyOrganisationKind.BRANCH: "党支部"}
MEMBERS = 0.3
PROBATIONARY = 0.06
FIRST_NUMBER = 10001


@dataclass
class Place:
    """A unit of the sample and who works right there, its head first."""

    key: str
    name: str
    kind: UnitKind
    above: str
    titles: list[str]
    size: int
    party: PartyOrganisationKind | None = None
    people: list[Person] = field(default_factory=list)
    unit_id: int = 0

    def title(self, position: int) -> str:
        """The job title of the one at this position: the head's, the deputy's, then those of the others in turn."""
        return self.titles[position] if position < 2 else self.titles[2 + (position - 2) % (len(self.titles) - 2)]  # noqa: PLR2004


@dataclass
class Enterprise:
    """All places by key, and who may do what where."""

    places: dict[str, Place]
    granted: dict[tuple[Role, str], list[Person]] = field(default_factory=dict)
    grant_ids: dict[tuple[Role, str, int], int] = field(default_factory=dict)
    """By role, place and person."""
    plain: list[Person] = field(default_factory=list)
    """Who holds no role."""
    key_of: dict[int, str] = field(default_factory=dict)
    """Person id → the key of the place where they work."""

    def holders(self, role: Role, key: str) -> list[Person]:
        """Who holds a role at the nearest place at or above this one."""
        while key:
            if found := self.granted.get((role, key)):
                return found
            key = self.places[key].above
        return []

    def plain_at(self, key: str) -> list[Person]:
        """Who works right at a place and holds no role."""
        return [person for person in self.plain if self.key_of[person.pk] == key]

    def plain_in(self, company: str) -> list[Person]:
        """Who works anywhere in a company or department and holds no role."""
        return [person for person in self.plain if self.company_of(self.key_of[person.pk]) == company]

    def company_of(self, key: str) -> str:
        """The key of the place right below the root at or above this one."""
        while self.places[key].above not in ("", ROOT):
            key = self.places[key].above
        return key


def planned(*, small: bool) -> dict[str, Place]:
    """The places of the sample, from the root down, as its data file describes them."""
    described = tomllib.loads((DATA / "enterprise.toml").read_text(encoding="utf-8"))
    places = {ROOT: _place({**described, "key": ROOT, "kind": "enterprise", "party": "committee"}, "", small=small)}
    for unit in described["unit"]:
        if small and not unit.get("small"):
            continue
        branch = {"party": "branch", **unit}
        places[unit["key"]] = _place(branch, ROOT, small=small)
        for team in unit.get("teams", []):
            if not small or team.get("small"):
                below = {"kind": "team", "head": "班长", "second": "副班长", "titles": unit["worker"], **team}
                places[team["key"]] = _place(below, unit["key"], small=small)
    return places


def _place(described: dict[str, Any], above: str, *, small: bool) -> Place:
    station = described["name"].endswith("供电所")
    head, second = ("所长", "副所长") if station else (described["head"], described["second"])
    return Place(
        key=described["key"],
        name=described["name"],
        kind=UnitKind(described["kind"]),
        above=above,
        titles=[head, second, *described["titles"]],
        size=described["few" if small else "people"],
        party=PartyOrganisationKind(described["party"]) if "party" in described else None,
    )


def build(*, rng: Random, founded: date, small: bool) -> Enterprise:
    """Found the enterprise with everybody who works there on that day."""
    enterprise = Enterprise(planned(small=small))
    for place in enterprise.places.values():
        _add(place, enterprise)
    _name_things()
    _hire_all(enterprise, rng, founded)
    _appoint(enterprise, founded)
    _organise(enterprise, rng, founded)
    charged = {person.pk for people in enterprise.granted.values() for person in people}
    enterprise.plain = [p for place in enterprise.places.values() for p in place.people if p.pk not in charged]
    return enterprise


def _add(place: Place, enterprise: Enterprise) -> None:
    code = "LJ" if place.key == ROOT else f"LJ-{place.key}".upper()
    if place.key == ROOT:
        unit = services.found_enterprise(actor=None, name=place.name, code=code)
        services.set_duty_phones(actor=None, unit_id=unit.pk, phones="总值班室 0571-00000110")
    else:
        above = enterprise.places[place.above].unit_id
        unit = services.add_unit(actor=None, parent_id=above, name=place.name, code=code, kind=place.kind)
    place.unit_id = unit.pk


def _name_things() -> None:
    """Put the places and the equipment on their lists."""
    lists = tomllib.loads((DATA / "own_names.toml").read_text(encoding="utf-8"))
    for kind, lines in lists.items():
        services.add_names(actor=None, kind=OwnNameKind(kind), names=[spellings(line) for line in lines])


def _hire_all(enterprise: Enterprise, rng: Random, founded: date) -> None:
    """Everybody in the order of their numbers."""
    names = invented_names(rng)
    places = enterprise.places
    for place in places.values():
        place.people = []
    first = [key for key in PLAIN_FIRST if key in places]
    waiting = {key: dict.fromkeys(range(place.size)) for key, place in places.items()}
    order = [(key, places[key].size - 1) for key in first]
    for key in [*NUMBERED_FIRST, *places]:
        order += [(key, p) for p in waiting[key] if (key, p) not in order]
    seats: dict[str, dict[int, Person]] = {key: {} for key in places}
    for number, (key, position) in enumerate(dict.fromkeys(order), start=FIRST_NUMBER):
        person = hire(
            enterprise,
            key,
            next(names),
            number,
            title=places[key].title(position),
            since=_since(rng, founded, position),
        )
        seats[key][position] = person
    for key, taken in seats.items():
        places[key].people = [taken[position] for position in sorted(taken)]


def hire(enterprise: Enterprise, key: str, name: str, number: int, *, title: str, since: date) -> Person:
    """Take somebody on at a place."""
    person = services.add_person(
        actor=None,
        name=name,
        employee_no=str(number),
        unit_id=enterprise.places[key].unit_id,
        phone=invented_phone(number),
        job_title=title,
        started_on=since,
    )
    enterprise.key_of[person.pk] = key
    return person


def _since(rng: Random, founded: date, position: int) -> date:
    """Heads have been there for longer; most people began in July, after their studies."""
    years = rng.randint(10, 30) if position < 2 else rng.randint(1, 28)  # noqa: PLR2004
    day = date(founded.year - years, 7, rng.randint(1, 20)) if rng.random() < 0.7 else founded  # noqa: PLR2004
    return day if day < founded else founded - timedelta(days=rng.randint(300, 9000))


def grant(enterprise: Enterprise, role: Role, key: str, person: Person, since: date) -> None:
    """Charge somebody with a role at a place."""
    unit_id = enterprise.places[key].unit_id
    made = services.grant_role(actor=None, person_id=person.pk, role=role, unit_id=unit_id, started_on=since)
    enterprise.grant_ids[role, key, person.pk] = made.pk
    enterprise.granted.setdefault((role, key), []).append(person)


def _appoint(enterprise: Enterprise, since: date) -> None:
    """Posts for heads and deputies, and the roles."""
    for key, place in enterprise.places.items():
        for person, post in zip(place.people[:2], place.titles[:2], strict=False):
            services.give_post(actor=None, person_id=person.pk, name=post, unit_id=place.unit_id, started_on=since)
        for role, person in _roles(key, place):
            grant(enterprise, role, key, person, since)
    _appoint_at_the_top(enterprise, since)


def _roles(key: str, place: Place) -> Iterator[tuple[Role, Person]]:
    """Who holds what at their own place."""
    people = place.people
    if place.kind == UnitKind.TEAM:
        if place.above == "logistics" or key.endswith("-office"):
            yield from ((Role.HANDLER, person) for person in people[:2])
        return
    yield Role.UNIT_LEADER, people[0]
    if place.kind == UnitKind.COMPANY:
        yield Role.SUPERVISOR, people[1]
        yield Role.DISPATCHER, people[2]
        yield from ((Role.HANDLER, person) for person in people[3:5])
        yield Role.INSPECTOR, people[5]
    elif key != ROOT:
        yield from ((Role.HANDLER, person) for person in (people[1:2] if key == "logistics" else people[1:3]))
        if key in ("substation", "distribution") and len(people) > 4:  # noqa: PLR2004
            yield Role.DISPATCHER, people[4]


def _appoint_at_the_top(enterprise: Enterprise, since: date) -> None:
    """The desks of the whole company, and the three administrators, who do nothing else."""
    at = {key: enterprise.places[key].people for key in ("party", "office", "discipline", "hr")}
    for person in at["party"][3:6]:
        grant(enterprise, Role.DISPATCHER, ROOT, person, since)
    for person in (at["party"][0], at["office"][0]):
        grant(enterprise, Role.SUPERVISOR, ROOT, person, since)
    for person in (at["discipline"][0], at["discipline"][-1]):
        grant(enterprise, Role.INSPECTOR, ROOT, person, since)
    grant(enterprise, Role.APPRAISER, ROOT, at["hr"][-1], since)
    last = FIRST_NUMBER + sum(place.size for place in enterprise.places.values())
    administrators = (
        (Role.SYSTEM_ADMIN, "digital", "陶安", "系统管理员"),
        (Role.SECURITY_ADMIN, "hr", "施敏之", "安全管理员"),
        (Role.AUDIT_ADMIN, "discipline", "严正清", "审计管理员"),
    )
    for number, (role, key, name, title) in enumerate(administrators, start=last):
        grant(enterprise, role, ROOT, hire(enterprise, key, name, number, title=title, since=since), since)


def _organise(enterprise: Enterprise, rng: Random, since: date) -> None:
    """The Party organisations, who belongs to them, and who leads them."""
    made: dict[str, int] = {}
    for key, place in enterprise.places.items():
        if place.party is None:
            continue
        name = f"中共{place.name}委员会" if key == ROOT else place.name + _PARTY_WORDS[place.party]
        made[key] = _add_party(place, name, place.party, made.get(ROOT))
        if place.party == PartyOrganisationKind.GENERAL_BRANCH:
            for team in (one for one in enterprise.places.values() if one.above == key):
                made[team.key] = _add_party(team, f"{team.name}党支部", PartyOrganisationKind.BRANCH, made[key])
    for key, place in enterprise.places.items():
        home = key if key in made else place.above
        for position, person in enumerate(place.people):
            leads = position == 0 and key in made
            if leads or position == 1 or rng.random() < MEMBERS - 0.05:
                kind = MembershipKind.PROBATIONARY if not leads and rng.random() < PROBATIONARY else MembershipKind.FULL
                services.enrol_member(
                    actor=None, person_id=person.pk, party_organisation_id=made[home], kind=kind, started_on=since
                )
            if leads:
                _lead(enterprise, key, person, made[key], since)


def _add_party(place: Place, name: str, kind: PartyOrganisationKind, above: int | None) -> int:
    added = services.add_party_organisation(
        actor=None, name=name, code=f"D-{place.key}".upper(), kind=kind, unit_id=place.unit_id, parent_id=above
    )
    return added.pk


def _lead(enterprise: Enterprise, key: str, person: Person, party_organisation_id: int, since: date) -> None:
    post = {"root": "党委书记"}.get(key, "党总支书记" if _has_branches(enterprise, key) else "党支部书记")
    services.give_post(
        actor=None, person_id=person.pk, name=post, party_organisation_id=party_organisation_id, started_on=since
    )
    grant(enterprise, Role.BRANCH_SECRETARY, key, person, since)


def _has_branches(enterprise: Enterprise, key: str) -> bool:
    return enterprise.places[key].party == PartyOrganisationKind.GENERAL_BRANCH
