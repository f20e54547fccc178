from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "lianxin.statistics"
    label = "statistics"
    verbose_name = _("statistics")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.cases.events import cases_changed  # noqa: PLC0415
        from lianxin.statistics import access, receivers  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register, visible_to  # noqa: PLC0415

        cases_changed.connect(receivers.count_changed_cases, dispatch_uid="statistics")

        register(
            Entry(
                area="desk",
                label=_("Statistics"),
                url_name="statistics:figures",
                icon="chart-bar",
                order=30,
                visible=visible_to(access.sees_figures),
                also=("statistics:figure_cases",),
            )
        )
