from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "lianxin.home"
    label = "dashboards"
    verbose_name = _("home pages")

    def ready(self) -> None:
        from lianxin.ui.navigation import Entry, register  # noqa: PLC0415 - translations are ready only now

        register(
            Entry(
                area="employee",
                label=_("Home"),
                url_name="dashboards:home",
                icon="home",
                order=10,
                also=("cases:mine", "cases:case", "cases:spoken"),
            )
        )
        register(Entry(area="desk", label=_("Today"), url_name="dashboards:home", icon="home", order=1))
