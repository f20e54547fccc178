"""Comparing people with the register: who would be added, changed, moved, taken back and ended."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lianxin.kernel.spreadsheets import plain
from lianxin.org.enums import MembershipKind, RosterOutcome, RosterPart, RosterReason
from lianxin.org.roster.columns import LEFT, NOTHING
from lianxin.org.roster.diff_rows import Line, Places, line_of, refuse_repeated
from lianxin.org.roster.fields import Numbers, PersonRow, Refused, because, folded_name, need
from lianxin.org.roster.parser import Row
from lianxin.org.roster.snapshot import Known, Node, Register

Cells = Mapping[str, Any]
"""What the cells of a row mean, by field."""

_LISTED = re.compile(r"[、,，;；/]")
_POST = 50


@dataclass(slots=True)
class Act:
    """What becomes of somebody; days left empty are the day of applying. `posts` begin: name, place, whether Party."""

    known: Known | None
    name: str
    phone: str
    unit: str = ""
    job_title: str = ""
    started_on: date | None = None
    leaves: bool = False
    last_day: date | None = None
    enrols: tuple[str, str] | None = None
    resigns: bool = False
    posts: list[tuple[str, str, bool]] = field(default_factory=list)
    posts_ended: list[int] = field(default_factory=list)
    email: str = ""


@dataclass
class Crowd:
    """What comparing people needs to know."""

    register: Register
    units: Places
    party: Places
    units_after: Mapping[str, Node]
    party_after: Mapping[str, Node]
    within: Callable[[str], bool]
    party_within: Callable[[str], bool]
    actor_id: int | None
    status_told: bool
    """Whether the file has a column of political status: a branch alone does not make a member then."""
    lines: list[Line] = field(default_factory=list)
    mentioned: set[str] = field(default_factory=set)

    def title(self, code: str) -> str:
        """A unit's name as it will be."""
        node = self.units_after.get(code) or self.register.units.get(code)
        return node.name if node else ""

    def party_title(self, code: str) -> str:
        """A Party organisation's name as it will be."""
        node = self.party_after.get(code) or self.register.party.get(code)
        return node.name if node else ""


def plan_people(crowd: Crowd, rows: list[Row]) -> None:
    """Fill `lines` and `mentioned`."""
    known = Numbers(crowd.register.people, (row.cells.get("employee_no") for row in rows))
    form = PersonRow(known)
    crowd.lines = [_plan_one(crowd, row, form) for row in rows]
    refuse_repeated(zip(crowd.lines, rows, strict=True))
    crowd.mentioned = {line.key for line in crowd.lines if line.key}


def _plan_one(crowd: Crowd, row: Row, form: PersonRow) -> Line:
    line = line_of(RosterPart.PEOPLE, row)
    form.take(row.cells)
    line.key, line.name = form.cleaned_data.get("employee_no", ""), form.cleaned_data.get("name", "")
    try:
        _compare(crowd, line, form.read(), crowd.register.people.get(line.key))
    except Refused as refused:
        line.refuse(refused.reason)
    return line


def _compare(crowd: Crowd, line: Line, cells: Cells, known: Known | None) -> None:
    phone = cells["phone"] or ""
    if known:
        same_name = folded_name(known.name) == folded_name(line.name)
        need(
            same_name or not phone or not known.phone or known.phone == phone,
            RosterReason.ANOTHER_PERSON,
            value=known.name,
        )
        # Written with other spaces, dots or capitals, it is the name that is recorded.
        line.name = known.name if same_name else line.name
        line.place = crowd.title(known.stay.unit) if known.stay else ""
        if known.stay:
            need(crowd.within(known.stay.unit), RosterReason.OUT_OF_REACH)
    leaves, last_day = _leaving(crowd, line, cells)
    if leaves:
        _end(crowd, line, known, last_day)
        return
    gone = cells["phone"] is None
    act = Act(known, line.name, "" if gone else phone or (known.phone if known else ""))
    act.email = "" if cells["email"] is None else cells["email"] or (known.email if known else "")
    _employ(crowd, line, cells, act)
    _enrol(crowd, line, cells, act)
    _give_posts(crowd, line, cells, act)
    if known and line.outcome == RosterOutcome.SAME:
        line.outcome = RosterOutcome.CHANGE if line.changes else RosterOutcome.SAME
    line.act = act if line.outcome != RosterOutcome.SAME else None


def _leaving(crowd: Crowd, line: Line, cells: Cells) -> tuple[bool, date | None]:
    """Whether the row says that somebody has left, and their last day."""
    last_day, state = cells["left_on"], cells["status"]
    if last_day and last_day > crowd.register.today:
        line.reasons.append(because(RosterReason.YET_TO_LEAVE, value=last_day))
        return False, None
    need(not (last_day and state and state != LEFT), RosterReason.CONTRADICTION)
    return bool(last_day) or state == LEFT, last_day


def _end(crowd: Crowd, line: Line, known: Known | None, last_day: date | None) -> None:
    if known is None:
        line.reasons.append(because(RosterReason.NEVER_HERE))
        return
    if known.left_on:
        return
    need(known.id != crowd.actor_id, RosterReason.OWN_ACCOUNT)
    first = known.stay.started_on if known.stay else crowd.register.today
    need((last_day or crowd.register.today) >= first, RosterReason.BEFORE_START, value=first)
    line.outcome = RosterOutcome.END
    line.changes = [["left_on", "", last_day.isoformat() if last_day else ""]]
    line.act = Act(known, known.name, known.phone, leaves=True, last_day=last_day)


def depart(crowd: Crowd, known: Known) -> Line:
    """The line of somebody who is missing from the file, and so has left."""
    line = Line(RosterPart.PEOPLE, "", 0, known.employee_no, known.name)
    line.place = crowd.title(known.stay.unit) if known.stay else ""
    line.reasons = [because(RosterReason.MISSING)]
    try:
        _end(crowd, line, known, None)
    except Refused as refused:
        line.refuse(refused.reason)
    return line


def _unit_of(crowd: Crowd, cells: Cells) -> str:
    path = "/".join(filter(None, (cells[name] for name in ("unit", "department", "team"))))
    code = crowd.units.find(path) if path else ""
    need(not code or crowd.within(code), RosterReason.OUT_OF_REACH)
    return code


def _employ(crowd: Crowd, line: Line, cells: Cells, act: Act) -> None:
    known = act.known
    unit, title, started_on = _unit_of(crowd, cells), cells["job_title"], cells["started_on"]
    if known is None or known.left_on:
        need(unit, RosterReason.UNIT_MISSING)
        act.unit, act.job_title, act.started_on = unit, title, started_on
        line.place, line.outcome = crowd.title(unit), RosterOutcome.ADD
        if known and known.left_on:
            line.outcome = RosterOutcome.RETURN
            need(known.left_on < crowd.register.today, RosterReason.LEFT_TODAY, value=known.left_on)
            act.started_on = started_on if started_on and started_on > known.left_on else None
            _note_changes(line, *_contacts(known, act))
        return
    stay = known.stay
    before = (crowd.title(stay.unit), stay.job_title) if stay else ("", "")
    act.unit, act.job_title = (
        unit or (crowd.units.onward(stay.unit) if stay else ""),
        title or (stay.job_title if stay else ""),
    )
    need(act.unit, RosterReason.UNIT_MISSING)
    if stay and (act.unit, act.job_title) != (stay.unit, stay.job_title):
        need(stay.started_on <= crowd.register.today, RosterReason.BEFORE_START, value=stay.started_on)
    line.place = crowd.title(act.unit)
    if stay is None or stay.unit != act.unit:
        line.outcome = RosterOutcome.MOVE
        line.changes.append(["unit", before[0], line.place])
    _note_changes(
        line,
        ("job_title", before[1], act.job_title),
        *_contacts(known, act),
    )


def _contacts(known: Known, act: Act) -> list[tuple[str, str, str]]:
    return [(name, getattr(known, name), getattr(act, name)) for name in ("name", "phone", "email")]


def _note_changes(line: Line, *pairs: tuple[str, str, str]) -> None:
    line.changes += [[name, before, after] for name, before, after in pairs if before != after]


def _enrol(crowd: Crowd, line: Line, cells: Cells, act: Act) -> None:
    """Membership: of whom the status says so, or, without such a column, of whom a Party organisation is given."""
    present = act.known.enrolment if act.known and not act.known.left_on else None
    kind, named = cells["political_status"], cells["party_organisation"]
    if kind is None:
        if present:
            act.resigns = True
            _note_changes(line, ("party_organisation", crowd.party_title(present.party_organisation), ""))
        return
    if not named or (crowd.status_told and not kind):
        if kind and not present:
            line.reasons.append(because(RosterReason.NO_ORGANISATION))
        elif kind and present and kind != present.kind:
            need(crowd.party_within(present.party_organisation), RosterReason.OUT_OF_REACH)
            act.enrols = (present.party_organisation, kind)
            _note_changes(line, ("membership", present.kind, kind))
        return
    organisation = crowd.party.find(named)
    kind = kind or (present.kind if present else MembershipKind.FULL.value)
    if present and (present.party_organisation, present.kind) == (organisation, kind):
        return
    need(crowd.party_within(organisation), RosterReason.OUT_OF_REACH)
    act.enrols = (organisation, kind)
    before = crowd.party_title(present.party_organisation) if present else ""
    _note_changes(
        line,
        ("party_organisation", before, crowd.party_title(organisation)),
        ("membership", present.kind if present else "", kind),
    )


def _give_posts(crowd: Crowd, line: Line, cells: Cells, act: Act) -> None:
    """Posts at the unit and in the Party organisation: what the cell lists is what is held from now on."""
    held = act.known.posts if act.known and not act.known.left_on else []
    member_of = act.enrols[0] if act.enrols else ""
    if not member_of and act.known and act.known.enrolment and not act.resigns:
        member_of = act.known.enrolment.party_organisation
    for name, place, party in (("post", act.unit, False), ("party_post", member_of, True)):
        text = cells[name]
        if not text:
            continue
        wanted = (
            [] if plain(text) in NOTHING else list(dict.fromkeys(p.strip() for p in _LISTED.split(text) if p.strip()))
        )
        need(all(len(post) <= _POST for post in wanted), RosterReason.TOO_LONG, value=text[:20])
        if wanted and not place:
            line.reasons.append(because(RosterReason.NO_ORGANISATION))
            continue
        now = [post for post in held if post.party == party]
        kept = [post for post in now if post.name in wanted and post.place == place]
        act.posts_ended += [post.id for post in now if post not in kept]
        act.posts += [(post, place, party) for post in wanted if post not in {k.name for k in kept}]
        if len(kept) < len(now) or len(kept) < len(wanted):
            places = {place, *(post.place for post in now)} - {""}
            need(all(map(crowd.party_within if party else crowd.within, places)), RosterReason.OUT_OF_REACH)
            before = "、".join(post.name for post in now)
            line.changes.append([name, before, "、".join(wanted)])
