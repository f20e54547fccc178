"""Units, Party organisations and people for tests, made directly and quickly.

`UnitFactory()` is the root of an enterprise, `UnitFactory(parent=company)` a unit below it. `PersonFactory(unit=team)`
also employs, `PersonFactory(roles={Role.HANDLER: team})` also grants.
"""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from lianxin.kernel import timezone
from lianxin.org.enums import MembershipKind, PartyOrganisationKind, Role, UnitKind
from lianxin.org.models import Employment, Membership, PartyOrganisation, Person, RoleGrant, Unit

LONG_AGO = date(2020, 1, 1)


def _forget(person: Person) -> None:
    """Drop what the object has read once, so that it sees what the test has just done."""
    for kept in ("grants", "unit", "units_by_path"):
        person.__dict__.pop(kept, None)


class _NodeFactory(DjangoModelFactory):
    """A node of a tree: a root, or a child of `parent`."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *_args, parent=None, **fields):
        if parent is None:
            return model_class.objects.add_root(fields)
        return model_class.objects.add_child(model_class.objects.get(pk=parent.pk), fields)


class UnitFactory(_NodeFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"第{n}供电所")
    code = factory.Sequence(lambda n: f"U{n:04d}")
    kind = UnitKind.DEPARTMENT


def below(parent: Unit, number: int, **fields) -> Unit:
    """The `number`th child of a parent without children, not yet stored; the caller counts it in the parent."""
    depth = parent.depth + 1
    return UnitFactory.build(path=Unit._get_path(parent.path, depth, number), depth=depth, **fields)


class PartyOrganisationFactory(_NodeFactory):
    class Meta:
        model = PartyOrganisation

    name = factory.Sequence(lambda n: f"第{n}党支部")
    code = factory.Sequence(lambda n: f"P{n:04d}")
    kind = PartyOrganisationKind.BRANCH
    unit = factory.SubFactory(UnitFactory)


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"职工{n}")
    employee_no = factory.Sequence(lambda n: f"E{n:05d}")
    phone = factory.Sequence(lambda n: f"1709{n:07d}")

    @factory.post_generation
    def unit(self, _create, extracted, **_kwargs):
        if extracted is not None:
            employ(self, extracted)

    @factory.post_generation
    def roles(self, _create, extracted, **_kwargs):
        for role, unit in (extracted or {}).items():
            grant(self, role, unit)


def employ(person: Person, unit: Unit, *, job_title: str = "", started_on: date = LONG_AGO) -> Employment:
    """Employ a person at a unit; an open employment ends today."""
    person.employments.filter(ended_on__isnull=True).update(ended_on=timezone.today())
    _forget(person)
    return Employment.objects.create(person=person, unit=unit, job_title=job_title, started_on=started_on)


def grant(
    person: Person, role: Role, unit: Unit, *, started_on: date = LONG_AGO, ended_on: date | None = None
) -> RoleGrant:
    """Grant a role at a unit."""
    _forget(person)
    return RoleGrant.objects.create(person=person, role=role, unit=unit, started_on=started_on, ended_on=ended_on)


def enrol(
    person: Person,
    party_organisation: PartyOrganisation,
    *,
    kind: MembershipKind = MembershipKind.FULL,
    started_on: date = LONG_AGO,
) -> Membership:
    """Make a person a member of a Party organisation."""
    return Membership.objects.create(
        person=person, party_organisation=party_organisation, kind=kind, started_on=started_on
    )
