from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.rows import Statement


class NotificationsConfig(AppConfig):
    name = "lianxin.notifications"
    label = "notifications"
    verbose_name = _("inbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.accounts.queries import viewer  # noqa: PLC0415 - models are ready only now
        from lianxin.notifications.queries import unread  # noqa: PLC0415
        from lianxin.notifications.services import forget_who_left  # noqa: PLC0415
        from lianxin.org import events  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register  # noqa: PLC0415

        events.person_left.subscribe(forget_who_left)

        def signed_in(request: HttpRequest) -> bool:
            return request.user.is_authenticated

        def waiting(request: HttpRequest) -> Statement:
            return unread(viewer=viewer(request))

        register(
            Entry(
                area="top",
                label=_("Inbox"),
                url_name="notifications:inbox",
                icon="bell",
                visible=signed_in,
                badge=waiting,
            )
        )
