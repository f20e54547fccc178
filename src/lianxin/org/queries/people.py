"""People: where they are, lists of them, one of them."""

from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.nlp.columns import NameKey
from lianxin.nlp.simplified import in_either_script
from lianxin.nlp.subjects import name_key
from lianxin.org.enums import Role
from lianxin.org.models import (
    Employment,
    Membership,
    PartyOrganisation,
    Person,
    Post,
    RoleAssignment,
    RoleGrant,
    Unit,
    active_on,
    normal_phone,
)
from lianxin.org.policies import Target, may
from lianxin.org.queries.roles import in_reach


def active_people() -> QuerySet[Person]:
    """People who have not left."""
    return Person.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=timezone.today()))


def people_with_roles(ids: Collection[int]) -> list[Person]:
    """These people, with the roles they hold and where they work today. Three statements, however many they are."""
    people, today = list(Person.objects.filter(pk__in=ids).order_by("pk")), active_on(timezone.today())
    roles: dict[int, list[RoleAssignment]] = {}
    held = RoleGrant.objects.filter(today, person__in=people).order_by("pk")
    for person_id, role, unit_id, path in held.values_list("person_id", "role", "unit_id", "unit__path"):
        roles.setdefault(person_id, []).append(RoleAssignment(Role(role), unit_id, path))
    employed = Employment.objects.filter(today, person__in=people).select_related("unit").order_by("pk")
    units = {employment.person_id: employment.unit for employment in employed}
    for person in people:
        person.grants, person.unit = tuple(roles.get(person.pk, ())), units.get(person.pk)
    return people


def people_named(keys: Collection[str]) -> dict[str, list[Person]]:
    """The present people with these names, by the keys of their names (`nlp.subjects.name_key`)."""
    named: dict[str, list[Person]] = {}
    for person in active_people().annotate(key=NameKey("name")).filter(key__in=list(keys)).order_by("pk"):
        named.setdefault(name_key(person.name), []).append(person)
    return named


def people_numbered(numbers: Collection[str]) -> dict[str, list[Person]]:
    """The present people with these employee or phone numbers, by the number in capitals."""
    spelt = {each for number in numbers for each in (number, number.upper(), number.lower())}
    phones = {normal_phone(number) for number in numbers}
    found = active_people().filter(Q(employee_no__in=spelt) | Q(phone__in=phones)).order_by("pk")
    numbered: dict[str, list[Person]] = {}
    for person in found:
        for number in (person.employee_no, person.phone or ""):
            if number and (number in spelt or number in phones):
                numbered.setdefault(number.upper(), []).append(person)
    return numbered


def register_words_in(text: str) -> tuple[set[str], set[str]]:
    """The names and the employee numbers of people, here or gone, that stand in a text."""
    people = Person.objects.alias(name_at=StrIndex(Value(text), F("name")))
    people = people.alias(number_at=StrIndex(Value(text), F("employee_no")))
    found = people.filter(Q(name_at__gt=0) | Q(number_at__gt=0)).values_list("name", "employee_no")
    names, numbers = zip(*found, strict=True) if found else ((), ())
    return {name for name in names if name in text}, {number for number in numbers if number in text}


def _placing(prefix: str = "") -> Q:
    """Employments that say where somebody is to be found: the open one, or the last one of who has left."""
    return Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on": F(f"{prefix}person__left_on")})


def place_path(person_id: int) -> str:
    """The path of the unit where somebody works or worked last; empty where there is none."""
    return place_paths([person_id]).get(person_id, "")


def place_paths(people: Collection[int]) -> dict[int, str]:
    """As `place_path`, for some people at once; who works and worked nowhere is left out."""
    placing = Employment.objects.filter(_placing(), person__in=people).order_by("started_on", "id")
    return dict(placing.values_list("person_id", "unit__path"))  # of several, the last one stays


def permission_target(person: Person) -> Target:
    """Somebody read with their whole history (`person_for`), where they work or worked last: as `place_path` says."""
    stays = [stay for stay in person.employments.all() if stay.ended_on in (None, person.left_on)]
    last = max(stays, key=lambda stay: (stay.started_on, stay.pk), default=None)
    return Target(last.unit.path if last else "", person.pk)


def with_places(people: QuerySet[Person]) -> QuerySet[Person]:
    """Read with each person the employment that says where they are, as the list `placing`."""
    placing = Employment.objects.filter(_placing()).select_related("unit").order_by("-started_on", "-id")
    return people.prefetch_related(Prefetch("employments", placing, to_attr="placing"))


def place_name(person: Person) -> str:
    """The name of the unit of somebody read `with_places`; empty where there is none."""
    placing: list[Employment] = getattr(person, "placing", [])
    return placing[0].unit.name if placing else ""


def _matching(text: str) -> Q:
    """People whose name, employee number or phone holds the text."""
    found = Q(name__iregex=in_either_script(text)) | Q(employee_no__icontains=text)
    phone = normal_phone(text)
    return found | Q(phone__contains=phone) if phone.isdigit() else found


def people_for(*, viewer: Person, text: str = "", unit: Unit | None = None, left: bool = False) -> QuerySet[Person]:
    """People within an administrator's reach (those who have left with `left`), below one unit where given."""
    if not may(viewer, "browse_organisation"):
        return Person.objects.none()
    placed = Employment.objects.filter(_placing(), person_id=OuterRef("pk"))
    placed = placed.filter(in_reach([grant.unit_path for grant in viewer.grants], "unit__path"))
    if unit is not None:
        placed = placed.filter(unit__path__startswith=unit.path)
    people = Person.objects.filter(Exists(placed), left_on__isnull=not left)
    if text:
        people = people.filter(_matching(text))
    return with_places(people.order_by("employee_no"))


def people_at(*, viewer: Person, unit: Unit) -> QuerySet[Person]:
    """People who work right at a unit within an administrator's reach."""
    return people_for(viewer=viewer).filter(Exists(unit.employments.filter(_placing(), person_id=OuterRef("pk"))))


def posts_of(people: Collection[int]) -> dict[int, list[str]]:
    """The posts and job titles of some people today."""
    today = active_on(timezone.today())
    held = Post.objects.filter(today, person__in=people).values_list("person", "name")
    titles = (
        Employment.objects.filter(today, person__in=people).exclude(job_title="").values_list("person", "job_title")
    )
    posts: dict[int, list[str]] = {}
    for person_id, name in [*held, *titles]:
        posts.setdefault(person_id, []).append(name)
    return posts


def posts_at(*, unit: Unit | None = None, party_organisation: PartyOrganisation | None = None) -> QuerySet[Post]:
    """Posts held today at a unit or in a Party organisation that the viewer may see."""
    posts = Post.objects.filter(active_on(timezone.today()), unit=unit, party_organisation=party_organisation)
    return posts.select_related("person").order_by("started_on", "id")


def members_for(*, viewer: Person, party_organisation_id: int) -> QuerySet[Membership]:
    """The present members of a Party organisation that the viewer may see (see `party_organisation_for`)."""
    members = Membership.objects.filter(party_organisation_id=party_organisation_id, ended_on__isnull=True)
    if not may(viewer, "browse_organisation"):
        return members.none()
    return members.select_related("person").order_by("person__employee_no")


def person_for(*, viewer: Person, person_id: int) -> Person:
    """Somebody within an administrator's reach, or the viewer themselves, with their whole history.

    Raises:
        NotFound: there is nobody such.
    """
    history = (
        Prefetch("employments", Employment.objects.select_related("unit")),
        Prefetch("memberships", Membership.objects.select_related("party_organisation")),
        Prefetch("posts", Post.objects.select_related("unit", "party_organisation")),
        Prefetch("role_grants", RoleGrant.objects.select_related("unit")),
    )
    person = Person.objects.prefetch_related(*history).filter(pk=person_id).first()
    if person is None or not may(viewer, "see_person", permission_target(person)):
        raise NotFound(_("Person not found."))
    return person
