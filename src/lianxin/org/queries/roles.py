"""Who holds which role where."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.kernel.trees import paths_down_to
from lianxin.nlp.columns import NameKey
from lianxin.nlp.subjects import marks_of
from lianxin.org.enums import Role
from lianxin.org.models import Employment, Person, RoleGrant, Unit, active_on
from lianxin.org.policies import Target, may


def _holders_above(role: Role, path: str, excluding: Collection[int]) -> list[tuple[str, int]]:
    """Where a role is held today over the unit at `path`, and by whom of those who have not left; nearest first."""
    above = paths_down_to(path)
    known = _known.get()
    if known is None or path not in known:
        held = _held([role], above).exclude(person__in=excluding)
        return list(held.values_list("unit__path", "person_id"))
    return [
        (level, person_id)
        for level in reversed(above)
        for person_id in known[level].get(role, ())
        if person_id not in excluding
    ]


def _held(roles: Iterable[Role], paths: Iterable[str]) -> QuerySet[RoleGrant]:
    """Roles held today right at these units by people who have not left; the lowest units first."""
    held = RoleGrant.objects.filter(active_on(timezone.today()), role__in=list(roles), unit__path__in=list(paths))
    return held.exclude(person__left_on__lt=timezone.today()).order_by("-unit__depth", "person_id")


_known: ContextVar[dict[str, dict[str, list[int]]] | None] = ContextVar("known", default=None)


@contextmanager
def holders_known(roles: Collection[Role], units: Iterable[Unit]) -> Iterator[None]:
    """In here who holds these roles over these units is not asked again: for work on many objects at once."""
    levels: dict[str, dict[str, list[int]]] = {path: {} for unit in units for path in paths_down_to(unit.path)}
    for role, level, person_id in _held(roles, levels).values_list("role", "unit__path", "person_id"):
        levels[level].setdefault(role, []).append(person_id)
    mark = _known.set(levels)
    try:
        yield
    finally:
        _known.reset(mark)


def holders(role: Role, path: str, *, excluding: Collection[int] = ()) -> list[int]:
    """Ids of all who hold the role over the unit at `path`, nearest first."""
    return list(dict.fromkeys(person_id for _level, person_id in _holders_above(role, path, excluding)))


def nearest_holders(
    role: Role, path: str, *, excluding: Collection[int] = (), above: int = 0, strictly_above: bool = False
) -> list[int]:
    """Ids of those who hold the role at the nearest level at or above the unit at `path`.

    A level on which nobody remains after `excluding` is passed over, so the matter goes one level up. `above` skips
    that many levels that do have holders; past the top, the topmost holders are returned. `strictly_above` leaves out
    the unit itself.
    """
    levels: dict[str, list[int]] = {}
    for level, person_id in _holders_above(role, path, excluding):
        if not (strictly_above and level == path):
            levels.setdefault(level, []).append(person_id)
    return list(levels.values())[min(above, len(levels) - 1)] if levels else []


def role_paths(person: Person, *roles: Role) -> list[str]:
    """The unit paths at which a person holds one of the roles; each stands for its subtree."""
    return [grant.unit_path for grant in person.grants if grant.role in roles]


def in_reach(paths: Iterable[str], lookup: str) -> Q:
    """Rows whose unit path (at `lookup`) lies below one of `paths`. No path, no row."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{lookup}__startswith": path})
    return condition


def in_units_of(person: Person, field: str, *roles: Role) -> Q:
    """Rows whose unit (a foreign key's name) lies where a person holds one of the roles. No role, no row.

    As `in_reach`, but by the units' ids: an index on the key serves, and nothing is joined.
    """
    places = [person.units_by_path.get(path, []) for path in role_paths(person, *roles)]
    if None in places:
        return Q(**{f"{field}__isnull": False})
    ids = sorted({pk for units in places for pk in units or ()})
    return Q(**{f"{field}__in": ids})


def holders_at_or_below(paths: Iterable[str]) -> set[int]:
    """Ids of everyone who holds a role today at one of these units or below, or anywhere while they work there."""
    today, paths = active_on(timezone.today()), list(paths)
    working = Employment.objects.filter(today, in_reach(paths, "unit__path")).values("person")
    grants = RoleGrant.objects.filter(today).filter(in_reach(paths, "unit__path") | Q(person__in=working))
    return set(grants.values_list("person_id", flat=True))


def homes_of(people: Collection[int]) -> list[str]:
    """The paths of the units where some people work today or hold a role."""
    if not people:
        return []
    working = Employment.objects.filter(active_on(timezone.today()), person__in=people).values_list(
        "unit__path", flat=True
    )
    holding = RoleGrant.objects.filter(active_on(timezone.today()), person__in=people).values_list(
        "unit__path", flat=True
    )
    return list(working.union(holding))


def holders_with_marks(marks: Collection[str]) -> set[int]:
    """Ids of everyone who holds any role today and whose name has one of these marks (`nlp.subjects.marks_of`)."""
    if not marks:
        return set()
    holding = RoleGrant.objects.filter(active_on(timezone.today())).values("person")
    return {person.pk for person in people_marked(Person.objects.filter(pk__in=holding), marks)}


def people_marked(people: QuerySet[Person], marks: Collection[str]) -> list[Person]:
    """Those of some people whose names have one of these marks."""
    condition = Q(pk__in=[])
    for mark in marks:
        lookup = {"~": "key__endswith", "=": "key__contains"}.get(mark[0], "key__startswith")
        condition |= Q(**{lookup: mark.lstrip("~=")})
    found = people.alias(key=NameKey("name")).filter(condition).order_by("pk")
    return [person for person in found if not marks_of(person.name).isdisjoint(marks)]


def people_with_marks(marks: Collection[str], *, around: Unit) -> list[Person]:
    """The people around a unit whose names have one of these marks: who works at or below the unit above it, and who
    holds a role at one of the units above. Those at the unit first.
    """
    if not marks:
        return []
    today, above = timezone.today(), paths_down_to(around.path)
    near = above[-2] if len(above) > 1 else around.path
    working = Employment.objects.filter(active_on(today), unit__path__startswith=near, person=OuterRef("pk"))
    at_the_place = working.filter(unit__path__startswith=around.path)
    in_line = RoleGrant.objects.filter(active_on(today), person=OuterRef("pk"))
    in_line = in_line.filter(Q(unit__path__in=above) | Q(unit__path__startswith=near))
    people = Person.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=today)).filter(
        Exists(working) | Exists(in_line)
    )
    found = people_marked(people.annotate(is_near=Exists(at_the_place)), marks)
    return sorted(found, key=lambda person: not getattr(person, "is_near", False))


def grants_at(*, viewer: Person, unit: Unit | None = None, role: Role | None = None) -> QuerySet[RoleGrant]:
    """Roles held today or later within the viewer's reach, at one unit and for one role where given; by unit."""
    grants = RoleGrant.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=timezone.today()))
    grants = grants.filter(in_reach([grant.unit_path for grant in viewer.grants], "unit__path"))
    if not may(viewer, "browse_organisation"):
        return grants.none()
    if unit is not None:
        grants = grants.filter(unit=unit)
    if role is not None:
        grants = grants.filter(role=role)
    return grants.select_related("person", "unit").order_by("unit__path", "role", "person__employee_no")


def grant_for(*, viewer: Person, grant_id: int) -> RoleGrant:
    """A grant that the viewer may end.

    Raises:
        NotFound: there is none such.
    """
    grant = RoleGrant.objects.select_related("person", "unit").filter(pk=grant_id).first()
    if grant is None or not may(viewer, "manage_roles", Target(grant.unit.path, grant.person_id)):
        raise NotFound(_("Role not found."))
    return grant


def unheld_roles(*, viewer: Person, roles: Collection[Role]) -> list[Role]:
    """Those of the roles that nobody holds today within the viewer's reach."""
    here = in_reach([grant.unit_path for grant in viewer.grants], "unit__path")
    held = set(RoleGrant.objects.filter(active_on(timezone.today())).filter(here).values_list("role", flat=True))
    return [role for role in roles if role not in held]


def unreached_units(role: Role, *, among: QuerySet[Person] | None = None) -> QuerySet[Unit]:
    """Living units, in tree order, that nobody reaches today by this role: held neither there nor above.

    With `among` only these people count as holders. Of the whole enterprise, without a viewer: for the readiness page,
    `lianxin doctor` and the form to submit a case.
    """
    today = timezone.today()
    held = RoleGrant.objects.filter(active_on(today), role=role).exclude(person__left_on__lt=today)
    if among is not None:
        held = held.filter(person__in=among)
    reaching = in_reach(set(held.values_list("unit__path", flat=True)), "path")
    return Unit.objects.filter(ended_on__isnull=True).exclude(reaching).order_by("path")
