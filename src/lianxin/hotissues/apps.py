from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HotIssuesConfig(AppConfig):
    name = "lianxin.hotissues"
    label = "hotissues"
    verbose_name = _("hot issues")
    default_auto_field = "django.db.models.BigAutoField"
