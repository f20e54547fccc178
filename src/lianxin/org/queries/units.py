"""Units and Party organisations: one of them, the trees, what is there."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex
from django.utils.translation import gettext as _

from lianxin.kernel.errors import NotFound
from lianxin.nlp.columns import UnitKey
from lianxin.nlp.subjects import unit_key
from lianxin.org.models import Employment, Membership, PartyOrganisation, Person, Unit
from lianxin.org.policies import Target, may
from lianxin.org.queries.roles import in_reach

N = TypeVar("N", bound=Unit | PartyOrganisation)

LEVELS_SHOWN = 2
"""How many levels below a node its page of the tree shows."""


@dataclass
class Branch(Generic[N]):
    """A node of a tree with what is shown below it."""

    node: N
    below: list["Branch[N]"] = field(default_factory=list)


def unit_path(unit_id: int) -> str:
    """The tree path of a unit."""
    return Unit.objects.values_list("path", flat=True).get(pk=unit_id)


def ids_down_to(unit: Unit) -> list[int]:
    """The ids of a unit's ancestors and its own, from the root down, as the tree stands now."""
    return list(Unit.objects.filter(path__in=unit.ancestor_paths).order_by("path").values_list("pk", flat=True))


_MOST_CALLED = 50


def ids_called(text: str) -> list[int]:
    """The ids of the units with this code or with this in their name, and of all below; of very many, the topmost."""
    called = Unit.objects.filter(Q(code=text) | Q(name__icontains=text)).order_by("depth", "path")
    paths = called.values_list("path", flat=True)[:_MOST_CALLED]
    return list(Unit.objects.filter(in_reach(paths, "path")).values_list("pk", flat=True))


def root_unit() -> Unit | None:
    """The enterprise itself: the first living root of the tree; None before it is set up."""
    return Unit.objects.filter(depth=1, ended_on__isnull=True).order_by("path").first()


def unit_among(units: QuerySet[Unit], code: str = "") -> tuple[Unit, list[Unit]]:
    """The one of these units that has the code (none given: the first of them), and those of them above it.

    Raises:
        NotFound: there is none such.
    """
    unit = units.filter(code=code).first() if code else units.first()
    if unit is None:
        raise NotFound(_("Unit not found."))
    return unit, list(units.filter(path__in=unit.ancestor_paths[:-1]))


def units_named(keys: Collection[str], codes: Collection[str]) -> tuple[dict[str, list[Unit]], dict[str, list[Unit]]]:
    """The living units with these names, by key (`nlp.subjects.unit_key`), and those with these codes, in capitals."""
    living = Unit.objects.filter(ended_on__isnull=True).order_by("path")
    named: dict[str, list[Unit]] = {}
    coded: dict[str, list[Unit]] = {}
    for unit in living.annotate(key=UnitKey("name")).filter(key__in=list(keys)):
        named.setdefault(unit_key(unit.name), []).append(unit)
    spelt = {each for code in codes for each in (code, code.upper(), code.lower())}
    for unit in living.filter(code__in=spelt):
        coded.setdefault(unit.code.upper(), []).append(unit)
    return named, coded


def units_below(path: str = "") -> QuerySet[Unit]:
    """Living units at and below `path`, in tree order."""
    return Unit.objects.filter(path__startswith=path, ended_on__isnull=True).order_by("path")


def _own_paths(viewer: Person) -> list[str]:
    """Where the viewer's roles as an administrator begin."""
    return [grant.unit_path for grant in viewer.grants] if may(viewer, "browse_organisation") else []


def units_for(*, viewer: Person, text: str = "") -> QuerySet[Unit]:
    """Living units within an administrator's reach, in tree order, whose name or code holds the text."""
    units = units_below().filter(in_reach(_own_paths(viewer), "path"))
    return units.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else units


def unit_for(*, viewer: Person, unit_id: int) -> Unit:
    """A unit, living or ended, within an administrator's reach.

    Raises:
        NotFound: there is none such.
    """
    unit = Unit.objects.filter(pk=unit_id).first()
    if unit is None or not may(viewer, "see_unit", Target(unit.path)):
        raise NotFound(_("Unit not found."))
    return unit


def party_organisations_for(*, viewer: Person, text: str = "") -> QuerySet[PartyOrganisation]:
    """Living Party organisations that stand at units within an administrator's reach, in tree order."""
    found = PartyOrganisation.objects.filter(in_reach(_own_paths(viewer), "unit__path"), ended_on__isnull=True)
    found = found.select_related("unit").order_by("path")
    return found.filter(Q(name__icontains=text) | Q(code__icontains=text)) if text else found


def party_organisation_for(*, viewer: Person, party_organisation_id: int) -> PartyOrganisation:
    """A Party organisation, living or ended, that stands within an administrator's reach.

    Raises:
        NotFound: there is none such.
    """
    found = PartyOrganisation.objects.select_related("unit").filter(pk=party_organisation_id).first()
    if found is None or not may(viewer, "see_unit", Target(found.unit.path)):
        raise NotFound(_("Party organisation not found."))
    return found


def unit_tree(*, viewer: Person, at: Unit | None = None) -> list[Branch[Unit]]:
    """The units within the viewer's reach at and below `at` (default: the top), with how many work there (`people`)."""
    people = Employment.objects.filter(unit=OuterRef("pk"))
    return _forest(units_for(viewer=viewer).annotate(people=_number_now(people, "unit")), at)


def party_tree(*, viewer: Person, at: PartyOrganisation | None = None) -> list[Branch[PartyOrganisation]]:
    """The Party organisations within the viewer's reach at and below `at`, with how many belong to them (`people`)."""
    people = Membership.objects.filter(party_organisation=OuterRef("pk"))
    found = party_organisations_for(viewer=viewer).annotate(people=_number_now(people, "party_organisation"))
    return _forest(found, at)


def _number_now(rows: "QuerySet[Any]", of: str) -> Subquery:
    """How many of the rows of one node have not ended; NULL for none. Looked up for each node that is shown."""
    return Subquery(rows.filter(ended_on__isnull=True).order_by().values(of).annotate(n=Count("pk")).values("n"))


def _forest(nodes: QuerySet[N], at: N | None) -> list[Branch[N]]:
    """Nodes as a forest of a few levels; `deeper` tells whether a node has living ones below it."""
    if at is not None:
        nodes = nodes.filter(path__startswith=at.path)
        top = at.depth
    else:
        top = nodes.order_by("depth").values_list("depth", flat=True).first() or 1
    living = nodes.model.objects.filter(
        ended_on__isnull=True, path__startswith=OuterRef("path"), depth__gt=OuterRef("depth")
    )
    deeper = ExpressionWrapper(Q(numchild__gt=0) & Q(Exists(living)), BooleanField())  # most have never had any
    return forest(nodes.filter(depth__lte=top + LEVELS_SHOWN).annotate(deeper=deeper))


def forest(nodes: Iterable[N]) -> list[Branch[N]]:
    """Nodes in tree order as a forest; one whose parent is not among them stands on top."""
    branches: dict[str, Branch[N]] = {}
    tops: list[Branch[N]] = []
    for node in nodes:
        branch = branches[node.path] = Branch(node)
        parent = branches.get(node.path[: -node.steplen])
        (parent.below if parent else tops).append(branch)
    return tops


def ancestors(node: N) -> list[N]:
    """The nodes above a node, from the root down."""
    return list(type(node).objects.get_ancestors(node))


def levels_of_size(unit: Unit, *, people: int) -> list[Unit]:
    """Of a unit and those above it, nearest first, each at or below which so many people work; the top always."""
    levels = Unit.objects.filter(path__in=unit.ancestor_paths).annotate(people=_people_below()).order_by("-path")
    return [level for level in levels if level.depth == 1 or (getattr(level, "people", 0) or 0) >= people]


def small_units_in(text: str, *, people: int) -> set[str]:
    """The names that stand in a text of units at or below which fewer people work; never of the enterprise itself."""
    units = Unit.objects.alias(at=StrIndex(Value(text), F("name"))).filter(at__gt=0, depth__gt=1)
    found = units.annotate(people=_people_below())
    return {unit.name for unit in found if (getattr(unit, "people", 0) or 0) < people}


def _people_below() -> Subquery:
    """How many people work at or below a unit; NULL for none."""
    working = Employment.objects.filter(unit__path__startswith=OuterRef("path"), ended_on__isnull=True).order_by()
    return Subquery(working.annotate(one=Value(1)).values("one").annotate(count=Count("pk")).values("count"))


def units_right_below(unit: Unit) -> QuerySet[Unit]:
    """Living units right below one that the viewer may see."""
    return Unit.objects.get_children(unit).filter(ended_on__isnull=True)


def party_organisations_right_below(organisation: PartyOrganisation) -> QuerySet[PartyOrganisation]:
    """Living Party organisations right below one that the viewer may see."""
    return PartyOrganisation.objects.get_children(organisation).filter(ended_on__isnull=True)


def organisation_counts(*, viewer: Person) -> tuple[int, int, int]:
    """How many living units, people who work there and Party organisations there are within the viewer's reach."""
    paths = [grant.unit_path for grant in viewer.grants]
    people = Person.objects.filter(in_reach(paths, "employments__unit__path"), employments__ended_on__isnull=True)
    return (
        Unit.objects.filter(in_reach(paths, "path"), ended_on__isnull=True).count(),
        people.distinct().count(),
        PartyOrganisation.objects.filter(in_reach(paths, "unit__path"), ended_on__isnull=True).count(),
    )
