"""Putting a plan together: units, Party organisations and people, and what only shows when all of them are known."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

from lianxin.org.enums import RosterOutcome, RosterPart, RosterReason
from lianxin.org.models import Person
from lianxin.org.roster.diff_rows import Line, above_of
from lianxin.org.roster.fields import Refused, because
from lianxin.org.roster.parser import Contents
from lianxin.org.roster.people_diff import Act, Crowd, depart, plan_people
from lianxin.org.roster.roles_diff import plan_roles
from lianxin.org.roster.snapshot import Known, Register
from lianxin.org.roster.tree_diff import Forest, plan_forest, reject


@dataclass
class Plan:
    """What a roster comes to."""

    units: Forest
    party: Forest
    people: list[Line]
    present: int
    """How many people within reach have not left."""
    missing: int
    """How many of them the file does not mention."""
    roles: list[Line] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        return [*self.units.lines, *self.party.lines, *self.people, *self.roles]

    def counts(self) -> dict[str, int]:
        """How many rows have each outcome, and how many people are missing."""
        return {**Counter(line.outcome.value for line in self.lines), "missing": self.missing}

    def digest(self) -> str:
        """What stands for exactly this plan."""
        whole = blake2b(digest_size=32)
        for line in self.lines:
            whole.update(fingerprint(line))
        return whole.hexdigest()


def fingerprint(line: Line) -> bytes:
    """What stands for exactly this line."""
    told = [line.part, line.sheet, line.row, line.key, line.name, line.place, line.outcome, line.changes, line.reasons]
    return blake2b(json.dumps(told).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def make_plan(
    contents: Contents,
    register: Register,
    *,
    actor: Person | None,
    reach: Iterable[str] | None,
    missing_left: bool,
    progress: Callable[[], None] = lambda: None,
) -> Plan:
    """Compare a roster with the register.

    `actor`: whose own account may not be ended; `reach`: the paths of the units below which they are charged (None
    is everywhere); `missing_left`: whether people whom the file does not mention have left; `progress` is called after
    each of the four steps.
    """
    paths = None if reach is None else list(reach)
    units = Forest(RosterPart.UNITS, register.units, lambda code: _within(units, code, paths))
    plan_forest(units, contents.rows[RosterPart.UNITS])
    _keep_where_roles_are_held(units, register)
    progress()
    party = _plan_party(contents, register, units)
    progress()
    crowd = Crowd(
        register,
        units.places(),
        party.places(),
        units.after,
        party.after,
        units.within,
        lambda code: party.within(code) if code in party.after else True,
        actor.pk if actor else None,
        contents.has(RosterPart.PEOPLE, "political_status"),
    )
    plan_people(crowd, contents.rows[RosterPart.PEOPLE])
    progress()
    # A file without people says nothing of anybody.
    has_people = bool(contents.rows[RosterPart.PEOPLE])
    present, missing = _who_is_missing(crowd, add=missing_left and has_people)
    missing = missing if has_people else 0
    _keep_administrators(crowd)
    _settle_phones(crowd)
    _settle_endings(units, party, crowd)
    progress()
    roles = plan_roles(contents.rows[RosterPart.ROLES], register, crowd.units, actor)
    return Plan(units, party, crowd.lines, present, missing, roles)


def _plan_party(contents: Contents, register: Register, units: Forest) -> Forest:
    """Party organisations; whoever is charged with the unit is charged with them."""
    party = Forest(RosterPart.PARTY, register.party, lambda code: units.within(party.after[code].unit), units=units)
    plan_forest(party, contents.rows[RosterPart.PARTY])
    _follow_mergers(units, party)
    return party


def _who_is_missing(crowd: Crowd, *, add: bool) -> tuple[int, int]:
    """How many people within reach are present, and how many of them the file leaves out; `add` their lines."""
    here = [
        one for one in crowd.register.people.values() if not one.left_on and one.stay and crowd.within(one.stay.unit)
    ]
    missing = [known for known in here if known.employee_no not in crowd.mentioned]
    if add:
        crowd.lines += [depart(crowd, known) for known in missing]
    return len(here), len(missing)


def _within(units: Forest, code: str, paths: list[str] | None) -> bool:
    """Whether a unit, or the first one above it that is there already, lies within reach."""
    if paths is None:
        return True
    node = units.after.get(code) or units.before.get(code)
    while node and not node.path:
        node = units.after.get(node.parent)
    return node is not None and any(node.path.startswith(path) for path in paths)


def _keep_where_roles_are_held(units: Forest, register: Register) -> None:
    for line in units.lines:
        if line.outcome == RosterOutcome.END and line.act and line.key in register.role_units:
            reject(units, line, Refused(RosterReason.STILL_ROLES))


def _follow_mergers(units: Forest, party: Forest) -> None:
    """What hangs on a merged unit goes over to its successor."""
    for forest in (units, party):
        for node in forest.after.values():
            above = forest.after.get(node.parent)
            if above and above.ended and above.merged_into and not node.ended:
                node.parent = above.merged_into
    for node in party.after.values():
        unit = units.after.get(node.unit)
        if unit and unit.ended and unit.merged_into and not node.ended:
            node.unit = unit.merged_into


def _keep_administrators(crowd: Crowd) -> None:
    """The enterprise keeps somebody in each administrator's role."""
    acts = [(line, line.act) for line in crowd.lines if isinstance(line.act, Act)]
    ending = {act.known.id: line for line, act in acts if act.leaves and act.known}
    for role, holders in crowd.register.administrators.items():
        if holders and not holders - ending.keys():
            for holder in holders:
                ending[holder].refuse(because(RosterReason.LAST_ADMINISTRATOR, value=role.value))


def _settle_phones(crowd: Crowd) -> None:
    """Two people never have one phone, nor one the number of another: rows that would bring it about are rejected.

    Rows that collide with what stays go first. Only then those that collide with each other, so that the same file
    comes to the same the next time.
    """
    fallen = True
    while fallen:
        claims = _Claims(crowd)
        lines = [line for line in crowd.lines if isinstance(line.act, Act)]
        colliding = [(line, others) for line in lines if (others := claims.others(line, line.act))]
        firm = [(line, others) for line, others in colliding if not all(other.fresh for other in others)]
        for line, others in firm or colliding:
            line.refuse(because(RosterReason.PHONE_TAKEN, value=others[0].name))
        fallen = bool(colliding)


class _Claim(NamedTuple):
    """Somebody has a number or a phone; `fresh`: only by a row of the file."""

    number: str
    name: str
    fresh: bool


class _Claims:
    """Who would have which employee number and which phone."""

    def __init__(self, crowd: Crowd) -> None:
        known = crowd.register.people
        acts = {line.key: line.act for line in crowd.lines if isinstance(line.act, Act)}
        self._numbers = {number: _Claim(number, one.name, fresh=False) for number, one in known.items()}
        self._phones: dict[str, list[_Claim]] = {}
        for number, act in acts.items():
            self._numbers.setdefault(number, _Claim(number, act.name, fresh=True))
        for number, claim in self._numbers.items():
            before, wanted = known.get(number), acts.get(number)
            # The phone of somebody who has left is free for others.
            phone = wanted.phone if wanted else before.phone if before and not before.left_on else ""
            if phone and not (wanted and wanted.leaves):
                fresh = before is None or before.left_on is not None or phone != before.phone
                self._phones.setdefault(phone, []).append(claim._replace(fresh=fresh))

    def others(self, line: Line, act: Act) -> list[_Claim]:
        """Those with whom what is new in a row collides, the firm ones first."""
        found: list[_Claim] = []
        if act.leaves:
            return []
        returns = act.known is not None and act.known.left_on is not None
        if act.phone and (act.known is None or returns or act.known.phone != act.phone):
            found = [*self._phones[act.phone], *filter(None, [self._numbers.get(act.phone)])]
        if act.known is None:
            found += self._phones.get(line.key, ())
        return sorted((one for one in found if one.number != line.key), key=lambda one: one.fresh)


def _settle_endings(units: Forest, party: Forest, crowd: Crowd) -> None:
    """What ends must be empty: children, people, posts, Party organisations. One that stays keeps what is above it."""
    people, members, posts = _whereabouts(crowd)
    fallen = True
    while fallen:
        fallen = False
        for forest in (party, units):
            for line in forest.lines:
                if line.outcome != RosterOutcome.END or line.act is None:
                    continue
                reason = _obstacle(forest, line.key, party, (members if forest is party else people), posts)
                if reason:
                    reject(forest, line, reason)
                    fallen = True
    for line in units.lines:
        node = units.after.get(line.key)
        if line.outcome == RosterOutcome.END and line.act and node and node.merged_into:
            line.reasons = [because(RosterReason.TAKES_ALONG, value=people[line.key])]


def _obstacle(
    forest: Forest, code: str, party: Forest, people: "Counter[str]", posts: "Counter[tuple[bool, str]]"
) -> Refused | None:
    if forest.after[code].merged_into:
        return None
    if any(node.parent == code and not node.ended for node in forest.after.values()):
        return Refused(RosterReason.STILL_BELOW)
    if people[code]:
        return Refused(RosterReason.STILL_PEOPLE, value=people[code])
    if forest is not party and any(node.unit == code and not node.ended for node in party.after.values()):
        return Refused(RosterReason.STILL_PARTY)
    if posts[forest is party, code]:
        return Refused(RosterReason.STILL_POSTS)
    return None


def _whereabouts(crowd: Crowd) -> "tuple[Counter[str], Counter[str], Counter[tuple[bool, str]]]":
    """How many people each unit, each Party organisation and each place of posts will have."""
    acts = {line.key: line.act for line in crowd.lines if isinstance(line.act, Act)}
    people: Counter[str] = Counter()
    members: Counter[str] = Counter()
    posts: Counter[tuple[bool, str]] = Counter()
    everybody: dict[str, Known | None] = {**dict.fromkeys(acts), **crowd.register.people}
    for number, known in everybody.items():
        act = acts.get(number)
        if (act and act.leaves) or (known and known.left_on and not act):
            continue
        people[act.unit if act else known.stay.unit if known and known.stay else ""] += 1
        if act and act.enrols:
            members[act.enrols[0]] += 1
        elif known and known.enrolment and not (act and act.resigns):
            members[known.enrolment.party_organisation] += 1
        ended = set(act.posts_ended) if act else set()
        posts.update((post.party, post.place) for post in (known.posts if known else ()) if post.id not in ended)
        posts.update((party, place) for _name, place, party in (act.posts if act else ()))
    return people, members, posts


def order_of(forest: Forest) -> list[Line]:
    """The rows that change a forest, each after the one for the place above it."""
    lines = [line for line in forest.lines if line.act is not None]
    depth = {line.key: len(above_of(forest.after, line.key)) for line in lines}
    return sorted(lines, key=lambda line: depth[line.key])
