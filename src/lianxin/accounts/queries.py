"""Reading accounts: who is there, where they are signed in, who has no password yet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lianxin.accounts import policies
from lianxin.accounts.models import ActivationCode, SignIn, User
from lianxin.kernel import timezone
from lianxin.org.enums import STRONG_SIGN_IN, Role
from lianxin.org.queries import (
    Person,
    Unit,
    active_people,
    normal_number,
    normal_phone,
    people_for,
    unit_for,
    units_for,
)

__all__ = [
    "Person",
    "account_of",
    "active_people",
    "demo_people",
    "has_second_factor",
    "needs_second_factor",
    "normal_number",
    "own_account",
    "people_and_accounts",
    "people_who_can_sign_in",
    "people_without_access",
    "roles_with_places",
    "setup_is_open",
    "sign_ins_of",
    "unit_for",
    "units_for",
]

T = TypeVar("T")

_PLAIN_EMPLOYEES = 2
_EXAMPLES_A_ROLE = 2


def own_account(request: HttpRequest) -> User:
    """The account that is signed in.

    Raises:
        PermissionDenied: none is.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def person_meant(typed: str) -> Person | None:
    """Whom somebody means by what they typed: an employee number or, failing that, a phone number."""
    return _likeliest(Person.objects.filter(_typed(typed)), typed, lambda person: person.employee_no)


def account_of(typed: str) -> User | None:
    """The account of `person_meant`."""
    return _likeliest(User.objects.filter(_typed(typed, "person__")), typed, lambda user: user.person.employee_no)


def _typed(typed: str, prefix: str = "") -> Q:
    number = Q(**{f"{prefix}employee_no__iexact": normal_number(typed)})
    return number | Q(**{f"{prefix}phone": normal_phone(typed)})


def _likeliest(found: Iterable[T], typed: str, number_of: Callable[[T], str]) -> T | None:
    number = normal_number(typed)
    return min(
        found, key=lambda one: (number_of(one).casefold() != number.casefold(), number_of(one) != number), default=None
    )


def sign_ins_of(*, user: User) -> QuerySet[SignIn]:
    """Where the account is signed in at present, newest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return SignIn.objects.filter(Exists(alive), user=user)


def has_second_factor(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def needs_second_factor(person: Person) -> bool:
    """Whether a role that they hold asks for it."""
    return person.holds(*STRONG_SIGN_IN)


def setup_is_open() -> bool:
    """Whether the system is still empty, so that its first administrators can be set up."""
    return not Unit.objects.exists()


def people_and_accounts(*, viewer: Person, unit: Unit | None = None, words: str = "") -> QuerySet[Person]:
    """The people whose accounts the viewer looks after, by employee number, each with `account_state`.

    `account_state` is "active" (has set a password), "code" (a code waits to be used) or "none".

    Raises:
        PermissionDenied: the viewer looks after no accounts.
    """
    policies.require(viewer, "administer_accounts")
    unusable = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    password = User.objects.filter(~unusable, person=OuterRef("pk"))
    code = ActivationCode.objects.filter(user__person=OuterRef("pk"), requested=False, expires_on__gte=timezone.today())
    state = Case(
        When(Exists(code), then=Value("code")),
        When(Exists(password), then=Value("active")),
        default=Value("none"),
        output_field=CharField(),
    )
    people = people_for(viewer=viewer, text=words, unit=unit).exclude(pk=viewer.pk)
    return people.annotate(account_state=state)


def people_who_can_sign_in() -> QuerySet[Person]:
    """Those who work here and have chosen a password; everybody, where one click signs in."""
    if policies.demo_sign_in_is_open():
        return active_people()
    users = User.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return active_people().filter(pk__in=users.values("person"))


def without_sign_in(*, viewer: Person) -> int:
    """How many of those for whom the viewer may issue codes have not set a password yet."""
    people: QuerySet[Any] = people_and_accounts(viewer=viewer)
    return people.exclude(account_state="active").count()


def people_without_access(*, viewer: Person, unit: Unit | None = None, words: str = "") -> list[int]:
    """The ids of those among `people_and_accounts` who have neither a password nor a code that waits."""
    people: QuerySet[Any] = people_and_accounts(viewer=viewer, unit=unit, words=words)
    return list(people.filter(account_state="none").values_list("pk", flat=True))


def roles_with_places(*, viewer: Person) -> list[tuple[Role, Unit]]:
    """The viewer's own roles today and where they hold them."""
    units = Unit.objects.in_bulk([grant.unit_id for grant in viewer.grants])
    return [(grant.role, units[grant.unit_id]) for grant in viewer.grants]


def names_of_accounts(ids: list[str]) -> dict[str, str]:
    """Account ids to the names of their people; for the audit trail."""
    return {str(pk): name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "person__name")}


def account_ids_of(person_id: int) -> list[str]:
    """The ids under which a person's account stands in the audit trail."""
    return [str(pk) for pk in User.objects.filter(person_id=person_id).values_list("pk", flat=True)]


@dataclass(frozen=True)
class DemoGroup:
    """People of the sample enterprise who hold one role; `role` is None for plain employees."""

    role: Role | None
    people: Sequence[Person]

    @property
    def label(self) -> str:
        return str(self.role.label) if self.role else _("employee")


def demo_people() -> list[DemoGroup]:
    """Some people for each role, and plain employees; nobody outside the sample enterprise."""
    if not policies.demo_sign_in_is_open():
        return []
    groups = [DemoGroup(role, list(_examples_of(role))) for role in Role]
    plain = active_people().filter(role_grants__isnull=True, employments__ended_on__isnull=True)
    plain = plain.filter(employments__isnull=False).order_by("employee_no")[:_PLAIN_EMPLOYEES]
    employees = DemoGroup(None, list(plain))
    return [group for group in [employees, *groups] if group.people]


def _examples_of(role: Role) -> QuerySet[Person]:
    return (
        active_people()
        .filter(
            role_grants__role=role, role_grants__ended_on__isnull=True, role_grants__started_on__lte=timezone.today()
        )
        .distinct()
        .order_by("employee_no")[:_EXAMPLES_A_ROLE]
    )
