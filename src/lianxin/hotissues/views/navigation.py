"""Where one finds hot issues in the navigation."""

from django.utils.translation import gettext_lazy as _

from lianxin.hotissues.policies import sees_hot_issues
from lianxin.ui.navigation import Entry, register, visible_to

PAGES = ("issue", "picture", "rename", "merge", "confirm", "cases")


def register_navigation() -> None:
    """One entry for list and picture, and for what contexts above add to it."""
    register(
        Entry(
            area="desk",
            label=_("Hot issues"),
            url_name="hotissues:hot",
            icon="flame",
            order=20,
            visible=visible_to(sees_hot_issues),
            also=tuple(f"hotissues:{name}" for name in PAGES),
        )
    )
