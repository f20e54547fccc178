"""People, and what ties them to units and Party organisations over time."""

from functools import reduce
from operator import or_
from typing import NamedTuple, cast

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lianxin.kernel import timezone
from lianxin.nlp.columns import NameKey
from lianxin.org.enums import MembershipKind, Role
from lianxin.org.models.triggers import SEPARATED_ADMINISTRATORS
from lianxin.org.models.units import PartyOrganisation, Unit, active_on


class RoleAssignment(NamedTuple):
    """A role that somebody holds today, and where."""

    role: Role
    unit_id: int
    unit_path: str

    def reaches(self, path: str) -> bool:
        """Whether a unit's path lies in the role's subtree."""
        return path.startswith(self.unit_path)


class Person(models.Model):
    """A person of the enterprise. Never deleted: who leaves keeps their history."""

    name = models.CharField(_("name"), max_length=50)
    employee_no = models.CharField(_("employee number"), max_length=30, unique=True)
    phone = models.CharField(_("phone"), max_length=20, unique=True, null=True, blank=True)
    email = models.CharField(_("work email"), max_length=254, blank=True, default="", db_default="")
    """Where the enterprise reaches them: sign-in codes go there. Where they want to be notified they say themselves."""
    left_on = models.DateField(_("departure date"), null=True, blank=True)

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
    def grants(self) -> tuple[RoleAssignment, ...]:
        """The roles held today, read once per object."""
        held = self.role_grants.filter(active_on(timezone.today())).order_by("pk")
        return tuple(
            RoleAssignment(Role(role), unit_id, path)
            for role, unit_id, path in held.values_list("role", "unit_id", "unit__path")
        )

    @cached_property
    def unit(self) -> Unit | None:
        """Where they work today, read once per object."""
        employments = self.employments.filter(active_on(timezone.today())).select_related("unit")
        employment = employments.order_by("-pk").first()
        return employment.unit if employment else None

    @cached_property
    def units_by_path(self) -> dict[str, list[int] | None]:
        """Path of each unit at which they hold a role → ids of the units at and below it, read once per object.

        None stands for every unit there is: a role at the only root reaches them all.
        """
        found: dict[str, list[int] | None] = {grant.unit_path: [] for grant in self.grants}
        roots = [path for path in found if len(path) == Unit.steplen]
        if roots and Unit.objects.filter(depth=1).count() == 1:
            found[roots[0]] = None
        partial = {path: ids for path, ids in found.items() if ids is not None}
        below = reduce(or_, (Q(path__startswith=path) for path in partial), Q(pk__in=[]))
        for unit_id, unit_path in Unit.objects.filter(below).order_by("pk").values_list("pk", "path"):
            for path, ids in partial.items():
                if unit_path.startswith(path):
                    ids.append(unit_id)
        return found

    @property
    def has_left(self) -> bool:
        """Whether their last day is over."""
        return self.left_on is not None and self.left_on < timezone.today()

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
        return cast("Unit | PartyOrganisation", self.unit or self.party_organisation)  # one of them by a constraint

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
