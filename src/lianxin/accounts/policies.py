"""Who may do what with accounts, and which pages ask who is there."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lianxin.kernel.errors import PermissionDenied
from lianxin.org.policies import (
    Predicate,
    Target,
    concerns_themselves,
    is_security_admin,
    is_system_admin,
    is_system_admin_there,
)
from lianxin.org.queries import Person

View = Callable[..., HttpResponse]

ACTIONS: Mapping[str, Predicate] = MappingProxyType(
    {
        "administer_accounts": is_security_admin | is_system_admin,
        "issue_codes": is_security_admin,
        "remove_second_factors": is_system_admin,
        "remove_second_factor": is_system_admin_there & ~concerns_themselves,
    }
)
"""`administer_accounts` opens the page, whose list is what lies within reach and leaves out the viewer.

Codes and second factors are in two hands, so that nobody alone can sign in as an inspector.
"""


def permission_target(person: Person) -> Target:
    """A person where they work; who works nowhere is the whole enterprise's."""
    return Target(path=person.unit.path if person.unit else "", person_id=person.pk)


def may(actor: Person, action: str, person: Person | None = None) -> bool:
    """Whether the actor may do it, about a person where given."""
    return ACTIONS[action](actor, permission_target(person) if person else Target())


def require(actor: Person, action: str, person: Person | None = None) -> None:
    """Insist that the actor may do it.

    Raises:
        PermissionDenied: they may not.
    """
    if not may(actor, action, person):
        raise PermissionDenied(_("You do not have permission to do this."))


def unidentified(view: View) -> View:
    """A page that cannot learn who asks: neither session nor account is read while it is made, even if there is one."""
    return unidentified_when(lambda _request: True)(view)


def unidentified_when(condition: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """A page that cannot learn who asks when the request meets a condition, which must not look at the session."""

    def mark(view: View) -> View:
        view.lianxin_unidentified = condition  # type: ignore[attr-defined]
        return view

    return mark


def is_unidentified(view: View, request: HttpRequest) -> bool:
    condition: Callable[[HttpRequest], bool] | None = getattr(view, "lianxin_unidentified", None)
    return condition is not None and condition(request)


def may_be_unidentified(view: View) -> bool:
    """Whether there are requests in which the page cannot learn who asks."""
    return hasattr(view, "lianxin_unidentified")


def demo_sign_in_is_open() -> bool:
    """One-click sign-in exists in the sample enterprise alone."""
    return bool(settings.DEMO)
