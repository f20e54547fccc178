from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "lianxin.dashboards"
    label = "dashboards"
    verbose_name = _("first pages")

    def ready(self) -> None:
        from lianxin.accounts.queries import viewer as viewer_of  # noqa: PLC0415 - models are ready only now
        from lianxin.cases.queries import figures as queries  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register  # noqa: PLC0415 - translations are ready only now

        register(
            Entry(
                area="employee",
                label=_("Home"),
                url_name="dashboards:home",
                icon="home",
                order=10,
                also=("cases:mine", "cases:case"),
            )
        )
        register(Entry(area="desk", label=_("Today"), url_name="dashboards:home", icon="home", order=1))

        def sees_figures(request: HttpRequest) -> bool:
            return request.user.is_authenticated and queries.sees_figures(viewer_of(request))

        register(
            Entry(
                area="desk",
                label=_("Figures"),
                url_name="dashboards:figures",
                icon="chart-bar",
                order=30,
                visible=sees_figures,
                also=("dashboards:figure_cases",),
            )
        )
