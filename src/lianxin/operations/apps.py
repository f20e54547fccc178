from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "lianxin.operations"
    label = "operations"
    verbose_name = _("operations")

    def ready(self) -> None:
        from lianxin.home.panels import give_panel_by  # noqa: PLC0415 - models are ready only now
        from lianxin.operations.panels import checklist_panel  # noqa: PLC0415

        give_panel_by(checklist_panel)
