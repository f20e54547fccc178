"""People, and what ties them to units and Party organisations over time."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lianxin.kernel import clock
from lianxin.kernel.rows import columns, instances, prepared
from lianxin.org.enums import MembershipKind, Role
from lianxin.org.models.triggers import SEPARATED_ADMINISTRATORS
from lianxin.org.models.units import PartyOrganisation, Unit
from lianxin.text.columns import NameKey


class Grant(NamedTuple):
    """A role that somebody holds today, and where."""

    role: Role
    unit_id: int
    unit_path: str

    def reaches(self, path: str) -> bool:
        """Whether a unit's path lies in the role's subtree."""
        return path.startswith(self.unit_path)


UNIT_TODAY = """
    LATERAL (
        SELECT unit.*
        FROM org_employment employment JOIN org_unit unit ON unit.id = employment.unit_id
        WHERE employment.person_id = person.id AND employment.started_on <= %(today)s
          AND (employment.ended_on IS NULL OR employment.ended_on >= %(today)s)
        ORDER BY employment.id DESC LIMIT 1
    ) unit ON true
"""
"""Where a `person` works today; to be joined."""


ROLES_TODAY = """
    LATERAL (
        SELECT json_agg(json_build_array(
            held.role, held.unit_id, above.path,
            CASE WHEN reached.number < (SELECT count(*) FROM org_unit) THEN reached.ids END
        ) ORDER BY held.id) AS held
        FROM org_rolegrant held JOIN org_unit above ON above.id = held.unit_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS number, array_agg(below.id ORDER BY below.id) AS ids
            FROM org_unit below WHERE starts_with(below.path, above.path)
        ) reached
        WHERE held.person_id = person.id AND held.started_on <= %(today)s
          AND (held.ended_on IS NULL OR held.ended_on >= %(today)s)
    ) roles ON true
"""
"""`roles.held`: the roles that a `person` holds today, as `Person.hold` takes them; to be joined."""

Held = tuple[str, int, str, list[int] | None]
"""A role, the unit, its path, and the ids of the units that it reaches; None for all that there are."""


class Person(models.Model):
    """A person of the enterprise. Never deleted: who leaves keeps their history."""

    name = models.CharField(_("name"), max_length=50)
    employee_no = models.CharField(_("employee number"), max_length=30, unique=True)
    phone = models.CharField(_("phone"), max_length=20, unique=True, null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)

    class Meta:
        ordering = ["employee_no"]
        indexes = [
            models.Index(NameKey("name"), name="person_name_key"),
            # Employee numbers are looked up without regard to capitals.
            models.Index(Upper("employee_no"), name="person_number_upper"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """The roles held today, read once per object."""
        with prepared() as cursor:
            cursor.execute(
                f"SELECT roles.held FROM org_person person JOIN {ROLES_TODAY} WHERE person.id = %(person)s",  # noqa: S608 - our own names
                {"person": self.pk, "today": clock.today()},
            )
            row = cursor.fetchone()
        return self.hold(row[0] if row else None)

    def hold(self, held: Sequence[Held] | None) -> tuple[Grant, ...]:
        """Remember the roles held today, which somebody read already."""
        self._reached: dict[str, list[int] | None] = {path: ids for _role, _unit, path, ids in held or ()}
        self.grants = tuple(Grant(Role(role), unit_id, path) for role, unit_id, path, _ids in held or ())
        return self.grants

    @cached_property
    def unit(self) -> Unit | None:
        """Where they work today, read once per object."""
        given: dict[str, Any] = {"person": self.pk, "today": clock.today()}
        with prepared() as cursor:
            cursor.execute(
                f"SELECT {columns(Unit, 'unit')} FROM org_person person JOIN {UNIT_TODAY} WHERE person.id = %(person)s",  # noqa: S608 - our own names
                given,
            )
            row = cursor.fetchone()
        return instances(row, Unit)[0] if row else None

    @property
    def units_by_path(self) -> dict[str, list[int] | None]:
        """Where they hold a role: its path → the ids of the units it reaches, None for all there are. Read with the
        roles.
        """
        return self._reached if self.grants else {}

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
        triggers = [SEPARATED_ADMINISTRATORS]
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
