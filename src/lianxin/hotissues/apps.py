from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HotIssuesConfig(AppConfig):
    name = "lianxin.hotissues"
    label = "hotissues"
    verbose_name = _("hot issues")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.cases.events import (  # noqa: PLC0415 - models are ready only now
            case_sealed,
            case_sight_changed,
            cases_understood,
            give_notices_by,
        )
        from lianxin.hotissues import receivers  # noqa: PLC0415
        from lianxin.hotissues.enums import WarningNotice  # noqa: PLC0415
        from lianxin.hotissues.queries.early_warning.inbox import standing_of_warnings  # noqa: PLC0415
        from lianxin.hotissues.queries.early_warning.rules import RULE, names_of_rules  # noqa: PLC0415
        from lianxin.hotissues.views.navigation import register_navigation  # noqa: PLC0415
        from lianxin.hotissues.views.notices import notices_of_case  # noqa: PLC0415
        from lianxin.hotissues.workflow import SUBJECT  # noqa: PLC0415
        from lianxin.notifications.events import register_subject  # noqa: PLC0415
        from lianxin.org.events import names_changed  # noqa: PLC0415
        from lianxin.org.queries import Kind, register_kind  # noqa: PLC0415

        cases_understood.connect(receivers.assign_understood_cases)
        case_sealed.connect(receivers.forget_sealed_case)
        case_sight_changed.connect(receivers.take_back_warnings)
        names_changed.connect(receivers.read_index_anew)
        give_notices_by(notices_of_case)
        register_subject(
            SUBJECT,
            sentences=WarningNotice,
            url=lambda warning_id: reverse("hotissues:warning", args=[warning_id]),
            icons=dict.fromkeys(WarningNotice, "alert-triangle"),
            duties=list(WarningNotice),
            pressing=(WarningNotice.DANGER, WarningNotice.DANGER_WAITS),
            standing=standing_of_warnings,
        )
        changed = {"change": pgettext_lazy("in the record", "changed")}
        register_kind(RULE, Kind(_("early warning rule"), changed, names_of_rules))
        register_navigation()
