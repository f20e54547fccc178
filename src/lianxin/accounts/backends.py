"""Who an employee number or phone, with a password, belongs to."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from lianxin.accounts.models import User
from lianxin.accounts.queries import account_of
from lianxin.kernel import clock
from lianxin.kernel.rows import columns, instances, prepared
from lianxin.org.queries import ROLES_TODAY, UNIT_TODAY, Person, Unit

_ACCOUNT = f"""
    SELECT {columns(User, "account")}, {columns(Person, "person")}, {columns(Unit, "unit")}, roles.held
    FROM "accounts_user" account JOIN org_person person ON person.id = account.person_id
    LEFT JOIN {UNIT_TODAY} JOIN {ROLES_TODAY}
    WHERE account.id = %(account)s
"""  # noqa: S608 - names of our own columns


class EmployeeBackend(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002 - Django's signature
        username: str = "",
        password: str = "",
        **_: Any,
    ) -> User | None:
        """The account, if the password is its own and it may sign in.

        An unknown account takes as long as a wrong password.
        """
        user = account_of(username)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.may_sign_in else None

    def get_user(self, user_id: int) -> User | None:
        """The account of a session; nobody once it is closed or its person has left."""
        with prepared() as cursor:
            cursor.execute(_ACCOUNT, {"account": user_id, "today": clock.today()})
            row = cursor.fetchone()
        if row is None:
            return None
        user: User
        *read, held = row
        user, user.person, user.person.unit = instances(read, User, Person, Unit)
        user.person.hold(held)
        return user if user.may_sign_in else None
