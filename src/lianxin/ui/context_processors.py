from typing import Any

from django.http import HttpRequest

from lianxin.ui.navigation import frame_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """`frame`: the base template for a page that everybody has; asked only by a page that extends it."""
    return {"frame": lambda: frame_of(request)}
