"""Where staff can go: the entries of the desk's navigation."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from lianxin.accounts.queries import viewer as viewer_of
from lianxin.cases import queries
from lianxin.cases.services.settings import may_set
from lianxin.ui.navigation import SETTINGS, Entry, register


def register_desk_navigation() -> None:
    """Put the desk's pages and the settings into the navigation; called when the application starts."""

    def has_desk(request: HttpRequest) -> bool:
        return request.user.is_authenticated and queries.has_desk(viewer_of(request))

    def sets(request: HttpRequest) -> bool:
        return request.user.is_authenticated and may_set(viewer_of(request))

    def waiting(request: HttpRequest) -> int:
        return queries.awaiting_count(viewer=viewer_of(request))

    register(
        Entry(
            area="desk",
            label=gettext_lazy("Work list"),
            url_name="cases:desk",
            icon="list-details",
            order=10,
            visible=has_desk,
            badge=waiting,
            also=("cases:case", "cases:act"),
        )
    )
    register(
        Entry(
            area="desk",
            label=gettext_lazy("My cases"),
            url_name="cases:mine",
            icon="messages",
            order=80,
            visible=has_desk,
        )
    )
    for label, name, icon, order in (
        (gettext_lazy("Categories"), "cases:categories", "tag", 66),
        (gettext_lazy("Time limits"), "cases:clocks", "clock", 67),
    ):
        register(Entry(area="desk", label=label, url_name=name, icon=icon, order=order, visible=sets, group=SETTINGS))
