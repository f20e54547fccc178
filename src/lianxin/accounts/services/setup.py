"""The first set-up of an empty system: the enterprise and its three administrators."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.accounts import queries
from lianxin.accounts.models import SetupCode
from lianxin.accounts.services.codes import Slip, code_hash, issue_codes_by_system, matches, new_code
from lianxin.kernel.errors import ValidationFailed
from lianxin.org.enums import Role
from lianxin.org.services import add_person, found_enterprise, grant_role

_ENTERPRISE_CODE = "1"
_OF = "set-up"


class Newcomer(NamedTuple):
    """Who is to be an administrator."""

    name: str
    employee_no: str


@transaction.atomic
def issue_setup_code() -> str | None:
    """A new one-time code for the first set-up, which voids an earlier one; None when the system is set up."""
    if not queries.setup_is_open():
        return None
    code = new_code()
    SetupCode.objects.update_or_create(pk=1, defaults={"code_hash": code_hash(code, of=_OF)})
    return code


def setup_code_is_right(code: str) -> bool:
    """Whether this is the code that the first start printed."""
    kept = SetupCode.objects.first()
    return kept is not None and matches(kept.code_hash, code, of=_OF)


@transaction.atomic
def set_up(*, code: str, enterprise: str, administrators: Mapping[Role, Newcomer], batch: str = "") -> list[Slip]:
    """Found the enterprise, charge its administrators, and return a slip for each of them; `batch` as in `issue_codes`.

    Raises:
        ValidationFailed: the code is wrong or used up, or a name or number cannot be taken.
    """
    kept = SetupCode.objects.select_for_update().first()
    if kept is None or not matches(kept.code_hash, code, of=_OF):
        raise ValidationFailed({"code": _("This is not the setup code printed at first start.")})
    root = found_enterprise(actor=None, name=enterprise, code=_ENTERPRISE_CODE)
    people = []
    for role, newcomer in administrators.items():
        person = add_person(
            actor=None, name=newcomer.name, employee_no=newcomer.employee_no, unit_id=root.pk, job_title=str(role.label)
        )
        grant_role(actor=None, person_id=person.pk, role=role, unit_id=root.pk)
        people.append(person)
    kept.delete()
    return issue_codes_by_system(people=people, batch=batch)
