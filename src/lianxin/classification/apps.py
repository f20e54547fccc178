from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassificationConfig(AppConfig):
    name = "lianxin.classification"
    label = "classification"
    verbose_name = _("classification of cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.cases.events import category_panels, fields_decided, suggestions  # noqa: PLC0415 - models are ready only now
        from lianxin.classification import receivers  # noqa: PLC0415
        from lianxin.classification.queries.suggestions import offers_for  # noqa: PLC0415
        from lianxin.classification.views import panel_of_categories  # noqa: PLC0415

        fields_decided.connect(receivers.note_decided_fields)
        suggestions.register(offers_for)
        category_panels.register(panel_of_categories)
