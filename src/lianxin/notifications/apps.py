from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NotificationsConfig(AppConfig):
    name = "lianxin.notifications"
    label = "notifications"
    verbose_name = _("inbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.accounts.events import account_activated, code_requested, code_ways  # noqa: PLC0415
        from lianxin.notifications import receivers  # noqa: PLC0415 - models are ready only now
        from lianxin.notifications.enums import AccountNotice  # noqa: PLC0415
        from lianxin.notifications.events import register_subject  # noqa: PLC0415
        from lianxin.notifications.services import letters_go_out  # noqa: PLC0415
        from lianxin.org.events import person_left  # noqa: PLC0415

        person_left.connect(receivers.forget_contacts_of_leaver)
        code_requested.connect(receivers.send_requested_code)
        account_activated.connect(receivers.tell_of_activated_account)
        code_ways.register(letters_go_out)
        register_subject(
            "account",
            sentences=AccountNotice,
            url=lambda _pk: reverse("accounts:profile"),
            icons={AccountNotice.ACTIVATED: "key"},
            duties=[AccountNotice.ACTIVATED],
        )
        _tell_the_trail()
        _register_places()


def _tell_the_trail() -> None:
    from lianxin.notifications.services.channel_test import SUBJECT  # noqa: PLC0415
    from lianxin.org.queries import Kind, register_kind  # noqa: PLC0415

    done = {
        "try": pgettext_lazy("in the record", "test sent"),
        "switch_on": pgettext_lazy("in the record", "email turned on"),
        "again": pgettext_lazy("in the record", "failed messages retried"),
        "set_server": pgettext_lazy("in the record", "mail server set up"),
        "remove_server": pgettext_lazy("in the record", "mail server removed"),
        "taken": pgettext_lazy("in the record", "test message accepted"),
    }
    register_kind(SUBJECT, Kind(_("delivery channel"), done, lambda ids: {channel: channel for channel in ids}))


def _register_places() -> None:
    from lianxin.notifications.policies import keeps_channels  # noqa: PLC0415
    from lianxin.notifications.queries import unread_count  # noqa: PLC0415
    from lianxin.ui.navigation import SETTINGS, Entry, register, visible_to  # noqa: PLC0415

    mail = Entry(
        area="desk",
        label=pgettext_lazy("navigation", "Email"),
        url_name="notifications:channel",
        icon="mail",
        order=68,
        visible=visible_to(keeps_channels),
        also=("notifications:try_channel", "notifications:mail_server", "notifications:remove_mail_server"),
        group=SETTINGS,
    )
    inbox = Entry(
        area="top",
        label=_("Inbox"),
        url_name="notifications:inbox",
        icon="bell",
        visible=visible_to(),
        count=lambda viewer: unread_count(viewer=viewer),
    )
    register(mail)
    register(inbox)
