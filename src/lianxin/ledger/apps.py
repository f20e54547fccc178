from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "lianxin.ledger"
    label = "ledger"
    verbose_name = _("record")
    default_auto_field = "django.db.models.BigAutoField"
