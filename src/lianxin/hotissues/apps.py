from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HotIssuesConfig(AppConfig):
    name = "lianxin.hotissues"
    label = "hotissues"
    verbose_name = _("hot issues")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.cases.events import case_sealed  # noqa: PLC0415 - models are ready only now
        from lianxin.classification.events import cases_understood  # noqa: PLC0415
        from lianxin.hotissues import receivers  # noqa: PLC0415
        from lianxin.hotissues.events import page_tabs  # noqa: PLC0415
        from lianxin.hotissues.views.navigation import register_navigation  # noqa: PLC0415
        from lianxin.hotissues.views.places import issue_tabs  # noqa: PLC0415
        from lianxin.org.events import names_changed  # noqa: PLC0415

        cases_understood.connect(receivers.assign_understood_cases)
        case_sealed.connect(receivers.forget_sealed_case)
        names_changed.connect(receivers.read_index_anew)
        page_tabs.register(issue_tabs)
        register_navigation()
