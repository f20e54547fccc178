from functools import partial

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

PLACES = (
    (_("Units"), "org:units", "sitemap", "browse_organisation", ("org:unit",)),
    (_("Party organisations"), "org:party", "flag-3", "browse_organisation", ("org:party_organisation",)),
    (
        _("Places and equipment"),
        "org:names",
        "map-pin",
        "administer_organisation",
        ("org:add_names", "org:change_name", "org:remove_name"),
    ),
    (_("People"), "org:people", "users", "browse_organisation", ("org:person",)),
    (_("Roster"), "org:rosters", "file-spreadsheet", "import_roster", ("org:roster", "org:roster_columns")),
    (
        _("Roles"),
        "org:roles",
        "key",
        "browse_organisation",
        ("org:grant_role", "org:grant_many", "org:end_role", "org:role_rosters"),
    ),
    (_("Calendar"), "org:calendar", "calendar", "administer_organisation", ("org:calendar_year",)),
    (_("Audit trail"), "org:trail", "history", "read_audit_trail", ()),
)
"""The navigation of those who may: label, address, icon, action, further pages on which it is the present place."""


def _may(action: str, request: HttpRequest) -> bool:
    from lianxin.org.policies import may  # noqa: PLC0415 - models are ready only when pages are asked for

    return request.user.is_authenticated and may(request.user.person, action)


class OrgConfig(AppConfig):
    name = "lianxin.org"
    label = "org"
    verbose_name = _("organisation")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.org import queries  # noqa: PLC0415 - models are ready only now
        from lianxin.ui.autocomplete import register_finder  # noqa: PLC0415
        from lianxin.ui.navigation import ORGANISATION, SETTINGS, Entry, register  # noqa: PLC0415

        register_finder("org:pick_people", queries.pick_people)
        register_finder("org:pick_units", queries.pick_units)
        register_finder("org:pick_party_organisations", queries.pick_party_organisations)
        groups = {
            "org:units": ORGANISATION,
            "org:party": ORGANISATION,
            "org:names": ORGANISATION,
            "org:rosters": ORGANISATION,
            "org:calendar": SETTINGS,
        }

        for order, (label, url_name, icon, action, also) in enumerate(PLACES, start=60):
            visible = partial(_may, action)
            register(
                Entry(
                    area="desk",
                    label=label,
                    url_name=url_name,
                    icon=icon,
                    order=order,
                    visible=visible,
                    also=also,
                    group=groups.get(url_name),
                )
            )
