from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from lianxin.ui import notices


def shell(request: HttpRequest) -> dict[str, Any]:
    """`left_notice`: what the action before this page left to be said. Read only when a page shows it."""
    return {"left_notice": SimpleLazyObject(lambda: notices.take(request))}
