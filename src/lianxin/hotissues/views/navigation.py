"""Where one finds hot issues in the navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.hotissues.policies import sees_hot_issues
from lianxin.kernel.access import viewer_of
from lianxin.ui.navigation import Entry, register

PAGES = ("issue", "picture", "rename", "merge", "confirm", "cases")


def _sees(request: HttpRequest) -> bool:
    return request.user.is_authenticated and sees_hot_issues(viewer_of(request))


def register_navigation() -> None:
    """One entry for list and picture, and for what contexts above add to it."""
    register(
        Entry(
            area="desk",
            label=_("Hot issues"),
            url_name="hotissues:hot",
            icon="flame",
            order=20,
            visible=_sees,
            also=tuple(f"hotissues:{name}" for name in PAGES),
        )
    )
