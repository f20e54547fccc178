"""What the contexts above may want to know of the organisation. Handlers run inside the transaction of the act."""

from dataclasses import dataclass
from datetime import date

from lianxin.kernel.events import Event
from lianxin.org.enums import Role


@dataclass(frozen=True)
class PersonLeft:
    """Somebody left; `last_day` is today or earlier, their roles and employment are already ended."""

    person_id: int
    last_day: date
    actor_id: int | None


@dataclass(frozen=True)
class PersonReturned:
    """Somebody who had left is employed again."""

    person_id: int
    actor_id: int | None


@dataclass(frozen=True)
class PersonCorrected:
    """Somebody's name, employee number or phone was put right; the new number is the one to sign in with."""

    person_id: int
    employee_no: str
    actor_id: int | None


@dataclass(frozen=True)
class RoleGranted:
    """Somebody was charged with a role, from today or a later day on."""

    person_id: int
    role: Role
    actor_id: int | None


@dataclass(frozen=True)
class NamesChanged:
    """The enterprise's lists of places and equipment changed."""

    actor_id: int | None


person_left: Event[PersonLeft] = Event("org.person_left")
person_returned: Event[PersonReturned] = Event("org.person_returned")
person_corrected: Event[PersonCorrected] = Event("org.person_corrected")
role_granted: Event[RoleGranted] = Event("org.role_granted")
names_changed: Event[NamesChanged] = Event("org.names_changed")
