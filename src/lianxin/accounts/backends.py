"""Who an employee number or phone, with a password, belongs to."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from lianxin.accounts.models import User
from lianxin.accounts.queries import account_of


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
        user = User.objects.filter(pk=user_id).first()
        return user if user is not None and user.may_sign_in else None
