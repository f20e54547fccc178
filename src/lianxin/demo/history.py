"""What changes in the enterprise itself: people come, move and leave, a unit moves, a desk changes hands."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lianxin.demo.enterprise import FIRST_NUMBER, ROOT, Enterprise, grant, hire
from lianxin.demo.names import invented_names
from lianxin.demo.simulation import Story, World
from lianxin.kernel import timezone
from lianxin.org import services
from lianxin.org.enums import Role, UnitKind
from lianxin.org.queries import Person

MOVED_UNIT, MOVED_BELOW = "metering", "marketing"
ONE_LEAVES_IN, ONE_MOVES_IN = 43, 50
"""One person in so many over the two years."""


def changes(world: World) -> Iterator[tuple[datetime, Story[None]]]:
    """All changes, each with the moment at which it begins."""
    successor = world.enterprise.places["party"].people[-1]
    plain = [p for p in world.enterprise.plain if _may_go(world.enterprise, p) and p != successor]
    total = sum(len(place.people) for place in world.enterprise.places.values())
    chosen = world.rng.sample(plain, k=total // ONE_LEAVES_IN + total // ONE_MOVES_IN)
    names = [name for name, _ in zip(invented_names(world.rng), range(total), strict=False)]
    taken = {person.name for place in world.enterprise.places.values() for person in place.people}
    fresh = [name for name in names if name not in taken]
    days = (world.local(world.now).date() - world.opened).days
    for number, person in enumerate(chosen):
        day = world.opened + timedelta(days=world.rng.randint(days // 10, days * 9 // 10))
        at = world.moment(day, 8)
        if number < total // ONE_LEAVES_IN:
            world.enterprise.plain.remove(person)
            yield at, _replaced(world, person, fresh[number], FIRST_NUMBER + total + 10 + number)
        else:
            yield at, _moved(world, person)
    if MOVED_UNIT in world.enterprise.places:
        yield world.moment(world.opened + timedelta(days=days * 2 // 5), 7), _unit_moved(world)
    leaving, coming = world.enterprise.granted[Role.DISPATCHER, ROOT][-1], successor
    if coming in world.enterprise.plain:
        world.enterprise.plain.remove(coming)
        yield world.moment(world.opened + timedelta(days=days // 3), 7), _handed_over(world, leaving, coming)


def _may_go(enterprise: Enterprise, person: Person) -> bool:
    place = enterprise.places[enterprise.key_of[person.pk]]
    return (
        place.kind != UnitKind.ENTERPRISE
        and person not in place.people[:2]
        and person.employee_no > str(FIRST_NUMBER + 5)
    )


def _replaced(world: World, person: Person, name: str, number: int) -> Story[None]:
    """Somebody retires, and somebody young begins a little later."""
    key = world.enterprise.key_of[person.pk]
    services.record_departure(actor=None, person_id=person.pk)
    yield world.at_work(3)
    place = world.enterprise.places[key]
    newcomer = hire(world.enterprise, key, name, number, title=place.title(2), since=timezone.today())
    place.people.append(newcomer)
    place.people.remove(person)


def _moved(world: World, person: Person) -> Story[None]:
    """Somebody goes to another team of the same kind."""
    key = world.enterprise.key_of[person.pk]
    place = world.enterprise.places[key]
    others = [p for p in world.enterprise.places.values() if p.kind == place.kind and p.key != key]
    other = world.rng.choice(others)
    services.move_person(actor=None, person_id=person.pk, unit_id=other.unit_id, job_title=other.title(2))
    place.people.remove(person)
    other.people.append(person)
    world.enterprise.key_of[person.pk] = other.key
    world.changed()
    yield from ()


def _unit_moved(world: World) -> Story[None]:
    """A team is put below another department, with everybody and everything in it."""
    places = world.enterprise.places
    services.move_unit(actor=None, unit_id=places[MOVED_UNIT].unit_id, parent_id=places[MOVED_BELOW].unit_id)
    places[MOVED_UNIT].above = MOVED_BELOW
    world.changed()
    yield from ()


def _handed_over(world: World, leaving: Person, coming: Person) -> Story[None]:
    """One of the company's dispatchers gives the desk to a colleague of the same department."""
    enterprise = world.enterprise
    grant(enterprise, Role.DISPATCHER, ROOT, coming, timezone.today())
    world.changed()
    yield world.at_work(5)
    services.end_role(actor=None, grant_id=enterprise.grant_ids[Role.DISPATCHER, ROOT, leaving.pk])
    enterprise.granted[Role.DISPATCHER, ROOT].remove(leaving)
    world.changed()
