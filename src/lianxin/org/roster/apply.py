"""Carrying out a plan by the services that the pages use."""

from collections.abc import Callable

from lianxin.kernel import timezone
from lianxin.org.enums import MembershipKind, PartyOrganisationKind, RosterOutcome, UnitKind
from lianxin.org.models import PartyOrganisation, Person, Unit
from lianxin.org.roster.diff_rows import Line
from lianxin.org.roster.people_diff import Act
from lianxin.org.roster.plan import Plan, order_of
from lianxin.org.roster.roles_diff import apply_roles
from lianxin.org.roster.snapshot import Known, Node
from lianxin.org.roster.tree_diff import Forest
from lianxin.org.services import (
    NewMember,
    NewPerson,
    NewPost,
    add_party_organisation,
    add_people,
    add_unit,
    correct_person,
    end_membership,
    end_party_organisation,
    end_post,
    end_unit,
    enrol_members,
    found_enterprise,
    give_posts,
    merge_unit,
    move_party_organisation,
    move_person,
    move_unit,
    place_party_organisation,
    record_departure,
    rename_party_organisation,
    rename_unit,
    take_back_person,
)

PEOPLE_A_STEP = 500
"""So many people are applied together; then the progress moves on."""


def steps_of(plan: Plan) -> int:
    """How often `apply_plan` tells its progress."""
    people = sum(isinstance(line.act, Act) for line in plan.people)
    return 3 + -(-people // PEOPLE_A_STEP)


def apply_plan(plan: Plan, *, actor: Person | None, progress: Callable[[], None]) -> None:
    """Carry out a plan that has been made in this transaction, with everything locked that it rests on.

    `progress` is called `steps_of(plan)` times.

    Raises:
        ValidationFailed, PermissionDenied: a service refused what the plan did not foresee; nothing may stay.
    """
    _shape_units(plan, actor)
    _shape_party(plan, actor)
    progress()
    _People(plan, actor).apply(progress)
    progress()
    _end_places(plan, actor)
    apply_roles(plan.roles, actor)
    progress()


def _shaped(forest: Forest) -> list[Node]:
    """The places that are new or change, parents first."""
    nodes = [forest.after[line.key] for line in order_of(forest)]
    return [node for node in nodes if node != forest.before.get(node.code)]


def _shape_units(plan: Plan, actor: Person | None) -> None:
    ids = {code: node.id for code, node in plan.units.before.items()}
    for node in _shaped(plan.units):
        old, kind = plan.units.before.get(node.code), UnitKind(node.kind)
        if old is None and node.parent:
            added = add_unit(actor=actor, parent_id=ids[node.parent], name=node.name, code=node.code, kind=kind)
            ids[node.code] = added.pk
        elif old is None:
            ids[node.code] = found_enterprise(actor=actor, name=node.name, code=node.code).pk
            rename_unit(actor=actor, unit_id=ids[node.code], name=node.name, kind=kind)
        else:
            if (old.name, old.kind) != (node.name, node.kind):
                rename_unit(actor=actor, unit_id=old.id, name=node.name, kind=kind)
            if old.parent != node.parent:
                move_unit(actor=actor, unit_id=old.id, parent_id=ids[node.parent])


def _shape_party(plan: Plan, actor: Person | None) -> None:
    ids = {code: node.id for code, node in plan.party.before.items()}
    units = dict(Unit.objects.values_list("code", "id"))
    for node in _shaped(plan.party):
        old = plan.party.before.get(node.code)
        if old:
            _change_party(node, old, actor, ids, units)
            continue
        added = add_party_organisation(
            actor=actor,
            name=node.name,
            code=node.code,
            kind=PartyOrganisationKind(node.kind),
            unit_id=units[node.unit],
            parent_id=ids[node.parent] if node.parent else None,
        )
        ids[node.code] = added.pk


def _change_party(node: Node, old: Node, actor: Person | None, ids: dict[str, int], units: dict[str, int]) -> None:
    kind = PartyOrganisationKind(node.kind)
    parent_id = ids[node.parent] if node.parent else None
    if (old.name, old.kind) != (node.name, node.kind):
        rename_party_organisation(actor=actor, party_organisation_id=old.id, name=node.name, kind=kind)
    if old.parent != node.parent:
        move_party_organisation(actor=actor, party_organisation_id=old.id, parent_id=parent_id)
    if old.unit != node.unit:
        place_party_organisation(actor=actor, party_organisation_id=old.id, unit_id=units[node.unit])


def _end_places(plan: Plan, actor: Person | None) -> None:
    """The lowest first; Party organisations before the units at which they stand."""
    for line in reversed(order_of(plan.party)):
        if line.outcome == RosterOutcome.END:
            end_party_organisation(actor=actor, party_organisation_id=plan.party.before[line.key].id)
    for line in reversed(order_of(plan.units)):
        node = plan.units.after[line.key]
        if line.outcome == RosterOutcome.END and node.merged_into:
            merge_unit(actor=actor, unit_id=node.id, into_id=Unit.objects.get(code=node.merged_into).pk)
        elif line.outcome == RosterOutcome.END:
            end_unit(actor=actor, unit_id=node.id)


class _People:
    """The people of a plan."""

    def __init__(self, plan: Plan, actor: Person | None) -> None:
        self.actor, self.today = actor, timezone.today()
        self.lines = [(line, line.act) for line in plan.people if isinstance(line.act, Act)]
        self.units = dict(Unit.objects.values_list("code", "id"))
        self.party = dict(PartyOrganisation.objects.values_list("code", "id"))

    def apply(self, progress: Callable[[], None]) -> None:
        """Who leaves goes first, and phones that pass to others are given up, so that nobody meets a taken one."""
        wanted = {act.phone for _line, act in self.lines if act.phone and not act.leaves}
        wanted |= {line.key for line, act in self.lines if act.known is None}
        for _line, act in self.lines:
            known = act.known
            if known and not act.leaves and known.phone in wanted - {act.phone}:
                self._correct(known, known.name, "", known.email)
        ordered = sorted(self.lines, key=lambda pair: not pair[1].leaves)
        for start in range(0, len(ordered), PEOPLE_A_STEP):
            self._apply_some(ordered[start : start + PEOPLE_A_STEP])
            progress()

    def _apply_some(self, lines: list[tuple[Line, Act]]) -> None:
        """Whoever is new, belongs to a Party organisation or holds a post from now on goes together."""
        for _line, act in lines:
            if act.leaves and act.known:
                record_departure(actor=self.actor, person_id=act.known.id, last_day=act.last_day)
        staying = [(line, act) for line, act in lines if not act.leaves]
        ids = self._add([(line, act) for line, act in staying if act.known is None])
        for line, act in staying:
            if act.known:
                self._change(line, act, act.known)
                ids[line.key] = act.known.id
        self._enrol(staying, ids)
        self._give_posts(staying, ids)

    def _add(self, lines: list[tuple[Line, Act]]) -> dict[str, int]:
        """Add people; return their ids by employee number."""
        newcomers = [
            NewPerson(
                name=act.name,
                employee_no=line.key,
                phone=act.phone,
                email=act.email,
                unit_id=self.units[act.unit],
                job_title=act.job_title,
                started_on=act.started_on,
            )
            for line, act in lines
        ]
        added = add_people(actor=self.actor, newcomers=newcomers)
        return {line.key: person.pk for (line, _act), person in zip(lines, added, strict=True)}

    def _change(self, line: Line, act: Act, known: Known) -> None:
        place = {"unit_id": self.units[act.unit], "job_title": act.job_title}
        if line.outcome == RosterOutcome.RETURN:
            take_back_person(actor=self.actor, person_id=known.id, started_on=act.started_on, **place)
        if (known.name, known.phone, known.email) != (act.name, act.phone, act.email):
            self._correct(known, act.name, act.phone, act.email)
        if not known.left_on and (known.stay is None or known.stay[1:3] != (act.unit, act.job_title)):
            move_person(actor=self.actor, person_id=known.id, started_on=self.today, **place)

    def _correct(self, known: Known, name: str, phone: str, email: str) -> None:
        number = known.employee_no
        correct_person(actor=self.actor, person_id=known.id, name=name, employee_no=number, phone=phone, email=email)

    def _enrol(self, lines: list[tuple[Line, Act]], ids: dict[str, int]) -> None:
        newcomers = [
            NewMember(
                person_id=ids[line.key],
                party_organisation_id=self.party[act.enrols[0]],
                kind=MembershipKind(act.enrols[1]),
                started_on=self.today,
            )
            for line, act in lines
            if act.enrols
        ]
        enrol_members(actor=self.actor, newcomers=newcomers)
        for _line, act in lines:
            if act.resigns and act.known and act.known.enrolment:
                end_membership(actor=self.actor, membership_id=act.known.enrolment.id, last_day=self.today)

    def _give_posts(self, lines: list[tuple[Line, Act]], ids: dict[str, int]) -> None:
        for _line, act in lines:
            for post_id in act.posts_ended:
                end_post(actor=self.actor, post_id=post_id, last_day=self.today)
        wanted = [
            NewPost(
                person_id=ids[line.key],
                name=name,
                unit_id=None if party else self.units[place],
                party_organisation_id=self.party[place] if party else None,
                started_on=self.today,
            )
            for line, act in lines
            for name, place, party in act.posts
        ]
        give_posts(actor=self.actor, wanted=wanted)
