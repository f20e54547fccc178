from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AlertsConfig(AppConfig):
    name = "lianxin.alerts"
    label = "alerts"
    verbose_name = _("alerts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.alerts import receivers  # noqa: PLC0415 - models are ready only now
        from lianxin.alerts.enums import AlertNotification  # noqa: PLC0415
        from lianxin.alerts.queries.inbox import standing_of_alerts  # noqa: PLC0415
        from lianxin.alerts.queries.rules import RULE, names_of_rules  # noqa: PLC0415
        from lianxin.alerts.views.banners import banners_of_case  # noqa: PLC0415
        from lianxin.alerts.views.issues import badges_of_issues, panel_of_issue  # noqa: PLC0415
        from lianxin.alerts.views.navigation import alert_tabs, register_navigation  # noqa: PLC0415
        from lianxin.alerts.workflow import SUBJECT  # noqa: PLC0415
        from lianxin.cases.events import case_sealed, case_sight_changed, give_notices_by  # noqa: PLC0415
        from lianxin.hotissues import events as issues  # noqa: PLC0415
        from lianxin.notifications.events import register_subject  # noqa: PLC0415
        from lianxin.org.events import person_left, role_ended  # noqa: PLC0415
        from lianxin.org.queries import Kind, register_kind  # noqa: PLC0415

        issues.cases_assigned.connect(receivers.look_at_assigned_cases)
        issues.issues_regrouped.connect(receivers.scan_regrouped_issues)
        issues.issues_merged.connect(receivers.follow_merged_issue)
        case_sealed.connect(receivers.forget_sealed_case)
        person_left.connect(receivers.release_alerts_of)
        role_ended.connect(receivers.release_alerts_of)
        case_sight_changed.connect(receivers.take_back_notifications)
        issues.issue_badges.register(badges_of_issues)
        issues.issue_panels.register(panel_of_issue)
        issues.page_tabs.register(alert_tabs)
        give_notices_by(banners_of_case)
        register_subject(
            SUBJECT,
            sentences=AlertNotification,
            url=lambda alert_id: reverse("alerts:alert", args=[alert_id]),
            icons=dict.fromkeys(AlertNotification, "alert-triangle"),
            duties=list(AlertNotification),
            pressing=(AlertNotification.DANGER, AlertNotification.DANGER_WAITS),
            standing=standing_of_alerts,
        )
        changed = {"change": pgettext_lazy("in the record", "changed")}
        register_kind(RULE, Kind(_("early warning rule"), changed, names_of_rules))
        register_navigation()
