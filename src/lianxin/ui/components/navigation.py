"""The bars that every page bears."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianxin.ui.components.base import NOTHING, DrawnComponent, attribute
from lianxin.ui.components.display import Text, draw_icon
from lianxin.ui.markup import format_html, format_html_join
from lianxin.ui.navigation import Area, Place


@dataclass(frozen=True, kw_only=True)
class NavigationBar(DrawnComponent):
    """The places to go in an area, with what waits behind each; nothing where there is no place."""

    MOST_SHOWN: ClassVar[int] = 99
    label: Text
    area: Area
    places: Sequence[Place]

    def draw(self) -> SafeString:
        if not self.places:
            return NOTHING
        places = format_html_join("", "{}", ((self._place(place),) for place in self.places))
        return format_html(
            '<nav class="nav-{}" aria-label="{}">\n<ul>\n{}</ul>\n</nav>\n', self.area, self.label, places
        )

    def _place(self, place: Place) -> SafeString:
        return format_html(
            '<li><a href="{}"{}{}>{}<span class="nav-label">{}</span>{}</a></li>\n',
            place.url,
            attribute("aria-current", "page" if place.current else ""),
            attribute("class", "nav-main" if place.main else ""),
            draw_icon(place.icon),
            place.label,
            self._waiting(place.badge) if place.badge else NOTHING,
        )

    def _waiting(self, number: int) -> SafeString:
        return format_html(
            '<span class="count">{}<span class="visually-hidden"> {}</span></span>',
            f"{self.MOST_SHOWN}+" if number > self.MOST_SHOWN else number,
            _("waiting"),
        )
