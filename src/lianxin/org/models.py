"""Units and Party organisations as two trees, people, and what ties them together over time.

All dates are calendar days where the enterprise is; `ended_on` is the last day, open while empty.
"""

import re
import unicodedata
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from lianxin.kernel import clock
from lianxin.kernel.rows import columns, instances
from lianxin.org.enums import MembershipKind, PartyOrganisationKind, Role, UnitKind


def active_on(day: date, prefix: str = "") -> Q:
    """Rows that hold on a day."""
    return Q(**{f"{prefix}started_on__lte": day}) & (
        Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gte": day})
    )


def normal_number(text: str) -> str:
    """An employee number as it is stored: without spaces, full-width characters as ordinary ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def normal_phone(text: str) -> str:
    """A phone number as it is stored: digits only, without the country's +86."""
    digits = re.sub(r"[\s()\-]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(?:\+|00)86", "", digits)


class Unit(MP_Node):
    """A unit of the enterprise: a company, a department, a team."""

    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind, default=UnitKind.DEPARTMENT)
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def ancestor_paths(self) -> list[str]:
        """The paths from the root down to this unit itself."""
        return [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]


class PartyOrganisation(MP_Node):
    """A Party organisation, which stands at a unit but has a tree of its own."""

    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PartyOrganisationKind)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="party_organisations", verbose_name=_("unit"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class UnitMove(models.Model):
    """A unit was put below another parent (`to_parent` empty: it became a root)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="moves")
    from_parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    to_parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    moved_on = models.DateField()

    class Meta:
        ordering = ["moved_on", "id"]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.from_parent_id} > {self.to_parent_id}"


class PartyOrganisationMove(models.Model):
    """A Party organisation was put below another parent."""

    party_organisation = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, related_name="moves")
    from_parent = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, null=True, related_name="+")
    to_parent = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, null=True, related_name="+")
    moved_on = models.DateField()

    class Meta:
        ordering = ["moved_on", "id"]

    def __str__(self) -> str:
        return f"{self.party_organisation_id}: {self.from_parent_id} > {self.to_parent_id}"


class Grant(NamedTuple):
    """A role that somebody holds today, and where."""

    role: Role
    unit_id: int
    unit_path: str

    def reaches(self, path: str) -> bool:
        """Whether a unit's path lies in the role's subtree."""
        return path.startswith(self.unit_path)


_UNIT_TODAY = """
    SELECT {unit}
    FROM org_employment employment JOIN org_unit unit ON unit.id = employment.unit_id
    WHERE employment.person_id = %(person)s AND employment.started_on <= %(today)s
      AND (employment.ended_on IS NULL OR employment.ended_on >= %(today)s)
    ORDER BY employment.id DESC LIMIT 1
"""


class Person(models.Model):
    """A person of the enterprise. Never deleted: who leaves keeps their history."""

    name = models.CharField(_("name"), max_length=50)
    employee_no = models.CharField(_("employee number"), max_length=30, unique=True)
    phone = models.CharField(_("phone"), max_length=20, unique=True, null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        ordering = ["employee_no"]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """The roles held today, read once per object."""
        rows = self.role_grants.filter(active_on(clock.today())).values_list("role", "unit_id", "unit__path")
        return tuple(Grant(Role(role), unit_id, path) for role, unit_id, path in rows.order_by("id"))

    @cached_property
    def unit(self) -> Unit | None:
        """Where they work today, read once per object."""
        given: dict[str, Any] = {"person": self.pk, "today": clock.today()}
        with connection.cursor() as cursor:
            cursor.execute(_UNIT_TODAY.format(unit=columns(Unit, "unit")), given)
            row = cursor.fetchone()
        return instances(row, Unit)[0] if row else None

    @property
    def has_left(self) -> bool:
        """Whether their last day is over."""
        return self.left_on is not None and self.left_on < clock.today()

    def holds(self, *roles: Role) -> bool:
        """Whether they hold one of the roles anywhere today."""
        return any(grant.role in roles for grant in self.grants)


class Employment(models.Model):
    """Where somebody works. At most one is open at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="employments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="employments", verbose_name=_("unit"))
    job_title = models.CharField(_("job title"), max_length=50, blank=True)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["started_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_on__isnull=True), name="one_open_employment"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="employment_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.unit_id}"


class Membership(models.Model):
    """Belonging to a Party organisation. At most one is open at a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    party_organisation = models.ForeignKey(PartyOrganisation, on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField(_("kind"), max_length=20, choices=MembershipKind, default=MembershipKind.FULL)
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["started_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_on__isnull=True), name="one_open_membership"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="membership_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.party_organisation_id}"


class Post(models.Model):
    """A post (职务) held at a unit or in a Party organisation; it carries no rights, roles do."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    name = models.CharField(_("post"), max_length=50)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    party_organisation = models.ForeignKey(
        PartyOrganisation, on_delete=models.PROTECT, null=True, blank=True, related_name="posts"
    )
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["started_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(unit__isnull=False) & Q(party_organisation__isnull=True))
                | (Q(unit__isnull=True) & Q(party_organisation__isnull=False)),
                name="post_at_one_place",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="post_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> "Unit | PartyOrganisation":
        """Where it is held."""
        return self.unit or self.party_organisation  # type: ignore[return-value] # a constraint sees to one of them

    @property
    def path(self) -> str:
        """The path of the unit where it is held, or where its Party organisation stands."""
        return self.place.path if isinstance(self.place, Unit) else self.place.unit.path


class RoleGrant(models.Model):
    """A role granted to a person at a unit; it reaches the unit's subtree.

    A trigger refuses an administrator's role beside any other role whose days overlap (三员分立).
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("unit"))
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["started_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role", "unit"], condition=Q(ended_on__isnull=True), name="one_open_grant"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")), name="grant_forward"
            ),
        ]
        indexes = [models.Index(fields=["role", "unit"], name="grant_role_unit")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role} @ {self.unit_id}"
