from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class HotIssuesConfig(AppConfig):
    name = "lianxin.hotissues"
    label = "hotissues"
    verbose_name = _("hot issues")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lianxin.accounts.queries import viewer as viewer_of  # noqa: PLC0415 - models are ready only now
        from lianxin.cases.events import case_sealed, cases_understood  # noqa: PLC0415
        from lianxin.hotissues.policies import sees_hot_issues  # noqa: PLC0415
        from lianxin.hotissues.services import placing  # noqa: PLC0415
        from lianxin.ui.navigation import Entry, register  # noqa: PLC0415

        def sees(request: HttpRequest) -> bool:
            return request.user.is_authenticated and sees_hot_issues(viewer_of(request))

        cases_understood.subscribe(placing.place)
        case_sealed.subscribe(placing.forget)
        register(
            Entry(
                area="desk",
                label=_("Hot issues"),
                url_name="hotissues:hot",
                icon="flame",
                order=20,
                visible=sees,
                also=(
                    "hotissues:issue",
                    "hotissues:picture",
                    *(f"hotissues:{name}" for name in ("rename", "merge", "confirm", "cases")),
                ),
            )
        )
