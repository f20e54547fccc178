"""Who may do what with the organisation: small predicates, and one mapping from action to predicate at the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from lianxin.kernel.errors import PermissionDenied
from lianxin.org.enums import ADMINISTRATORS, Role
from lianxin.org.models import Person, RoleAssignment, Unit

WHOLE_ENTERPRISE = ""


@dataclass(frozen=True)
class Target:
    """What an action is about: where in the tree of units (default: the whole enterprise), and which person."""

    path: str = WHOLE_ENTERPRISE
    person_id: int | None = None


class Predicate:
    """A question about an actor and a matter; combine with `&`, `|`, `~`."""

    def __init__(self, test: Callable[[Person, Target], bool]) -> None:
        self._test = test

    def __call__(self, actor: Person, matter: Target) -> bool:
        return self._test(actor, matter)

    def __and__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda actor, matter: self(actor, matter) and other(actor, matter))

    def __or__(self, other: "Predicate") -> "Predicate":
        return Predicate(lambda actor, matter: self(actor, matter) or other(actor, matter))

    def __invert__(self) -> "Predicate":
        return Predicate(lambda actor, matter: not self(actor, matter))


def _reaches(grant: RoleAssignment, path: str) -> bool:
    return grant.reaches(path) if path else len(grant.unit_path) == Unit.steplen


def _is(*roles: Role) -> Predicate:
    """The actor holds one of the roles somewhere."""
    return Predicate(lambda actor, _matter: actor.holds(*roles))


def _is_over(*roles: Role) -> Predicate:
    """The actor holds one of the roles where the matter is, or above."""
    return Predicate(
        lambda actor, matter: any(grant.role in roles and _reaches(grant, matter.path) for grant in actor.grants)
    )


is_administrator = _is(*ADMINISTRATORS)
is_system_admin = _is(Role.SYSTEM_ADMIN)
is_security_admin = _is(Role.SECURITY_ADMIN)
is_audit_admin = _is(Role.AUDIT_ADMIN)
is_administrator_there = _is_over(*ADMINISTRATORS)
is_system_admin_there = _is_over(Role.SYSTEM_ADMIN)
is_security_admin_there = _is_over(Role.SECURITY_ADMIN)
is_audit_admin_there = _is_over(Role.AUDIT_ADMIN)
has_not_left = Predicate(lambda actor, _matter: not actor.has_left)
concerns_themselves = Predicate(lambda actor, matter: matter.person_id == actor.pk)

ACTIONS: Mapping[str, Predicate] = MappingProxyType(
    {
        "browse_organisation": is_administrator,
        "see_unit": is_administrator_there,
        "see_person": is_administrator_there | concerns_themselves,
        "pick": has_not_left,
        "administer_organisation": is_system_admin,
        "manage_units": is_system_admin_there,
        "manage_party_organisations": is_system_admin_there,
        "manage_people": is_system_admin_there,
        "manage_posts": is_system_admin_there,
        "keep_calendar": is_system_admin_there,
        "keep_names": is_system_admin_there,
        "import_roster": is_system_admin,
        "keep_rosters": is_system_admin_there,
        "administer_roles": is_security_admin,
        "import_roles": is_security_admin,
        "import_any_roster": is_system_admin | is_security_admin,
        "keep_role_rosters": is_security_admin_there,
        "manage_roles": is_security_admin_there & ~concerns_themselves,
        "read_audit_trail": is_audit_admin,
        "read_whole_audit_trail": is_audit_admin_there,
    }
)
"""`administer_…` opens the pages, `manage_…` allows the act at its place; the calendar is one for all."""


def may(actor: Person, action: str, matter: Target = Target()) -> bool:
    """Whether the actor may do it."""
    return ACTIONS[action](actor, matter)


def require(actor: Person | None, action: str, matter: Target = Target()) -> None:
    """Insist that the actor may do it; nobody at all is the system itself, which may.

    Raises:
        PermissionDenied: they may not.
    """
    if actor is not None and not may(actor, action, matter):
        raise PermissionDenied(_("You do not have permission to do this."))
