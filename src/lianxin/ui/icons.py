"""The icons of the sprite; `assets/icons.json` lists them."""

import json
from functools import cache
from pathlib import Path

from django.templatetags.static import static

TONE_ICONS = {"info": "info-circle", "success": "circle-check", "warning": "alert-triangle", "danger": "alert-circle"}


@cache
def icon_names() -> frozenset[str]:
    return frozenset(json.loads((Path(__file__).parent / "assets" / "icons.json").read_text(encoding="utf-8")))


@cache
def icon_url(name: str) -> str:
    """Where the icon lies in the sprite.

    Raises:
        ValueError: the sprite has no such icon.
    """
    if name not in icon_names():
        raise ValueError(f"No icon {name!r} in the sprite; add it to ui/assets/icons.json and build the assets")
    return f"{static('lianxin/built/icons.svg')}#{name}"
