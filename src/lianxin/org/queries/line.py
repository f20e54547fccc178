"""The few people above a place who could have to do with a matter there, with all by which they may be called."""

from collections.abc import Collection
from dataclasses import dataclass, field

from lianxin.kernel import timezone
from lianxin.kernel.trees import paths_down_to
from lianxin.org.enums import Role
from lianxin.org.models import Employment, RoleGrant, Unit, active_on
from lianxin.org.queries.people import posts_of


@dataclass
class InLine:
    """Somebody who holds a role over a place.

    Attributes:
        roles: (role, path of the unit at which it is held); the path's length says how far up.
        homes: paths of the units where they work or hold one of these roles.
        units: the names of these units.
    """

    pk: int
    name: str
    numbers: tuple[str, ...]
    roles: set[tuple[Role, str]] = field(default_factory=set)
    homes: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    posts: list[str] = field(default_factory=list)

    def is_in(self, paths: Collection[str]) -> bool:
        """Whether they work or hold such a role at one of some units or below."""
        return any(home.startswith(path) for home in self.homes for path in paths)


def people_in_line(unit: Unit, roles: Collection[Role]) -> list[InLine]:
    """Everybody who holds one of the roles today over a unit. Four statements."""
    today = active_on(timezone.today())
    held = RoleGrant.objects.filter(today, role__in=list(roles), unit__path__in=paths_down_to(unit.path))
    held = held.exclude(person__left_on__lt=timezone.today()).select_related("person", "unit").order_by("person_id")
    line: dict[int, InLine] = {}
    for grant in held:
        numbers = (grant.person.employee_no, grant.person.phone or "")
        one = line.setdefault(grant.person_id, InLine(grant.person_id, grant.person.name, numbers))
        one.roles.add((Role(grant.role), grant.unit.path))
        one.homes.add(grant.unit.path)
        one.units.add(grant.unit.name)
    working = Employment.objects.filter(today, person__in=line).values_list("person", "unit__path", "unit__name")
    for person_id, path, name in working:
        line[person_id].homes.add(path)
        line[person_id].units.add(name)
    for person_id, posts in posts_of(line).items():
        line[person_id].posts = posts
    return list(line.values())
