"""Where staff can go: the entries of the desk's navigation."""

from django.utils.translation import gettext_lazy as _

from lianxin.cases import queries
from lianxin.cases.queries.posters import may_post
from lianxin.cases.services.settings import may_set
from lianxin.org.queries import Person
from lianxin.ui.navigation import SETTINGS, Entry, register, visible_to


def _waiting(viewer: Person) -> int:
    return queries.awaiting(viewer=viewer)


def register_desk_navigation() -> None:
    """Put the desk's pages and the settings into the navigation; called when the application starts."""
    at_desk, posting, setting = visible_to(queries.has_desk), visible_to(may_post), visible_to(may_set)
    work_list = Entry(
        area="desk",
        label=_("Work list"),
        url_name="cases:desk",
        icon="list-details",
        order=10,
        visible=at_desk,
        count=_waiting,
        also=(
            "cases:case",
            "cases:act",
            "cases:accept_selected",
            "cases:find_requester",
            "cases:reply_templates",
            "cases:add_reply_template",
            "cases:change_reply_template",
        ),
    )
    register(work_list)
    for label, name, icon, order, visible, group in (
        (_("Posters"), "cases:posters", "qrcode", 85, posting, None),
        (_("Categories"), "cases:categories", "tag", 66, setting, SETTINGS),
        (_("SLA rules"), "cases:clocks", "clock", 67, setting, SETTINGS),
    ):
        register(Entry(area="desk", label=label, url_name=name, icon=icon, order=order, visible=visible, group=group))
