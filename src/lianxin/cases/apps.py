from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def _signed_out(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


class CasesConfig(AppConfig):
    name = "lianxin.cases"
    label = "cases"
    verbose_name = _("cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.cases import receivers  # noqa: PLC0415
        from lianxin.cases.queries import standing_of_cases, titles_of_cases  # noqa: PLC0415 - models are ready only now
        from lianxin.cases.services import intake, requester, spooled  # noqa: PLC0415 - models are ready only now
        from lianxin.cases.views.navigation import register_desk_navigation  # noqa: PLC0415 - models are ready only now
        from lianxin.cases.workflow.notifications import DUTIES, SUBJECT, CaseNotice  # noqa: PLC0415 - models are ready only now
        from lianxin.kernel import spool  # noqa: PLC0415
        from lianxin.notifications.events import register_subject  # noqa: PLC0415
        from lianxin.org.events import person_left, role_ended  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register  # noqa: PLC0415

        spool.handled_by(spooled.NEW_CASE, intake.deliver_case)
        spool.handled_by(spooled.ACT, requester.deliver_act, shorten=spooled.shortened)
        person_left.connect(receivers.return_cases_of)
        role_ended.connect(receivers.return_cases_of)
        register_subject(
            SUBJECT,
            sentences=CaseNotice,
            url=lambda case_id: reverse("cases:case", args=[case_id]),
            duties=DUTIES,
            standing=standing_of_cases,
            titles=titles_of_cases,
        )
        register(
            Entry(
                area="employee",
                label=_("Submit a case"),
                url_name="cases:submit",
                icon="message-plus",
                order=20,
                main=True,
            )
        )
        register(
            Entry(
                area="employee",
                label=_("Receipt"),
                url_name="cases:receipt",
                icon="receipt",
                order=30,
                visible=_signed_out,
                also=("cases:receipt_case",),
            )
        )
        register_desk_navigation()
