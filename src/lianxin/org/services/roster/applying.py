"""Carrying out a plan: places by the services that pages use, one by one; people in sets, for there are many."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import connection

from lianxin.kernel import clock
from lianxin.ledger.queries import Event
from lianxin.ledger.services import append_events
from lianxin.org.enums import PartyOrganisationKind, RosterOutcome, UnitKind
from lianxin.org.events import (
    PersonCorrected,
    PersonLeft,
    PersonReturned,
    person_corrected,
    person_left,
    person_returned,
)
from lianxin.org.models import Employment, Membership, PartyOrganisation, Person, Post, Unit
from lianxin.org.services.party import (
    NewPartyOrganisation,
    add_party_organisations,
    end_party_organisation,
    move_party_organisation,
    place_party_organisation,
    rename_party_organisation,
)
from lianxin.org.services.record import capacity
from lianxin.org.services.roles import end_all_roles
from lianxin.org.services.roster.lines import Line
from lianxin.org.services.roster.people import Act
from lianxin.org.services.roster.planning import Plan, order_of
from lianxin.org.services.roster.register import Known, Node
from lianxin.org.services.roster.trees import Forest
from lianxin.org.services.units import (
    NewUnit,
    add_units,
    end_unit,
    found_enterprise,
    merge_unit,
    move_unit,
    rename_unit,
)

BATCH = 2_000

STEPS = 6


def apply_plan(plan: Plan, *, actor: Person | None, progress: Callable[[], None]) -> None:
    """Carry out a plan that has been made in this transaction, with everything locked that it rests on.

    `progress` is called after each of the `STEPS`.

    Raises:
        Invalid, NotAllowed: a service refused what the plan did not foresee; nothing may stay.
    """
    _shape_units(plan, actor)
    progress()
    _shape_party(plan, actor)
    progress()
    crowd = _Crowd(plan, actor)
    crowd.begin()
    progress()
    crowd.change()
    progress()
    crowd.leave()
    progress()
    _end_places(plan, actor)
    progress()


def _runs(forest: Forest) -> list[tuple[bool, list[Node]]]:
    """What becomes of a tree, parents first: the places that are new and those that change, in turns."""
    nodes = [forest.after[line.key] for line in order_of(forest)]
    shaped = [node for node in nodes if node != forest.before.get(node.code)]
    return [(are_new, list(run)) for are_new, run in groupby(shaped, key=lambda node: node.code not in forest.before)]


def _shape_units(plan: Plan, actor: Person | None) -> None:
    ids = {code: node.id for code, node in plan.units.before.items()}
    for are_new, nodes in _runs(plan.units):
        if are_new:
            _add_units(nodes, actor, ids)
            continue
        for node in nodes:
            old = plan.units.before[node.code]
            if (old.name, old.kind) != (node.name, node.kind):
                rename_unit(actor=actor, unit_id=old.id, name=node.name, kind=UnitKind(node.kind))
            if old.parent != node.parent:
                move_unit(actor=actor, unit_id=old.id, parent_id=ids[node.parent])


def _add_units(nodes: list[Node], actor: Person | None, ids: dict[str, int]) -> None:
    """Add units that follow one another; note their ids."""
    roots = [node for node in nodes if not node.parent]
    for node in roots:
        unit = found_enterprise(actor=actor, name=node.name, code=node.code)
        rename_unit(actor=actor, unit_id=unit.pk, name=node.name, kind=UnitKind(node.kind))
        ids[node.code] = unit.pk
    below = [NewUnit(node.name, node.code, UnitKind(node.kind), node.parent) for node in nodes if node.parent]
    added = add_units(actor=actor, units=below)
    ids.update({unit.code: unit.pk for unit in added})


def _shape_party(plan: Plan, actor: Person | None) -> None:
    ids = {code: node.id for code, node in plan.party.before.items()}
    units = dict(Unit.objects.values_list("code", "id"))
    for are_new, nodes in _runs(plan.party):
        if are_new:
            wanted = [
                NewPartyOrganisation(n.name, n.code, PartyOrganisationKind(n.kind), units[n.unit], n.parent)
                for n in nodes
            ]
            added = add_party_organisations(actor=actor, organisations=wanted)
            ids.update({row.code: row.pk for row in added})
            continue
        for node in nodes:
            _change_party(node, plan.party.before[node.code], actor, ids, units)


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


class _Crowd:
    """The people of a plan. What is written, and what is recorded of it, is what the services for one person do."""

    def __init__(self, plan: Plan, actor: Person | None) -> None:
        self.actor, self.actor_id, self.capacity = actor, actor.pk if actor else None, capacity(actor)
        self.today, self.now = clock.today(), clock.now()
        self.lines = [(line, line.act) for line in plan.people if isinstance(line.act, Act)]
        self.units = dict(Unit.objects.values_list("code", "id"))
        self.party = dict(PartyOrganisation.objects.values_list("code", "id"))
        self.ids = {line.key: act.known.id for line, act in self.lines if act.known}

    def begin(self) -> None:
        """Add those who are new, and employ who is back."""
        # Phones change hands, to who is new too, and at no moment may two have the same.
        _run("UPDATE org_person SET phone = NULL WHERE id = ANY(%s)", [known.id for _l, _a, known in self._changed()])
        new = [(line, act) for line, act in self.lines if act.known is None]
        people = [Person(name=act.name, employee_no=line.key, phone=act.phone or None) for line, act in new]
        for person in Person.objects.bulk_create(people, BATCH):
            self.ids[person.employee_no] = person.pk
        back = [(line, act) for line, act in self.lines if line.outcome == RosterOutcome.RETURN]
        Person.objects.filter(pk__in=[self.ids[line.key] for line, _act in back]).update(left_on=None)
        self._employ([(line, act, act.started_on or self.today) for line, act in (*new, *back)])
        for action, some in (("add", new), ("return", back)):
            self._note(
                action,
                (
                    (line, {"unit": self.units[act.unit], "started_on": act.started_on or self.today})
                    for line, act in some
                ),
            )
        for line, _act in back:
            person_returned.publish(PersonReturned(self.ids[line.key], self.actor_id))

    def change(self) -> None:
        """Put right, move, enrol, give posts."""
        self._correct()
        self._move()
        self._enrol()
        self._give_posts()

    def _correct(self) -> None:
        changed = self._changed()
        _run(
            """
            UPDATE org_person SET name = given.name, phone = NULLIF(given.phone, '')
            FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS given (id, name, phone)
            WHERE org_person.id = given.id
            """,
            [known.id for _l, _a, known in changed],
            [act.name for _l, act, _k in changed],
            [act.phone for _l, act, _k in changed],
        )
        fields = {
            line.key: [
                name
                for name, same in (("name", known.name == act.name), ("phone", known.phone == act.phone))
                if not same
            ]
            for line, act, known in changed
        }
        self._note("correct", ((line, {"fields": fields[line.key]}) for line, _act, _known in changed))
        for line, _act, known in changed:
            person_corrected.publish(PersonCorrected(known.id, line.key, self.actor_id))

    def _changed(self) -> list[tuple[Line, Act, Known]]:
        """Who gets another name or phone."""
        return [
            (line, act, act.known)
            for line, act in self.lines
            if act.known and (act.known.name, act.known.phone) != (act.name, act.phone)
        ]

    def _move(self) -> None:
        moved = [
            (line, act, act.known)
            for line, act in self.lines
            if act.known
            and not act.leaves
            and not act.known.left_on
            and (act.known.stay is None or act.known.stay[1:3] != (act.unit, act.job_title))
        ]
        stays = [(known.stay.id, known.stay.started_on) for _line, _act, known in moved if known.stay]
        self._close(Employment, stays, self.today - timedelta(days=1))
        self._employ([(line, act, self.today) for line, act, _known in moved])
        self._note(
            "move",
            (
                (
                    line,
                    {
                        "unit": [self.units[known.stay.unit] if known.stay else None, self.units[act.unit]],
                        "started_on": self.today,
                    },
                )
                for line, act, known in moved
            ),
        )

    def _employ(self, stays: list[tuple[Line, Act, date]]) -> None:
        rows = [
            Employment(
                person_id=self.ids[line.key], unit_id=self.units[act.unit], job_title=act.job_title, started_on=since
            )
            for line, act, since in stays
        ]
        Employment.objects.bulk_create(rows, BATCH)

    def _enrol(self) -> None:
        joining = [(line, act, act.enrols) for line, act in self.lines if act.enrols]
        present = {line.key: act.known.enrolment for line, act in self.lines if act.known and act.known.enrolment}
        replaced = [present[line.key] for line, _act, _e in joining if line.key in present]
        self._close(Membership, [(row.id, row.started_on) for row in replaced], self.today - timedelta(days=1))
        rows = [
            Membership(
                person_id=self.ids[line.key],
                party_organisation_id=self.party[organisation],
                kind=kind,
                started_on=self.today,
            )
            for line, _act, (organisation, kind) in joining
        ]
        Membership.objects.bulk_create(rows, BATCH)
        self._note(
            "enrol",
            (
                (line, {"party_organisation": self.party[organisation], "kind": kind, "started_on": self.today})
                for line, _act, (organisation, kind) in joining
            ),
        )
        gone = [(line, present[line.key]) for line, act in self.lines if act.resigns and line.key in present]
        self._close(Membership, [(row.id, row.started_on) for _line, row in gone], self.today)
        self._note("end_membership", ((line, {"membership": row.id, "last_day": self.today}) for line, row in gone))

    def _give_posts(self) -> None:
        ended = [
            (line, post)
            for line, act in self.lines
            for post in (act.known.posts if act.known and act.posts_ended else ())
            if post.id in act.posts_ended
        ]
        self._close(Post, [(post.id, post.started_on) for _line, post in ended], self.today)
        self._note("end_post", ((line, {"post": post.id, "last_day": self.today}) for line, post in ended))
        given = [(line, *post) for line, act in self.lines for post in act.posts]
        rows = [
            Post(
                person_id=self.ids[line.key],
                name=name,
                unit_id=None if party else self.units[place],
                party_organisation_id=self.party[place] if party else None,
                started_on=self.today,
            )
            for line, name, place, party in given
        ]
        Post.objects.bulk_create(rows, BATCH)
        self._note(
            "give_post",
            (
                (
                    line,
                    {
                        "post": row.pk,
                        "unit": row.unit_id,
                        "party_organisation": row.party_organisation_id,
                        "name": row.name,
                    },
                )
                for (line, *_post), row in zip(given, rows, strict=True)
            ),
        )

    def leave(self) -> None:
        """Record departures; accounts close as they are told."""
        leaving = [(line, self.ids[line.key], act.last_day or self.today) for line, act in self.lines if act.leaves]
        ids, days = [pk for _line, pk, _day in leaving], [day for _line, _pk, day in leaving]
        last = dict(zip(ids, days, strict=True))
        charged = Person.objects.filter(pk__in=ids, role_grants__isnull=False).distinct()
        for person in charged:
            end_all_roles(self.actor, person, last_day=min(last[person.pk], self.today - timedelta(days=1)))
        given = "unnest(%s::bigint[], %s::date[]) AS given (id, day)"
        for model in (Employment, Membership, Post):
            table = model._meta.db_table  # noqa: SLF001 - Django's public name for it
            lasting = "person_id = given.id AND (ended_on IS NULL OR ended_on > given.day)"
            _run(f"DELETE FROM {table} USING {given} WHERE {lasting} AND started_on > given.day", ids, days)  # noqa: S608
            _run(f"UPDATE {table} SET ended_on = given.day FROM {given} WHERE {lasting}", ids, days)  # noqa: S608
        _run(f"UPDATE org_person SET left_on = given.day FROM {given} WHERE org_person.id = given.id", ids, days)  # noqa: S608
        self._note("leave", ((line, {"last_day": day}) for line, _pk, day in leaving))
        for _line, pk, day in leaving:
            person_left.publish(PersonLeft(pk, day, self.actor_id))

    def _close(self, model: type[Any], rows: list[tuple[int, date]], last_day: date) -> None:
        """End rows on a day; those that began later never were."""
        model.objects.filter(pk__in=[pk for pk, since in rows if since > last_day]).delete()
        model.objects.filter(pk__in=[pk for pk, since in rows if since <= last_day]).update(ended_on=last_day)

    def _note(self, action: str, facts: Iterable[tuple[Line, dict[str, Any]]]) -> None:
        append_events(
            Event(
                subject_type="org.person",
                subject_id=str(self.ids[line.key]),
                action=action,
                actor_id=self.actor_id,
                role=self.capacity,
                at=self.now,
                data=data,
            )
            for line, data in facts
        )


def _run(statement: str, *given: list[Any]) -> None:
    """One statement for many rows, whose values come as columns."""
    if given[0]:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
