from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lianxin.accounts.models import User


def viewer(request: HttpRequest) -> dict[str, Any]:
    """`viewer`: the person who is signed in, or None. Read only when a page shows it. `demo`: the sample enterprise."""

    def person() -> object:
        user = getattr(request, "user", None)
        return user.person if isinstance(user, User) else None

    return {"viewer": SimpleLazyObject(person), "demo": settings.DEMO}
