from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "lianxin.accounts"
    label = "accounts"
    verbose_name = _("accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.accounts import queries, receivers  # noqa: PLC0415 - models are ready only now
        from lianxin.org import events  # noqa: PLC0415
        from lianxin.org.enums import Role  # noqa: PLC0415
        from lianxin.org.queries import Kind, register_kind  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register, visible_to  # noqa: PLC0415

        events.person_left.connect(receivers.close_account_of_leaver)
        events.person_returned.connect(receivers.reopen_account_of_returner)
        events.person_corrected.connect(receivers.rename_account_of_corrected)
        events.role_granted.connect(receivers.check_second_factor_again)
        done = {
            "issue_code": _("sign-in code issued"),
            "remove_second_factor": _("two-step verification turned off"),
        }
        account = Kind(_("account"), done, queries.names_of_accounts, queries.account_ids_of)
        register_kind("account", account)
        me = Entry(area="desk", label=_("Me"), url_name="accounts:profile", icon="user", order=90, also=("cases:help",))
        register(me)
        register(replace(me, area="employee", holds="me"))
        register(
            Entry(
                area="desk",
                label=_("Account activation"),
                url_name="accounts:people",
                icon="key",
                order=50,
                visible=visible_to(lambda viewer: viewer.holds(Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN)),
            )
        )
